"""The control endpoints for webhooks."""

import asyncio
from typing import Any

from quickbooks_simulator.web.control_route import ControlRefused, check_names, control_route, slow_control_route
from quickbooks_simulator.web.simulator import Simulator
from quickbooks_simulator.webhooks.subscription import Subscription

LONGEST_SETTLING = 60.0


class WebhookControl:
    """Subscribe, look at what was sent, take it away, wait until all that is due was sent."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.routes = [
            control_route("webhooks", "GET", self._list),
            control_route("webhooks", "POST", self._subscribe),
            control_route("webhooks", "DELETE", self._unsubscribe),
            slow_control_route("webhooks/settle", "POST", self._settle),
        ]

    def _list(self, _body: Any) -> dict[str, Any]:
        courier = self._simulator.webhooks
        return {
            "subscriptions": [_without_token(each) for each in courier.subscriptions.values()],
            "posts": [each.as_json() for each in courier.postings],
        }

    def _subscribe(self, body: Any) -> dict[str, Any]:
        """The answer is the only place that tells the verifier token."""
        subscription = self._simulator.webhooks.subscribe(body)
        return {**_without_token(subscription), "verifier_token": subscription.verifier_token}

    def _unsubscribe(self, body: Any) -> dict[str, Any]:
        check_names(body, {"app"})
        if self._simulator.webhooks.subscriptions.pop(body.get("app"), None) is None:
            raise ControlRefused(f"There is no app {body.get('app')!r}.")
        return self._list(None)

    async def _settle(self, _body: Any) -> dict[str, Any]:
        try:
            await asyncio.wait_for(self._simulator.webhooks.settle(), LONGEST_SETTLING)
        except TimeoutError:
            raise ControlRefused(f"Webhooks were still being sent after {LONGEST_SETTLING:g} seconds.") from None
        return self._list(None)


def _without_token(subscription: Subscription) -> dict[str, Any]:
    return {
        "app": subscription.app,
        "url": subscription.url,
        "format": subscription.format,
        "entities": sorted(subscription.entities),
        "enabled": subscription.enabled,
        "dropped_in_a_row": subscription.dropped,
    }
