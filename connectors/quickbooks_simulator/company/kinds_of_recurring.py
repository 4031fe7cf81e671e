"""The kind of recurring transactions. That Type can be compared is in a client's test (V), the rest from memory (M)."""

from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.property_names import listed
from quickbooks_simulator.company.recurring import forget_template, opened, prepare_recurring, shown

RECURRING = (
    Kind(
        "RecurringTransaction",
        prepare_recurring,
        listed("Type RecurringInfo.Name RecurringInfo.RecurType"),
        release=forget_template,
        captured=False,
        opened=opened,
        shown=shown,
        always_chosen=listed("Type"),
    ),
)
