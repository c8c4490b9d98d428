"""Binance Spot's order interface: signed requests, and what can be concluded from each answer."""

import hashlib
import hmac
import http.client
import json
import os
import threading
import time
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode, urlsplit

from . import settings

STATES = {
    "NEW": "LIVE",
    "PENDING_NEW": "LIVE",
    "PENDING_CANCEL": "LIVE",
    "PARTIALLY_FILLED": "PARTIAL",
    "FILLED": "DONE",
    "CANCELED": "KILLED",
    "REJECTED": "REFUSED",
    "EXPIRED": "LAPSED",
    "EXPIRED_IN_MATCH": "LAPSED",
}
# With these the exchange says that it does not know the outcome either.
OUTCOME_UNKNOWN = (-1006, -1007)
NO_SUCH_ORDER = -2013
OUTSIDE_RECEIVE_WINDOW = -1021
# A connection that was idle for longer may be closed by the other side at any moment.
IDLE = 2.0


class Refused(Exception):
    """The exchange refused the request: nothing happened."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code = code


class NotSent(Exception):
    """The request has certainly not taken effect."""


class Lost(Exception):
    """Whether the request took effect is not known."""


@dataclass(frozen=True)
class Execution:
    number: int
    price: Decimal
    amount: Decimal
    money: Decimal
    fee: Decimal
    fee_coin: str


@dataclass(frozen=True)
class Report:
    """What the exchange says of an order."""

    order_number: int
    state: str
    done: Decimal
    executions: list[Execution] = field(default_factory=list)


def money_of(price: str, amount: str) -> Decimal:
    if "float-money" in settings.ACTIVE:  # DEFECT float-money
        return Decimal(repr(float(price) * float(amount)))
    return Decimal(price) * Decimal(amount)


def execution_of(entry: dict, number: str) -> Execution:
    price, amount = entry["price"], entry["qty"]
    fee, coin = Decimal(entry["commission"]), entry["commissionAsset"]
    return Execution(int(entry[number]), Decimal(price), Decimal(amount), money_of(price, amount), fee, coin)


def report_of(body: dict) -> Report:
    executions = [execution_of(entry, "tradeId") for entry in body.get("fills", [])]
    return Report(int(body["orderId"]), STATES[body["status"]], Decimal(body["executedQty"]), executions)


class Exchange:
    def __init__(self) -> None:
        self._at = urlsplit(os.environ["BINANCE_REST_URL"])
        self._key = os.environ["BINANCE_API_KEY"]
        self._secret = os.environ["BINANCE_API_SECRET"]
        self._ahead = 0.0
        self._idle: list[tuple[float, http.client.HTTPConnection]] = []
        self._lock = threading.Lock()

    def place(self, symbol: str, exchange_ref: str, direction: str, kind: str, amount: str, limit: str | None) -> Report:
        """Raises Refused, NotSent or Lost."""
        priced = {"timeInForce": "GTC", "price": limit} if kind == "LIMIT" else {}
        order = {"symbol": symbol, "side": direction, "type": kind, "quantity": amount, **priced}
        body = self._signed("POST", "/api/v3/order", {**order, "newClientOrderId": exchange_ref, "newOrderRespType": "FULL"})
        return report_of(body)

    def look_up(self, symbol: str, exchange_ref: str, known: Decimal) -> Report | None:
        """The order with its executions, where there are more than those known; None when the exchange has no such order."""
        try:
            body = self._signed("GET", "/api/v3/order", {"symbol": symbol, "origClientOrderId": exchange_ref})
        except Refused as refusal:
            if refusal.code == NO_SUCH_ORDER:
                return None
            raise
        report = report_of(body)
        if report.done <= known:
            return report
        entries = self._signed("GET", "/api/v3/myTrades", {"symbol": symbol, "orderId": str(report.order_number)})
        executions = [execution_of(entry, "id") for entry in entries]
        return Report(report.order_number, report.state, report.done, executions)

    def open_orders(self, symbol: str) -> dict[str, Decimal]:
        entries = self._signed("GET", "/api/v3/openOrders", {"symbol": symbol})
        return {entry["clientOrderId"]: Decimal(entry["executedQty"]) for entry in entries}

    def cancel(self, symbol: str, exchange_ref: str) -> None:
        self._signed("DELETE", "/api/v3/order", {"symbol": symbol, "origClientOrderId": exchange_ref})

    def depth(self, symbol: str) -> dict:
        status, body = self._call("GET", f"/api/v3/depth?symbol={symbol}&limit=1000", {})
        if status != 200:
            raise Lost(f"HTTP {status}")
        return body

    def signature_of(self, parameters: dict[str, str]) -> str:
        return hmac.new(self._secret.encode(), urlencode(parameters).encode(), hashlib.sha256).hexdigest()

    def subscription(self) -> dict:
        """The request for the stream of this account's own events."""
        parameters = {"apiKey": self._key, "timestamp": self._now()}
        signed = {**parameters, "signature": self.signature_of(parameters)}
        return {"id": "own-orders", "method": "userDataStream.subscribe.signature", "params": signed}

    def _now(self) -> str:
        return str(int((time.time() + self._ahead) * 1000))

    def _signed(self, method: str, path: str, parameters: dict[str, str]):
        try:
            return self._signed_once(method, path, parameters)
        except Refused as refusal:
            if refusal.code != OUTSIDE_RECEIVE_WINDOW:
                raise
        self._learn_time()
        return self._signed_once(method, path, parameters)

    def _signed_once(self, method: str, path: str, parameters: dict[str, str]):
        window = str(int(settings.RECEIVE_WINDOW * 1000))
        all_of_them = {**parameters, "recvWindow": window, "timestamp": self._now()}
        query = f"{urlencode(all_of_them)}&signature={self.signature_of(all_of_them)}"
        status, body = self._call(method, f"{path}?{query}", {"X-MBX-APIKEY": self._key})
        if status == 200:
            return body
        code = body.get("code") if isinstance(body, dict) else None
        if status in (418, 429):
            raise NotSent(f"HTTP {status}")
        # A 5xx says nothing about the order, and neither does a gateway's page.
        if status >= 500 or code is None or code in OUTCOME_UNKNOWN:
            raise Lost(f"HTTP {status} {code}")
        raise Refused(code, body.get("msg", ""))

    def _learn_time(self) -> None:
        before = time.time()
        status, body = self._call("GET", "/api/v3/time", {})
        if status == 200:
            self._ahead = body["serverTime"] / 1000 - (before + time.time()) / 2

    def _call(self, method: str, target: str, headers: dict[str, str]):
        connection = self._take()
        try:
            connection.connect() if connection.sock is None else None
        except OSError as error:
            raise NotSent(str(error)) from error
        try:
            connection.request(method, target, headers=headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Lost(str(error)) from error
        if answer.will_close:
            connection.close()
        else:
            with self._lock:
                self._idle.append((time.monotonic(), connection))
        try:
            return answer.status, json.loads(text, parse_float=Decimal)
        except ValueError:
            if answer.status == 200:
                raise Lost("an answer that is no JSON") from None
            return answer.status, None

    def _take(self) -> http.client.HTTPConnection:
        with self._lock:
            while self._idle:
                since, connection = self._idle.pop()
                if time.monotonic() - since < IDLE:
                    return connection
                connection.close()
        return http.client.HTTPConnection(self._at.hostname, self._at.port, timeout=settings.EXCHANGE_TIMEOUT)
