"""A step is done only if it ended well, from the same ingredients."""

from workorder_sandbox.stamps import digest, is_done, write_whole


def test_stamp_from_other_ingredients_does_not_count(tmp_path):
    stamp = tmp_path / "step"
    write_whole(stamp, digest(["a"]))

    assert is_done(stamp, digest(["a"]))
    assert not is_done(stamp, digest(["b"]))


def test_missing_stamp_means_not_done(tmp_path):
    assert not is_done(tmp_path / "step", digest([]))


def test_digest_tells_where_one_part_ends():
    assert digest(["ab", "c"]) != digest(["a", "bc"])


def test_secret_is_for_its_owner_alone(tmp_path):
    write_whole(tmp_path / "secret", "x", 0o600)

    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
