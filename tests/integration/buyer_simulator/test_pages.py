"""What a clerk sees and does."""

from .conftest import Service, invoice


def test_empty_lists_say_so(service: Service) -> None:
    service.post("control/reset", {"seed": "empty"})
    assert "No invoices yet" in service.page("/")
    assert "No purchase orders yet" in service.page("/orders")


def test_the_register_shows_balances(service: Service) -> None:
    service.post("invoices", invoice(), 201)
    text = service.page("/orders")
    for shown in (
        "Mercy General Hospital",
        "4500017788",
        "708.00 USD billed of 1,121.40 USD, 413.40 USD left",
        "M-700208",
    ):
        assert shown in text, shown


def test_an_invoice_shows_its_reasons_at_the_line(service: Service) -> None:
    wrong = invoice()
    wrong["lines"][0]["po_line"] = "20"
    service.post("invoices", wrong, 201)
    assert "0 of 1 matched" in service.page("/invoices")
    text = service.page("/invoices/1")
    assert "Item M-700114 is not what line 20 orders (M-700208)." in text
    assert "line 1" in text
    assert '<tr class="marked">' in text
    assert "Decide" not in text


def test_buttons_accept_pay_and_reject_with_a_reason(service: Service) -> None:
    service.post("invoices", invoice(), 201)
    assert "Matches purchase order, receipts and vendor rules." in service.page("/invoices/1")
    for action, state in (("accept", "accepted"), ("pay", "paid")):
        answer = service.call("POST", "/invoices/1", data={"action": action})
        assert f">{state}<" in answer.text
    # Nothing is left of the line, so this one has to be of another order.
    other = invoice("INV-2", purchase_order="4500017822", untaxed="236", total="236")
    other["lines"][0] |= {"quantity": 2, "amount": 236}
    service.post("invoices", other, 201)
    silent = service.call("POST", "/invoices/2", data={"action": "reject"})
    assert silent.status_code == 409
    assert "Say why" in silent.text
    told = service.call("POST", "/invoices/2", data={"action": "reject", "note": "Leak came back", "code": "QUA"})
    assert "Leak came back" in told.text
    assert service.get("invoices/2")["reasons"] == [{"code": "QUA", "line": None, "message": "Leak came back"}]


def test_nonsense_from_a_form_is_refused_on_the_page(service: Service) -> None:
    service.post("invoices", invoice(), 201)
    for form in (
        {},
        {"action": "burn"},
        {"action": "reject", "note": "x", "code": "ZZZ"},
        {"action": "accept", "note": "x" * 3000},
    ):
        answer = service.call("POST", "/invoices/1", data=form)
        assert answer.status_code == 400
        assert "not something a clerk can do" in answer.text
    assert service.call("POST", "/invoices/9", data={"action": "accept"}).status_code == 404


def test_text_from_a_supplier_is_escaped(service: Service) -> None:
    service.post("invoices", invoice("<b>1", supplier="<script>alert(1)</script>"), 201)
    for path in ("/invoices", "/invoices/1"):
        assert "<script" not in service.page(path)
