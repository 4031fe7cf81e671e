"""Settings: environment variables `WORKORDER_…` first, then a TOML file with the same names in lower case.

Example: `WORKORDER_ODOO_URL=https://erp.example` or, in the file, `odoo_url = "https://erp.example"`.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from workorder_bridge.environments import ENVIRONMENTS, SIMULATOR
from workorder_bridge.errors import SettingsInvalid
from workorder_bridge.secret_file import read_secret

PREFIX = "WORKORDER_"
Part = Literal["odoo", "quickbooks", "tokens", "webhooks"]


def default_token_file() -> Path:
    """Where tokens are kept unless WORKORDER_QUICKBOOKS_TOKEN_FILE says otherwise."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "workorder" / "quickbooks_tokens.json"


class Settings(BaseSettings):
    """Everything that can be set. Times are in seconds."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    odoo_url: str = ""
    odoo_database: str = ""
    odoo_login: str = ""
    odoo_password: SecretStr = SecretStr("")
    odoo_api_key: SecretStr = SecretStr("")
    odoo_api_key_file: str = ""
    odoo_timeout: float = Field(default=120, gt=0)

    quickbooks_environment: str = ""
    quickbooks_url: str = ""
    quickbooks_client_id: str = ""
    quickbooks_client_secret: SecretStr = SecretStr("")
    quickbooks_token_file: Path = Field(default_factory=default_token_file)
    quickbooks_timeout: float = Field(default=130, gt=0)
    quickbooks_redirect_uri: str = ""
    quickbooks_realm: str = ""
    quickbooks_refresh_token: SecretStr = SecretStr("")
    quickbooks_access_token: SecretStr = SecretStr("")
    quickbooks_webhook_verifier_token: SecretStr = SecretStr("")

    batch_size: int = Field(default=30, ge=1, le=30)
    lease_seconds: int = Field(default=300, ge=1)
    retry_attempts: int = Field(default=5, ge=1)
    retry_budget: float = Field(default=150, ge=0)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, whose content comes in as arguments."""
        return env_settings, init_settings


def load_settings(path: Path | None, needs: Sequence[Part]) -> Settings:
    """The settings, complete for the parts needed; raises `SettingsInvalid` listing everything that is wrong."""
    content = _content_of(path) if path else {}
    try:
        settings = Settings(**content)
    except ValidationError as error:
        raise _invalid([_sentence(problem) for problem in error.errors()]) from error
    problems = [problem for part in needs for problem in _CHECKS[part](settings)]
    if problems:
        raise _invalid(problems)
    return _with_key_from_file(settings) if "odoo" in needs else settings


