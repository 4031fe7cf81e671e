"""Policy, purchase orders, receipts, work orders."""

from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from buyer_simulator.office.department import Department
from buyer_simulator.records.order import PurchaseOrder
from buyer_simulator.records.policy import Policy
from buyer_simulator.records.receipt import Receipt
from buyer_simulator.records.values import key
from buyer_simulator.records.work_order import WorkOrder
from buyer_simulator.web.answers import one_error, order_json
from buyer_simulator.web.reading import Refused, problem, read, read_bytes
from buyer_simulator.web.service import Service

T = TypeVar("T")


class RegisterRoutes:
    """What the buyer's own people enter."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.routes = [
            Route("/api/policy", self._policy, methods=["GET"]),
            Route("/api/policy", self._set_policy, methods=["PUT", "POST"]),
            Route("/api/purchase-orders", self._orders, methods=["GET"]),
            Route("/api/purchase-orders", self._put_orders, methods=["POST"]),
            Route("/api/purchase-orders/{number:path}", self._order, methods=["GET"]),
            Route("/api/purchase-orders/{number:path}", self._put_order, methods=["PUT"]),
            Route("/api/receipts", self._receipts, methods=["GET"]),
            Route("/api/receipts", self._receive, methods=["POST"]),
            Route("/api/work-orders", self._work_orders, methods=["GET"]),
            Route("/api/work-orders", self._put_work_orders, methods=["POST"]),
        ]

    @property
    def _department(self) -> Department:
        return self._service.department

    async def _policy(self, _request: Request) -> Response:
        return JSONResponse(self._department.books.policy.model_dump(mode="json"))

    async def _set_policy(self, request: Request) -> Response:
        policy: Policy = read(Policy, await read_bytes(request))
        self._department.set_policy(policy)
        return JSONResponse(policy.model_dump(mode="json"))

    async def _orders(self, _request: Request) -> Response:
        books = self._department.books
        return JSONResponse({"purchase_orders": [order_json(order, books) for order in books.orders.values()]})

    async def _put_orders(self, request: Request) -> Response:
        return await _put_all(request, PurchaseOrder, self._department.put_order)

    async def _order(self, request: Request) -> Response:
        books = self._department.books
        order = books.order(request.path_params["number"])
        if order is None:
            return one_error(404, "a purchase order we have", "number", request.path_params["number"])
        return JSONResponse(order_json(order, books))

    async def _put_order(self, request: Request) -> Response:
        order: PurchaseOrder = read(PurchaseOrder, await read_bytes(request))
        wanted = request.path_params["number"]
        if key(order.number) != key(wanted):
            raise Refused([problem("number", order.number, f"{wanted}, as in the address")])
        self._department.put_order(order)
        return JSONResponse(order_json(order, self._department.books))

    async def _receipts(self, _request: Request) -> Response:
        return JSONResponse({"receipts": [each.model_dump(mode="json") for each in self._department.receipts]})

    async def _receive(self, request: Request) -> Response:
        receipts = await _read_all(request, Receipt)
        unknown = self._department.unknown_lines(receipts)
        if unknown:
            raise Refused([problem(f"{index}.line", receipts[index].line, message) for index, message in unknown])
        self._department.receive(receipts)
        return JSONResponse({"saved": len(receipts)})

    async def _work_orders(self, _request: Request) -> Response:
        jobs = self._department.books.work_orders.values()
        return JSONResponse({"work_orders": [job.model_dump(mode="json") for job in jobs]})

    async def _put_work_orders(self, request: Request) -> Response:
        return await _put_all(request, WorkOrder, self._department.put_work_order)


async def _read_all(request: Request, kind: type[T]) -> list[T]:
    """One record or a list of them, as a list."""
    raw = await read_bytes(request)
    if raw.lstrip()[:1] == b"[":
        records: list[T] = read(list[kind], raw)  # type: ignore[valid-type]
        return records
    record: T = read(kind, raw)
    return [record]


async def _put_all(request: Request, kind: type[T], put: Callable[[T], None]) -> Response:
    records = await _read_all(request, kind)
    for record in records:
        put(record)
    return JSONResponse({"saved": len(records)})
