"""What Odoo and the way to it answer when something is wrong, as sentences. The one home of both transports.

Odoo names the exception in both: in JSON-RPC's `error.data`, in JSON-2's body (odoo/http.py `serialize_exception`, V).
Of either only name and message are looked at; `debug` is a traceback and stays there.
"""

from __future__ import annotations

from dataclasses import dataclass

from workorder_bridge.errors import SourceError, SourceUnreachable

_REFUSALS = ("UserError", "ValidationError", "RedirectWarning", "MissingError")
_DENIED = ("AccessDenied", "SessionExpiredException", "Unauthorized")
_PASSING = (
    "SerializationFailure",
    "LockNotAvailable",
    "LockError",
    "DeadlockDetected",
    "ConcurrencyError",
    "TransactionRollbackError",
    "PoolError",
)
_SAME_RELEASE = "Update the Odoo addon and the bridge to the same release."


@dataclass(frozen=True)
class Entrance:
    """Where the bridge knocks and what it shows, in words: `who` has rights, `credential` is accepted or not."""

    url: str
    database: str
    who: str
    credential: str
    hint: str
    absent: str


def entrance_of_login(url: str, database: str, login: str) -> Entrance:
    """With login and password, over JSON-RPC."""
    return Entrance(
        url,
        database,
        who=login,
        credential=f"the login {login}",
        hint="Check WORKORDER_ODOO_LOGIN and WORKORDER_ODOO_PASSWORD.",
        absent="Check WORKORDER_ODOO_URL.",
    )


def entrance_of_key(url: str, database: str) -> Entrance:
    """With an API key, over JSON-2. Odoo does not say why it refuses one, so all reasons are told."""
    return Entrance(
        url,
        database,
        who="the user of the API key",
        credential="the API key",
        hint="The key may be wrong, expired or deleted, or its user archived. Make a new one in Odoo as the bridge's "
        "user (My Preferences, Security, Add API Key) and set it as WORKORDER_ODOO_API_KEY, or in the file of "
        "WORKORDER_ODOO_API_KEY_FILE.",
        absent="Check WORKORDER_ODOO_URL and WORKORDER_ODOO_DATABASE. An API key needs Odoo 19 or later; for an older "
        "one set WORKORDER_ODOO_LOGIN and WORKORDER_ODOO_PASSWORD instead.",
    )


def source_error(name: str, message: str, entrance: Entrance) -> SourceError:
    """The named error for one exception of Odoo; its own sentence is passed on where it is meant for people."""
    kind = name.rpartition(".")[2]
    if kind in _DENIED:
        return not_accepted(entrance)
    if kind in _REFUSALS:
        return SourceError(message)
    if kind == "AccessError":
        return SourceError(
            f"Odoo denies {entrance.who} the access this needs: {message}",
            hint="Give that user the group Workorder Bridge in Odoo; for mapping tables, Work Orders: Administrator.",
        )
    if kind in _PASSING:
        return SourceUnreachable(f"Odoo was busy with the same records ({message}).", hint="Run the command again.")
    if "does not exist" in message and f'"{entrance.database}"' in message:
        return SourceError(f"There is no Odoo database {entrance.database}.", hint="Check WORKORDER_ODOO_DATABASE.")
    return _programming(name, message)


def not_accepted(entrance: Entrance) -> SourceError:
    """Odoo does not let us in."""
    return SourceError(
        f"Odoo does not accept {entrance.credential} for database {entrance.database}.", hint=entrance.hint
    )


def _programming(name: str, message: str) -> SourceError:
    absent = name.endswith("KeyError") or ("the model" in message and "does not exist" in message)
    if absent and "work.order.destination" in message:
        return SourceError(
            "This Odoo database does not have the addon work_order_transmission.",
            hint="Install the addon in Odoo, or check WORKORDER_ODOO_DATABASE.",
        )
    if absent and "work.order" in message:
        return SourceError(
            "This Odoo database does not have the addon work_order, or an older one.",
            hint="Install or update the addon in Odoo, or check WORKORDER_ODOO_DATABASE.",
        )
    if _is_of_another_release(name, message):
        return SourceError(
            f"The Odoo addon and this bridge are of different releases ({message}).",
            hint=_SAME_RELEASE,
            reference=name,
        )
    return SourceError(f"Odoo failed: {message}", hint="Odoo's own log has the details; report this.", reference=name)


def _is_of_another_release(name: str, message: str) -> bool:
    """A method or an argument that only one side knows (get_public_method and inspect.signature, V)."""
    if name.endswith(("NotFound", "AttributeError")):
        return "The method" in message and "does not exist" in message
    if name.endswith(("UnprocessableEntity", "TypeError")):
        return "argument" in message or "with ids" in message
    return False


def http_error(status: int, entrance: Entrance) -> SourceError:
    """An HTTP status that came without a word of Odoo's: from a proxy, or from an Odoo that knows no such place."""
    url = entrance.url
    if status in (404, 405, 415):
        return SourceError(
            f"There is no Odoo with database {entrance.database} at {url} (HTTP {status}).", hint=entrance.absent
        )
    if 300 <= status < 400:
        return SourceError(
            f"{url} sends the bridge on to another address (HTTP {status}), and it does not follow.",
            hint="Set WORKORDER_ODOO_URL to the address a browser ends at, often the same with https.",
        )
    if status in (401, 403, 407):
        return SourceError(
            f"Something in front of Odoo at {url} refuses the bridge (HTTP {status}).",
            hint="Ask whoever runs the proxy or firewall there to let the bridge's calls to Odoo through.",
        )
    if status == 413:
        return SourceError(
            f"What was sent is too large for the server in front of Odoo at {url} (HTTP 413).",
            hint="Raise its limit for the size of a request, or lower WORKORDER_BATCH_SIZE.",
        )
    return SourceUnreachable(f"Odoo at {url} answered HTTP {status}.", hint="Run the command again in a few minutes.")


def unreachable(error: BaseException, entrance: Entrance) -> SourceUnreachable:
    """No answer, or half of one."""
    return SourceUnreachable(
        f"Odoo at {entrance.url} cannot be reached ({_reason(error)}).",
        hint="Check that Odoo runs and that WORKORDER_ODOO_URL is right; then run the command again.",
    )


def not_odoo(entrance: Entrance) -> SourceUnreachable:
    """An answer that Odoo does not give: a page of a proxy, or of something else."""
    return SourceUnreachable(
        f"{entrance.url} does not answer like an Odoo server.",
        hint="Check WORKORDER_ODOO_URL; a proxy that is being serviced also answers like this.",
    )


def too_large(method: str, entrance: Entrance) -> SourceError:
    """An answer no release of the addon gives."""
    return SourceError(
        f"The answer to {method} from {entrance.url} is larger than this bridge reads.",
        hint="Lower WORKORDER_BATCH_SIZE; if it stays, report this.",
    )


def _reason(error: BaseException) -> str:
    """What the innermost of nested errors says: libraries wrap "Connection refused" several times."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return str(getattr(error, "strerror", None) or error) or type(error).__name__
