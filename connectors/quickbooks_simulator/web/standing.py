"""How the company as a whole stands: open, locked, in maintenance, or no longer subscribed."""

from quickbooks_simulator.faults import Fault
from quickbooks_simulator.settings import Settings

_REFUSALS: dict[str, tuple[str, str, int | None]] = {
    "locked": ("140", "The company file is locked.", None),
    "maintenance": ("150", "The company is under maintenance, try again later.", None),
    "ended": ("6190", "The subscription of this company has ended.", None),
    "ended_in_200": ("6190", "The subscription of this company has ended.", 200),
}


def check_standing(settings: Settings) -> None:
    """Refuse every call while the company is not open. Sources: 140, 150 and 6190 as 400 or inside a 200 (P).

    That reads are refused as well as writes is from memory (M).
    """
    if settings.company_state != "open":
        code, detail, status = _REFUSALS[settings.company_state]
        raise Fault(code, detail, status=status)
