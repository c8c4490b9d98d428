"""The API: JSON over HTTP, with this platform's own paths and words."""

import json
import os
import sys
import time
from decimal import Decimal, InvalidOperation
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from . import settings, telemetry
from .database import DatabaseAway
from .desk import Desk, Problem
from .trades import Request, Trade


def shown(trade: Trade) -> dict:
    state = trade.state
    if "partial-as-done" in settings.ACTIVE and trade.done > 0 and state in ("PARTIAL", "KILLED"):  # DEFECT partial-as-done
        state = "DONE"
    return {"ref": trade.ref, "pair": trade.pair, "direction": trade.direction, "state": state, "done": f"{trade.done:f}"}


def amount_of(body: dict, name: str) -> Decimal:
    try:
        amount = Decimal(body[name])
    except (KeyError, TypeError, InvalidOperation):
        raise Problem(400, "BAD_REQUEST") from None
    if not amount.is_finite() or amount <= 0:
        raise Problem(400, "BAD_REQUEST")
    return amount


def request_of(body: dict, key: str | None) -> Request:
    pair, direction, kind = (body.get(name) for name in ("pair", "direction", "kind"))
    if not key or pair not in settings.PAIRS or direction not in ("BUY", "SELL") or kind not in ("LIMIT", "MARKET"):
        raise Problem(400, "BAD_REQUEST")
    return Request(key, pair, direction, kind, amount_of(body, "amount"), amount_of(body, "limit") if kind == "LIMIT" else None)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536
    desk: Desk

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def log_message(self, *_: object) -> None:
        """One line a request is too much here."""

    def _serve(self, method: str) -> None:
        started = time.monotonic()
        at = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if at.path == "/internal/prom":
            self._answer(200, generate_latest(), CONTENT_TYPE_LATEST)
            return
        endpoint, status, answer = self._outcome(method, at.path, parse_qs(at.query), body)
        self._answer(status, json.dumps(answer).encode(), "application/json")
        telemetry.responses.labels(endpoint, status).inc()
        telemetry.response_seconds.labels(endpoint, status).observe(time.monotonic() - started)

    def _outcome(self, method: str, path: str, query: dict, body: bytes) -> tuple[str, int, dict]:
        endpoint = f"{method} unknown"
        try:
            match method, path.strip("/").split("/"):
                case "GET", ["health"]:
                    endpoint = "/health"
                    self.desk.database.query("SELECT 1")
                    return endpoint, 200, {"well": True}
                case "POST", ["v1", "trades"]:
                    endpoint = "POST /v1/trades"
                    request = request_of(json.loads(body), self.headers.get("X-Request"))
                    return endpoint, 201, {"trade": shown(self.desk.place(request))}
                case "GET", ["v1", "trades", ref]:
                    endpoint = "GET /v1/trades/{ref}"
                    return endpoint, 200, {"trade": shown(self.desk.find(ref))}
                case "DELETE", ["v1", "trades", ref]:
                    endpoint = "DELETE /v1/trades/{ref}"
                    trade = self.desk.cancel(ref)
                    return endpoint, 200 if trade.is_final else 202, {"trade": shown(trade)}
                case "GET", ["v1", "holdings"]:
                    endpoint = "GET /v1/holdings"
                    held = self.desk.trades.holdings()
                    return endpoint, 200, {"holdings": [{"pair": pair, "amount": amount} for pair, amount in held]}
                case "GET", ["v1", "price"]:
                    endpoint = "GET /v1/price"
                    best = self.desk.market.best(settings.PAIRS.get(query.get("pair", [""])[0], ""))
                    if best is None:
                        # A refusal, and no failure of the service: what is missing is the market.
                        raise Problem(409, "NO_PRICE")
                    return endpoint, 200, {"sell_at": f"{best[0]:f}", "buy_at": f"{best[1]:f}"}
            raise Problem(404, "NO_SUCH_PATH")
        except Problem as problem:
            trade = {} if problem.trade is None else {"trade": shown(problem.trade)}
            return endpoint, problem.status, {"problem": {"code": problem.code}, **trade}
        except (ValueError, KeyError):
            return endpoint, 400, {"problem": {"code": "BAD_REQUEST"}}
        except DatabaseAway:
            return endpoint, 503, {"problem": {"code": "BOOKS_AWAY"}}

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if status == 503:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512


if __name__ == "__main__":
    # Threads that wait for an answer get the interpreter sooner.
    sys.setswitchinterval(0.001)
    Handler.desk = Desk()
    Handler.desk.work()
    Server((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
