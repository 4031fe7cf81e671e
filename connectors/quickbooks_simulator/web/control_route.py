"""What every control endpoint has in common: JSON in, JSON out, refusals in one form."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from quickbooks_simulator.faults import Fault
from quickbooks_simulator.jsontext import read_plain_json, write_json
from quickbooks_simulator.settings import SettingRefused
from quickbooks_simulator.web.fault_script import ScriptRefused
from quickbooks_simulator.webhooks.subscription import SubscriptionRefused

Action = Callable[[Any], dict[str, Any]]
SlowAction = Callable[[Any], Awaitable[dict[str, Any]]]


class ControlRefused(ValueError):
    """A control request that makes no sense."""


def check_object(body: Any) -> None:
    if not isinstance(body, dict):
        raise ControlRefused("The body must be one JSON object.")


def check_names(body: Any, known: set[str]) -> None:
    check_object(body)
    if set(body) - known:
        raise ControlRefused(f"The body may hold {', '.join(sorted(known))}.")


def control_route(name: str, method: str, action: Action) -> Route:
    """A control endpoint that is done at once."""

    async def act(body: Any) -> dict[str, Any]:
        return action(body)

    return slow_control_route(name, method, act)


def slow_control_route(name: str, method: str, action: SlowAction) -> Route:
    """A control endpoint that waits for something."""

    async def answer(request: Request) -> Response:
        payload, status = await _carry_out(action, await request.body())
        return Response(write_json(payload), status, media_type="application/json")

    return Route(f"/simulator/{name}", answer, methods=[method])


async def _carry_out(action: SlowAction, raw: bytes) -> tuple[dict[str, Any], int]:
    try:
        body = read_plain_json(raw) if raw else {}
    except ValueError as problem:
        return {"error": f"The body is not JSON: {problem}"}, 400
    try:
        return await action(body), 200
    except (ControlRefused, SettingRefused, ScriptRefused, SubscriptionRefused) as problem:
        return {"error": str(problem)}, 400
    except Fault as fault:
        return {"error": fault.detail, "code": fault.code}, 400
