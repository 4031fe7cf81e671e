"""The accounts payable (AP) department of a buyer, on loopback.

It keeps a register of purchase orders, receipts, work orders and a matching policy in memory, takes suppliers'
invoices over HTTP on 127.0.0.1, and knows nothing of any program that talks to it. Rules carry their source in their
docstring: V was checked against a schema or grammar, D is vendor documentation, M is from memory and may differ from a
real buyer.

Everything below ``/api`` is JSON. Amounts and quantities may be strings or numbers and are kept exactly; days are
``YYYY-MM-DD``. A body with an unknown property, or a value that does not fit, is refused whole (422) with every error:
``{"errors": [{"where": "lines.0.quantity", "value": "many", "expected": "…"}]}``. The properties, with their meaning
and defaults, are those of the classes in :mod:`buyer_simulator.records`.

``GET PUT /api/policy``
    The vendor rules, a `Policy`; what is left out is at its default.
``GET POST /api/purchase-orders`` and ``GET PUT /api/purchase-orders/NUMBER``
    Each `PurchaseOrder` with its balances; POST adds or replaces one or a list.
``GET POST /api/receipts``
    Goods receipts and approved service entries: one `Receipt` or a list; each adds to what has arrived.
``GET POST /api/work-orders``
    What the buyer's facility desk knows of jobs: one `WorkOrder` or a list.
``POST /api/invoices``
    One `Invoice`: 201 with its id, state and the match result with all reasons. With an ``Idempotency-Key`` a repeated
    request gets the first answer again and nothing is booked twice; the same key with another body is refused (422).
    Without one, a repeated number is a duplicate, as anywhere.
``GET /api/invoices`` and ``GET /api/invoices/ID``
    All, newest last, narrowed by ``?state=`` and ``?number=``; or one. Each with its history.
``POST /api/invoices/ID/process``, ``/accept``, ``/reject``, ``/dispute``, ``/pay``
    What a clerk does: ``{"by": "…", "note": "…", "code": "OTH"}``; 409 where the state does not allow it.
``POST /api/control/reset`` and ``POST /api/control/today``
    Start over, ``{"seed": "empty"}`` or ``"demo"``; set the day, ``{"today": "2026-03-01"}``, null for the machine's.

A reason is ``{"code": "PRI", "line": 2, "message": "…"}``: a code of Peppol's list OPStatusReason (V) - REF references,
ITM items, QTY quantities, PRI prices, DEL delivery, FIN finance, PAY payment terms, LEG legal, OTH other - the
invoice's line number or null, and a sentence as a clerk would write it.
"""
