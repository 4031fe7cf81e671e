"""Answers as HTTP: the envelope, its headers, and faults in each of their spellings."""

from itertools import count
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape, quoteattr

from starlette.responses import Response

from quickbooks_simulator.clock import Clock, write_answer_time
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.jsontext import write_json
from quickbooks_simulator.operations.batch import fault_body
from quickbooks_simulator.settings import Settings

XML_NAMESPACE = "http://schema.intuit.com/finance/v3"
VERSION = "1975.191"
_FLAVOURS = ("capital", "lower", "xml")


class Answers:
    """Builds every answer of the API."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._throttled = count()

    def success(self, payload: dict[str, Any]) -> Response:
        """The payload with the time beside it. Source: recorded answers (V)."""
        return self._json({**payload, "time": write_answer_time(self._clock.now())}, 200)

    def bare(self, payload: dict[str, Any]) -> Response:
        """The payload alone, as the tax service answers (P)."""
        return self._json(payload, 200)

    def text(self, text: str) -> Response:
        """Plain text, as the download address comes (P)."""
        return Response(text, 200, self._headers(), "text/plain")

    def pdf(self, content: bytes) -> Response:
        """A form on paper (V)."""
        return Response(content, 200, self._headers(), "application/pdf")

    def fault(self, fault: Fault, spelling: str | None = None) -> Response:
        """The gateway (401, 403) writes `fault`, the company `Fault`, a throttle either or XML. Source: (V), (P).

        `spelling` asks for one of them whatever the fault: XML was seen although JSON was asked for (P, V).
        """
        if spelling is not None:
            flavour = spelling
        elif fault.code == "3001":
            flavour = self._throttle_flavour()
        else:
            flavour = "lower" if fault.code in ("120", "3100", "3200", "3201") else "capital"
        if flavour == "xml":
            return self._xml_fault(fault)
        if flavour == "lower":
            return self._gateway_fault(fault)
        body = {"Fault": fault_body(fault), "time": write_answer_time(self._clock.now())}
        return self._json(body, fault.status)

    def page(self, status: int, title: str) -> Response:
        """An HTML page in place of an answer, as a broken proxy sends it (P)."""
        html = f"<html><head><title>{status} {title}</title></head><body><h1>{title}</h1></body></html>"
        return Response(html, status, self._headers(), "text/html")

    def _throttle_flavour(self) -> str:
        chosen = self._settings.throttle_body
        return _FLAVOURS[next(self._throttled) % len(_FLAVOURS)] if chosen == "rotate" else chosen

    def _gateway_fault(self, fault: Fault) -> Response:
        """Recorded for 401 (V): lower-case names, nulls, and the time in milliseconds."""
        message = f"message={fault.message}; errorCode=00{fault.code}; statusCode={fault.status}"
        error = {"message": message, "detail": fault.detail, "code": fault.code, "element": None}
        empty = ("warnings", "intuitObject", "report", "queryResponse", "batchItemResponse", "attachableResponse",
                 "syncErrorResponse")  # fmt: skip
        body: dict[str, Any] = dict.fromkeys(empty)
        body |= {"fault": {"error": [error], "type": fault.type}, "requestId": None, "status": None, "cdcresponse": []}
        body["time"] = int(self._clock.now().timestamp() * 1000)
        response = self._json(body, fault.status)
        if fault.status == 401:
            response.headers["Www-Authenticate"] = 'Bearer realm="Intuit", error="invalid_token"'
        return response

    def _xml_fault(self, fault: Fault) -> Response:
        time = quoteattr(write_answer_time(self._clock.now()))
        body = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            f'<IntuitResponse xmlns="{XML_NAMESPACE}" time={time}>'
            f"<Fault type={quoteattr(fault.type)}><Error code={quoteattr(fault.code)}>"
            f"<Message>{escape(fault.message)}</Message><Detail>{escape(fault.detail)}</Detail>"
            "</Error></Fault></IntuitResponse>"
        )
        return Response(body, fault.status, self._headers(), "application/xml")

    def _json(self, body: dict[str, Any], status: int) -> Response:
        return Response(write_json(body), status, self._headers(), "application/json")

    def _headers(self) -> dict[str, str]:
        """A trace number, the version and the time taken. Source: recorded answers (V)."""
        return {"intuit_tid": f"1-{uuid4()}", "Qbo-Version": VERSION, "Service-Time": "total=1, db=0"}
