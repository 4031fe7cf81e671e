"""The page of webhooks: who gets them, what was sent, how it was answered."""

from starlette.requests import Request
from starlette.responses import Response

from quickbooks_simulator.clock import COMPANY_ZONE
from quickbooks_simulator.pages.screen import MOST_ROWS, Form, Screen, go_to
from quickbooks_simulator.webhooks.event import Event
from quickbooks_simulator.webhooks.posting import WAITING, Posting

TONES = {"delivered": "good", "dropped": "bad", "lost": "bad", "waiting": "plain"}
MOST_EVENTS = 10


class WebhookPages:
    """Look at webhooks; switch an endpoint on again that was switched off."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.routes = [screen.shown("/app/webhooks", self._show), screen.posted("/app/webhooks", self._enable)]

    def _show(self, _request: Request) -> Response:
        courier = self._screen.simulator.webhooks
        postings = list(courier.postings)[::-1]
        return self._screen.page(
            "webhooks.html",
            "Webhooks",
            subscriptions=list(courier.subscriptions.values()),
            rows=[_row(posting) for posting in postings[:MOST_ROWS]],
        )

    def _enable(self, _request: Request, form: Form) -> Response:
        courier = self._screen.simulator.webhooks
        subscription = courier.subscriptions.get(form.get("app", ""))
        if subscription is not None:
            courier.subscribe({"app": subscription.app, "enabled": True})
        return go_to("/app/webhooks")


def _row(posting: Posting) -> dict[str, object]:
    told = [_words(event) for event in posting.events[:MOST_EVENTS]]
    more = len(posting.events) - len(told)
    last = posting.attempts[-1].answer.words if posting.attempts else "not sent yet"
    due = posting.due.astimezone(COMPANY_ZONE).strftime("%H:%M:%S")
    return {
        "when": posting.made.astimezone(COMPANY_ZONE).strftime("%m/%d/%Y %H:%M:%S"),
        "app": posting.app,
        "told": told,
        "more": more,
        "attempts": len(posting.attempts),
        "answer": "never sent" if posting.state == "lost" else last,
        "state": posting.state,
        "tone": TONES[posting.state],
        "detail": f"next at {due}" if posting.state == WAITING else posting.reason,
    }


def _words(event: Event) -> str:
    return f"{event.kind} {event.record_id}: {event.operation}"
