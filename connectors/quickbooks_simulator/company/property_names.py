"""How property names are written down, and those that many kinds share."""

COMMON = "Id SyncToken MetaData CustomField AttachableRef domain sparse status"
RECURRING = frozenset({"RecurringInfo", "RecurDataRef", "Type"})
"""What a template of a recurring transaction has besides."""

NAMED = f"{COMMON} Name Active FullyQualifiedName ParentRef Level"


def listed(names: str) -> frozenset[str]:
    """The names between the blanks."""
    return frozenset(names.split())


def read_names(by_kind: dict[str, str]) -> dict[str, frozenset[str]]:
    """As `listed`, for several kinds of record."""
    return {kind: listed(names) for kind, names in by_kind.items()}
