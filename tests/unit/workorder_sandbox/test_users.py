"""The last user stops the database, unless somebody asked to keep it."""

from workorder_sandbox.users import Users


def test_last_user_to_leave_is_told_so(tmp_path):
    first, second = Users(tmp_path), Users(tmp_path)
    first.enter()
    second.enter()

    assert not first.leave()
    assert second.leave()


def test_database_to_be_kept_is_not_stopped_by_the_last_user(tmp_path):
    user = Users(tmp_path)
    user.enter()
    user.keep()

    assert not user.leave()


def test_keeping_ends_when_it_is_taken_back(tmp_path):
    user = Users(tmp_path)
    user.keep()
    user.forget()
    user.enter()

    assert user.leave()


def test_who_never_used_it_stops_nothing(tmp_path):
    assert not Users(tmp_path).leave()
