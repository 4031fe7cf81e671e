"""Everything one running simulator consists of."""

from dataclasses import asdict

from quickbooks_simulator.clock import AdjustableClock, Clock
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.operations.replay import Replay
from quickbooks_simulator.seeds.catalogue import REALM, SEEDS
from quickbooks_simulator.seeds.catalogue import SETTINGS as OWN_SETTINGS
from quickbooks_simulator.settings import Settings, change_settings
from quickbooks_simulator.web.authority import Authority
from quickbooks_simulator.web.connections import Connections
from quickbooks_simulator.web.fault_script import FaultScript
from quickbooks_simulator.web.limits import Limits
from quickbooks_simulator.web.metering import Metering
from quickbooks_simulator.web.statistics import Statistics
from quickbooks_simulator.webhooks.courier import Courier


class Simulator:
    """The company and what surrounds it. `url` is where clients reach it."""

    def __init__(self, url: str, seed: str, settings: Settings, clock: Clock) -> None:
        self.url = url
        self.seed = seed
        self.settings = settings
        self._first_settings = asdict(settings)
        self.clock = AdjustableClock(clock)
        self.authority = Authority(settings, self.clock)
        self.connections = Connections()
        self.script = FaultScript()
        self.statistics = Statistics()
        self.limits = Limits(settings, self.clock)
        self.metering = Metering(settings, self.clock)
        self.webhooks = Courier(REALM, settings, self.clock)
        self.reset()

    def reset(self, seed: str | None = None) -> None:
        """Start over: books, settings, clock, fault script and counts as at the start; the first tokens valid again."""
        self.seed = seed or self.seed
        self.clock.restore()
        change_settings(self.settings, {**self._first_settings, **OWN_SETTINGS.get(self.seed, {})})
        self.authority.renew_announced()
        self.company = Company(REALM, self.settings, self.clock)
        self.company.files.base = self.url
        self.replay = Replay(self.settings, self.clock)
        self.script.clear()
        self.statistics.clear()
        self.limits.clear()
        self.metering.clear()
        SEEDS[self.seed](self.company)
        # From here on: what a company was planted with is no news.
        self.company.store.watchers.append(self.company.journal.watch)
        self.company.journal.add_reader(self.webhooks.notice)
        self.webhooks.reset()
