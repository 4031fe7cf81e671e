"""The whole way with an API key of the connector's own user: JSON-2 carries every call to Odoo, no password is set."""

import json
import re

#: All that the bridge asks of Odoo in a run that sends one batch: nobody logs in.
RUN = ["changes_since", "claim", "register_payments", "settle", "summary"]
CALL = re.compile(r'"POST /json/2/work\.order\.destination/(\w+) HTTP/1\.[01]" 200')
WAIT = 60


def said(bridge, *arguments):
    process = bridge.start(*arguments)
    out, told = process.communicate(timeout=WAIT)
    assert "Traceback" not in told, told
    return process.returncode, out, told


def calls_in_log(office):
    return CALL.findall(office.server.log_path.read_text())


def test_invoice_goes_out_and_its_payment_comes_back(office, company, keyed):
    numbers = office.post_tickets(1)
    before = len(calls_in_log(office))
    assert keyed.sync()["exit_code"] == 0
    booked = company.invoices()
    assert office.rows(numbers) == {number: ("received", booked[number][0]) for number in numbers}
    # The first run reads the company's lists, for which it may need more leave than comes with the claim.
    assert sorted(call for call in calls_in_log(office)[before:] if call != "take_calls") == RUN
    company.control("payments", {"invoice_id": booked[numbers[0]][0]})
    assert keyed.sync()["exit_code"] == 0
    assert {state for state, _ in office.rows(numbers).values()} == {"paid"}


def test_settlement_whose_answer_is_lost_is_repeated_in_the_same_run(office, company, keyed):
    numbers = office.post_tickets(2)
    trap = keyed.to_odoo.set_trap(lambda path, _body: path.endswith("/settle"), after=True)
    process = keyed.start("sync", "--json")
    assert trap.caught.wait(WAIT), process.poll()
    trap.dropped.set()
    out, told = process.communicate(timeout=WAIT)
    assert process.returncode == 0, out + told
    booked = company.invoices()
    assert office.rows(numbers) == {number: ("received", booked[number][0]) for number in numbers}
    assert all(len(booked[number]) == 1 for number in numbers)


def test_wrong_key_stops_before_anything_is_claimed(office, company, keyed, new_api_key, tmp_path):
    numbers = office.post_tickets(1)
    keyed.use_key("0123456789abcdef", tmp_path / "wrong")
    code, out, told = said(keyed, "sync")
    assert code == 2
    assert "Odoo does not accept the API key" in told + out
    assert "0123456789abcdef" not in told + out
    assert {state for state, _ in office.rows(numbers).values()} == {"ready"}
    keyed.use_key(new_api_key(office.server, "bridge", "bridge"), tmp_path / "right")
    keyed.sync()
    assert {state for state, _ in office.rows(numbers).values()} == {"received"}


def test_database_that_is_not_there_is_named(office, keyed):
    keyed.environment["WORKORDER_ODOO_DATABASE"] = "nowhere"
    code, _, told = said(keyed, "status")
    assert code == 2
    assert "There is no Odoo with database nowhere at http://127.0.0.1" in told


def test_status_warns_of_a_key_that_ends_soon(office, company, keyed, new_api_key, tmp_path):
    code, _, told = said(keyed, "status")
    assert (code, told) == (0, "")
    keyed.use_key(new_api_key(office.server, "bridge", "bridge", days=5), tmp_path / "short")
    code, out, told = said(keyed, "status", "--json")
    assert code == 1
    assert f"API key ends on {json.loads(out)['odoo_access_ends'][:10]} at" in told


def test_connectors_key_reaches_the_hand_off_and_nothing_else(office, company, keyed):
    """What the connector may not do with its password, it may not do with its key."""
    (number,) = office.post_tickets(1)
    keyed.sync()
    for command in (("preflight", "--from-odoo", number), ("mappings", "coverage")):
        code, out, told = said(keyed, *command)
        assert code == 2, out + told


def test_keys_of_people_carry_preflight_and_mapping_tables(office, keyed, new_api_key, tmp_path):
    (number,) = office.post_tickets(1)
    keyed.sync()
    key = new_api_key(office.server, office.server.login, office.server.password)
    keyed.use_key(key, tmp_path / "persons")
    code, out, told = said(keyed, "preflight", "--json", "--from-odoo", number)
    assert (json.loads(out)["number"], told) == (number, ""), code
    code, out, _ = said(keyed, "mappings", "export", "--json", str(tmp_path / "tables"))
    assert code == 0
    assert (tmp_path / "tables" / "item_codes.csv").exists()