def _content_of(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise _invalid([f"The settings file {path} cannot be read: {error.strerror}."]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _invalid([f"The settings file {path} is not TOML: {error}."]) from error


def _invalid(problems: Sequence[str]) -> SettingsInvalid:
    return SettingsInvalid(problems, hint="Set them in the environment, or in a file given with --config.")


def _sentence(problem: Any) -> str:
    name = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"There is no setting {name}."
    said = str(problem["msg"])
    field = Settings.model_fields.get(name)
    value = "what it is set to" if field and field.annotation is SecretStr else repr(problem["input"])
    return f"{PREFIX}{name.upper()} cannot be {value}: {said[0].lower()}{said[1:]}."


def _missing(settings: Settings, *names: str) -> Iterator[str]:
    for name in names:
        if not _is_set(settings, name):
            yield f"{PREFIX}{name.upper()} is not set."


def _is_set(settings: Settings, name: str) -> bool:
    value = getattr(settings, name)
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _odoo_problems(settings: Settings) -> Iterator[str]:
    yield from _missing(settings, "odoo_url", "odoo_database")
    yield from _way_in_problems(settings)
    if settings.odoo_url and not _is_address(settings.odoo_url):
        yield f"WORKORDER_ODOO_URL must look like https://erp.example, not {settings.odoo_url!r}."


def _way_in_problems(settings: Settings) -> Iterator[str]:
    """An API key goes with JSON-2, login and password with the older RPC: exactly one of them says which is used."""
    keys = [name for name in ("odoo_api_key", "odoo_api_key_file") if _is_set(settings, name)]
    named = " and ".join(f"{PREFIX}{name.upper()}" for name in keys)
    if len(keys) > 1:
        yield f"{named} are both set; keep one of them."
    if keys and _is_set(settings, "odoo_password"):
        yield f"{named} and WORKORDER_ODOO_PASSWORD are both set; keep the API key, or login and password."
    elif not keys and not _is_set(settings, "odoo_password"):
        yield "WORKORDER_ODOO_API_KEY is not set, and neither is WORKORDER_ODOO_PASSWORD; one of them is needed."
    elif not keys:
        yield from _missing(settings, "odoo_login")
    else:
        yield from _key_problems(settings)


def _key_problems(settings: Settings) -> Iterator[str]:
    """Key and database travel in the head of an HTTP request, which holds plain characters only."""
    key = settings.odoo_api_key.get_secret_value()
    if key and not _is_plain_word(key):
        yield "WORKORDER_ODOO_API_KEY is not a key as Odoo makes them: one word of letters and digits."
    if settings.odoo_database and not _is_plain_word(settings.odoo_database):
        yield f"WORKORDER_ODOO_DATABASE cannot be {settings.odoo_database!r}: it must be one word of plain characters."


def _with_key_from_file(settings: Settings) -> Settings:
    if not settings.odoo_api_key_file:
        return settings
    path = Path(settings.odoo_api_key_file)
    key = read_secret(path, "WORKORDER_ODOO_API_KEY_FILE")
    if not _is_plain_word(key.get_secret_value()):
        raise _invalid([f"{path} (WORKORDER_ODOO_API_KEY_FILE) does not hold an API key and nothing else."])
    return settings.model_copy(update={"odoo_api_key": key})


def _is_plain_word(text: str) -> bool:
    return text.isascii() and text.isprintable() and bool(text) and " " not in text


def _quickbooks_problems(settings: Settings) -> Iterator[str]:
    yield from _environment_problems(settings)
    yield from _missing(settings, "quickbooks_client_id", "quickbooks_client_secret")


def _environment_problems(settings: Settings) -> Iterator[str]:
    """A misspelt environment would otherwise mean production to the client library (fact sheet §12.4, V)."""
    environment, url = settings.quickbooks_environment, settings.quickbooks_url
    if environment not in ENVIRONMENTS:
        got = f"not {environment!r}" if environment else "and is not set"
        yield f"WORKORDER_QUICKBOOKS_ENVIRONMENT must be exactly one of {', '.join(ENVIRONMENTS)}, {got}."
    elif environment == SIMULATOR and not (_is_address(url) and _is_loopback(url)):
        yield f"WORKORDER_QUICKBOOKS_URL must be the simulator's address on this machine, not {url!r}."
    elif environment != SIMULATOR and url:
        yield f"WORKORDER_QUICKBOOKS_URL is for the simulator only; leave it out for {environment}."


def _webhook_problems(settings: Settings) -> Iterator[str]:
    """Without the token anybody could post; with an empty one anybody could sign (fact sheet §11, P)."""
    name = "WORKORDER_QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN"
    token = settings.quickbooks_webhook_verifier_token.get_secret_value()
    where = "Intuit shows it at developer.intuit.com: your app, Webhooks, Verifier token."
    if not token:
        yield f"{name} is not set, and webhooks need it. {where}"
    elif not _is_plain_word(token):
        yield f"{name} is not a verifier token: one word of plain characters. {where}"


_CHECKS = {
    "odoo": _odoo_problems,
    "quickbooks": _quickbooks_problems,
    "tokens": _environment_problems,
    "webhooks": _webhook_problems,
}


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
