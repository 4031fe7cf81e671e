"""Carries events to the apps, beside the API and never in its way."""

import asyncio
from collections import deque
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

from quickbooks_simulator.clock import Clock
from quickbooks_simulator.company.journal import Entry
from quickbooks_simulator.settings import Settings
from quickbooks_simulator.webhooks.bodies import sign, write_body
from quickbooks_simulator.webhooks.event import OTHER_REALM, Event, event_of
from quickbooks_simulator.webhooks.posting import DROPPED, LOST, WAITING, Posting
from quickbooks_simulator.webhooks.sending import post
from quickbooks_simulator.webhooks.subscription import Subscription, read_subscription

MOST_POSTINGS = 500
"""The newest ones are kept to be looked at."""


class Courier:
    """Knows the subscriptions, collects events into posts, sends them and tries again.

    An app gets one post at a time; what happens meanwhile goes into its next one. `run` does the work on the event
    loop; everything else only takes notes and returns at once.
    """

    def __init__(self, realm: str, settings: Settings, clock: Clock) -> None:
        self._realm = realm
        self._settings = settings
        self._clock = clock
        self._first: dict[str, Subscription] = {}
        self._ids = count(1)
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()
        self._sending: dict[str, asyncio.Task[None]] = {}
        self.reset()

    def reset(self) -> None:
        """Forget everything but the subscriptions of the start."""
        for task in self._sending.values():
            task.cancel()
        self.subscriptions = {app: replace(each) for app, each in self._first.items()}
        self.postings: deque[Posting] = deque(maxlen=MOST_POSTINGS)
        self._waiting: list[Posting] = []
        self._events: dict[str, list[Event]] = {}
        self.wake()

    def subscribe(self, wanted: Any, at_start: bool = False) -> Subscription:
        """Add or change an app's subscription. Raises SubscriptionRefused."""
        subscription = read_subscription(wanted, self.subscriptions)
        self.subscriptions[subscription.app] = subscription
        if at_start:
            self._first[subscription.app] = replace(subscription)
        self.wake()
        return subscription

    def notice(self, entry: Entry) -> None:
        """Take note of a change for every app that wants to hear of it."""
        interested = [app for app, each in self.subscriptions.items() if each.wants(entry.kind)]
        event = event_of(entry, self._realm, self._settings) if interested else None
        if event is None:
            return
        for app in interested:
            self._events.setdefault(app, []).append(event)
        self.wake()

    def wake(self) -> None:
        """Look again what is due: something happened, the clock was put forward or a switch was changed."""
        self._quiet.clear()
        self._wake.set()

    async def settle(self) -> None:
        """Return once nothing is due any more at the simulator's present moment."""
        await self._quiet.wait()

    async def run(self) -> None:
        """Work until cancelled; posts on their way are then given up."""
        try:
            while True:
                self._wake.clear()
                self._collect()
                self._send_due()
                if not self._sending and not self._wake.is_set():
                    self._quiet.set()
                await self._wait()
        finally:
            await self._give_up()

    def _collect(self) -> None:
        """Make one post of everything that happened since the last one, for each app that is not being posted to."""
        for app in [app for app in self._events if app not in self._sending]:
            events = self._events.pop(app)
            if app in self.subscriptions:
                self._make_postings(self.subscriptions[app], events)

    def _make_postings(self, subscription: Subscription, events: list[Event]) -> None:
        settings, now = self._settings, self._clock.now()
        if settings.webhook_other_realm:
            events = [*events, *(replace(each, id=f"{each.id}-other", realm=OTHER_REALM) for each in events)]
        if settings.webhook_order == "reversed":
            events = events[::-1]
        body = write_body(subscription.format, events)
        late = now + timedelta(seconds=settings.webhook_delay_seconds)
        for _ in range(max(settings.webhook_copies, 1)):
            posting = Posting(next(self._ids), subscription.app, subscription.format, events, body, now, late)
            self.postings.append(posting)
            if settings.webhook_copies == 0:
                posting.state = LOST
                continue
            self._waiting.append(posting)

    def _send_due(self) -> None:
        if self._settings.webhook_hold:
            return
        now = self._clock.now()
        due = sorted((each for each in self._waiting if each.due <= now), key=lambda each: (each.due, each.id))
        for posting in due[::-1] if self._settings.webhook_order == "reversed" else due:
            if posting.app not in self._sending:
                task = asyncio.create_task(self._send(posting))
                self._sending[posting.app] = task
                task.add_done_callback(partial(self._ended, posting.app))

    def _ended(self, app: str, task: asyncio.Task[None]) -> None:
        if self._sending.get(app) is task:
            del self._sending[app]
        self.wake()

    async def _send(self, posting: Posting) -> None:
        subscription = self.subscriptions.get(posting.app)
        if subscription is None or not subscription.enabled:
            posting.drop("the endpoint is switched off")
        else:
            headers = {"content-type": "application/json", **self._signature(posting, subscription)}
            answer = await post(subscription.url, headers, posting.body, self._settings.webhook_answer_seconds)
            posting.take(answer, self._clock.now(), self._settings)
            self._judge(subscription, posting)
        if posting.state != WAITING:
            self._waiting = [each for each in self._waiting if each is not posting]

    def _signature(self, posting: Posting, subscription: Subscription) -> dict[str, str]:
        kind = self._settings.webhook_signature
        if kind == "missing":
            return {}
        forged = "" if kind == "right" else "-forged"
        return {"intuit-signature": sign(posting.body, subscription.verifier_token + forged)}

    def _judge(self, subscription: Subscription, posting: Posting) -> None:
        """Switch an endpoint off that keeps failing (P; how often it must fail is a setting)."""
        if posting.state == DROPPED:
            subscription.dropped += 1
        elif posting.state != WAITING:
            subscription.dropped = 0
        limit = self._settings.webhook_drops_until_disabled
        if limit and subscription.dropped >= limit:
            subscription.enabled = False

    async def _wait(self) -> None:
        """Until something happens, or the next post is due on the simulator's clock."""
        idle = [each.due for each in self._waiting if each.app not in self._sending]
        seconds = None
        if idle and not self._settings.webhook_hold:
            seconds = max((min(idle) - self._clock.now()).total_seconds(), 0)
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            self._quiet.clear()

    async def _give_up(self) -> None:
        tasks = list(self._sending.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
