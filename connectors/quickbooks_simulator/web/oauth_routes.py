"""Discovery, consent, tokens, revocation."""

import asyncio
from base64 import b64decode
from binascii import Error as Base64Error
from secrets import compare_digest
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from quickbooks_simulator.jsontext import read_json
from quickbooks_simulator.pages.templates import render
from quickbooks_simulator.web.authority import GrantRefused, Tokens
from quickbooks_simulator.web.forms import read_form
from quickbooks_simulator.web.simulator import Simulator

AUTHORISE = "/connect/oauth2"
TOKEN = "/oauth2/v1/tokens/bearer"  # noqa: S105 - a path
REVOKE = "/v2/oauth2/tokens/revoke"
USER_INFO = "/v1/openid_connect/userinfo"
KEYS = "/op/v1/jwks"
ASKS_FOR_HARD_EXPIRY = "x-include-refresh-token-hard-expires-in"


class OAuthRoutes:
    """The paths are those of the real service (V); they all live on the simulator's own address."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        discovery = [
            Route(f"/.well-known/{name}{slash}", self._discovery)
            for name in ("openid_configuration", "openid_sandbox_configuration", "openid-configuration")
            for slash in ("", "/")
        ]
        self.routes = [
            *discovery,
            Route(AUTHORISE, self._consent, methods=["GET"]),
            Route(AUTHORISE, self._agree, methods=["POST"]),
            Route(TOKEN, self._token, methods=["POST"]),
            Route(REVOKE, self._revoke, methods=["POST"]),
            Route(USER_INFO, self._user_info),
            Route(KEYS, self._keys),
        ]

    async def _discovery(self, _request: Request) -> Response:
        url = self._simulator.url
        return JSONResponse(
            {
                "issuer": f"{url}/op/v1",
                "authorization_endpoint": f"{url}{AUTHORISE}",
                "token_endpoint": f"{url}{TOKEN}",
                "userinfo_endpoint": f"{url}{USER_INFO}",
                "revocation_endpoint": f"{url}{REVOKE}",
                "jwks_uri": f"{url}{KEYS}",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "email", "profile", "address", "phone"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            }
        )

    async def _consent(self, request: Request) -> Response:
        """A page with one button; a wrong client or return address is told to the person, not redirected."""
        problem = self._consent_problem(dict(request.query_params))
        if problem:
            return HTMLResponse(render("message.html", title="Cannot connect", message=problem), 400)
        company = self._simulator.company.store.find("CompanyInfo", "1") or {}
        fields = {name: request.query_params.get(name, "") for name in ("client_id", "redirect_uri", "state")}
        return HTMLResponse(
            render(
                "consent.html",
                title="Connect a program",
                company=company["CompanyName"],
                action=AUTHORISE,
                fields=fields,
            )
        )

    async def _agree(self, request: Request) -> Response:
        form = await read_form(request)
        problem = self._consent_problem({**form, "response_type": "code"})
        if problem:
            return HTMLResponse(render("message.html", title="Cannot connect", message=problem), 400)
        answer = urlencode({**self._decision(form), "state": form.get("state", "")})
        glue = "&" if urlsplit(form["redirect_uri"]).query else "?"
        return RedirectResponse(f"{form['redirect_uri']}{glue}{answer}", 302)

    def _decision(self, form: dict[str, str]) -> dict[str, str]:
        """What the person chose: a code for the company, or the error of the standard (M for Intuit's page)."""
        if form.get("decision") == "deny":
            return {"error": "access_denied"}
        realm = self._simulator.company.realm
        return {"code": self._simulator.authority.issue_code(realm, form["redirect_uri"]), "realmId": realm}

    def _consent_problem(self, fields: dict[str, str]) -> str | None:
        if fields.get("client_id") != self._simulator.authority.client_id:
            return "The client_id is not the one this simulator printed when it started."
        if urlsplit(fields.get("redirect_uri", "")).scheme not in ("http", "https"):
            return "The redirect_uri must be an http or https address."
        if fields.get("response_type") != "code":
            return "The response_type must be code."
        return None

    async def _token(self, request: Request) -> Response:
        """Both grants, with HTTP Basic client authentication. Source: client code (V), error bodies (P)."""
        if not self._client_is_known(request):
            return _refusal("invalid_client", "Client authentication failed.", 401)
        form = await read_form(request)
        await asyncio.sleep(self._simulator.settings.token_seconds)
        authority = self._simulator.authority
        try:
            if form.get("grant_type") == "refresh_token":
                tokens = authority.refresh(form.get("refresh_token", ""))
            elif form.get("grant_type") == "authorization_code":
                tokens = authority.exchange_code(form.get("code", ""), form.get("redirect_uri", ""))
            else:
                return _refusal("unsupported_grant_type", "The grant type is not supported.")
        except GrantRefused:
            return _refusal("invalid_grant", "Incorrect or invalid code or refresh token.")
        hard = request.headers.get(ASKS_FOR_HARD_EXPIRY, "").lower() == "true"
        return JSONResponse(_token_body(tokens, hard), headers={"Cache-Control": "no-store"})

    async def _revoke(self, request: Request) -> Response:
        if not self._client_is_known(request):
            return _refusal("invalid_client", "Client authentication failed.", 401)
        try:
            self._simulator.authority.revoke(await _token_to_revoke(request))
        except GrantRefused:
            return _refusal("invalid_grant", "The token is unknown or was revoked before.")
        return Response(b"", 200)

    async def _user_info(self, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._simulator.authority.realm_of(token) is None:
            return _refusal("invalid_token", "The access token is unknown or has expired.", 401)
        return JSONResponse({"sub": "simulator-user", "email": "accountant@simulator.example", "emailVerified": True})

    async def _keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": []})

    def _client_is_known(self, request: Request) -> bool:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            given = b64decode(encoded, validate=True) if scheme.lower() == "basic" else b""
        except Base64Error:
            given = b""
        authority = self._simulator.authority
        return compare_digest(given, f"{authority.client_id}:{authority.client_secret}".encode())


async def _token_to_revoke(request: Request) -> str:
    """The token from a JSON body, as the vendor's client sends it (V), or from a form."""
    if "json" not in request.headers.get("content-type", ""):
        return (await read_form(request)).get("token", "")
    try:
        body: Any = read_json(await request.body())
    except ValueError:
        return ""
    return str(body.get("token", "")) if isinstance(body, dict) else ""


def _token_body(tokens: Tokens, hard: bool) -> dict[str, Any]:
    """The hard end is told to those who ask for it only. Source: Intuit's client (V)."""
    return {
        "access_token": tokens.access_token,
        "expires_in": tokens.access_seconds,
        "refresh_token": tokens.refresh_token,
        "x_refresh_token_expires_in": tokens.refresh_seconds,
        "token_type": "bearer",
        **({"x_refresh_token_hard_expires_in": tokens.hard_seconds} if hard else {}),
    }


def _refusal(error: str, description: str, status: int = 400) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status)
