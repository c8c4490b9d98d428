"""What the desk does: it takes orders, sends each once, and finds out what became of it."""

import json
import os
import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from . import settings, telemetry
from .database import Database, DatabaseAway
from .exchange import Exchange, Execution, Lost, NotSent, Refused, Report, STATES, money_of
from .market import Market
from .trades import Request, Trade, Trades

KEY_WAIT = 2.0
# An event is looked at so much later, since the answer to the request usually says the same.
EVENT_DELAY = 0.3
REMEMBERED = 20_000


class Problem(Exception):
    """What a client is told instead of what it asked for."""

    def __init__(self, status: int, code: str, trade: Trade | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.trade = status, code, trade


class Recent:
    """The latest things that were noted."""

    def __init__(self) -> None:
        self._noted: dict[object, None] = {}

    def note(self, what: object) -> None:
        self._noted[what] = None
        if len(self._noted) > REMEMBERED:
            self._noted.pop(next(iter(self._noted)))

    def __contains__(self, what: object) -> bool:
        return what in self._noted


class Desk:
    def __init__(self) -> None:
        self.database = Database(os.environ["DATABASE_URL"])
        self.exchange = Exchange()
        self.market = Market(self.exchange)
        self.trades = Trades(self.database)
        self._unwritten: set[str] = set()
        self._events: queue.SimpleQueue[tuple[float, dict]] = queue.SimpleQueue()
        self._booked = Recent()

    def place(self, request: Request) -> Trade:
        telemetry.keys.inc()
        self._check_limits(request)
        trade = self.trades.claim(request)
        if trade is None:
            return self._answer_again(request)
        try:
            return self._send(trade)
        except DatabaseAway:
            self._unwritten.add(trade.ref)
            raise

    def cancel(self, ref: str) -> Trade:
        trade = self.find(ref)
        if trade.is_final:
            raise Problem(409, "TOO_LATE", trade)
        was_asked = True
        try:
            self.exchange.cancel(trade.symbol, trade.exchange_ref)
        except Refused:
            pass  # It has ended, or is not there: a lookup tells.
        except (Lost, NotSent):
            was_asked = False
        trade = self.settle(trade) or trade
        if trade.state == "KILLED" or (was_asked and not trade.is_final):
            return trade
        raise Problem(409, "TOO_LATE", trade) if trade.is_final else Problem(503, "EXCHANGE_AWAY")

    def find(self, ref: str) -> Trade:
        trade = self.trades.with_ref(ref)
        if trade is None:
            raise Problem(404, "NO_SUCH_TRADE")
        return trade

    def settle(self, trade: Trade, is_over: bool = False) -> Trade | None:
        """Looks a trade up and books what the exchange says; None when it says nothing. `is_over`: its grace was."""
        try:
            report = self.exchange.look_up(trade.symbol, trade.exchange_ref, trade.done)
        except (Lost, NotSent, Refused):
            telemetry.looked_up.labels("failed").inc()
            return None
        if report is not None:
            telemetry.looked_up.labels("found" if trade.state in ("SENT", "LOST") else "changed").inc()
            return self._book(trade, report)
        if trade.state == "LOST" and is_over:
            telemetry.looked_up.labels("never_arrived").inc()
            self.trades.refuse(trade, "NEVER_ARRIVED")
        return None

    def work(self) -> None:
        """Starts everything that goes on without clients."""
        for loop in (self.market.follow, self._follow_own_orders, self._book_events, self._settle_due, self._settle_open):
            threading.Thread(target=loop, daemon=True).start()

    def _check_limits(self, request: Request) -> None:
        why = self._limit_broken_by(request)
        if why is None:
            return
        telemetry.declined.labels(why).inc()
        raise Problem(402, why)

    def _limit_broken_by(self, request: Request) -> str | None:
        if request.amount > settings.MAX_AMOUNT:
            return "TOO_BIG"
        best = self.market.best(settings.PAIRS[request.pair])
        if best is None:
            return "NO_PRICE"
        middle = (best[0] + best[1]) / 2
        if request.limit is not None and abs(request.limit - middle) > middle * Decimal(str(settings.PRICE_BAND)):
            return "TOO_FAR"
        return None

    def _answer_again(self, request: Request) -> Trade:
        """The key was used before: the same order gets the same trade, as soon as its outcome is known."""
        until = time.monotonic() + KEY_WAIT
        while True:
            trade = self.trades.with_key(request.key)
            if trade is not None and trade.fingerprint != request.fingerprint:
                telemetry.key_clashes.inc()
                raise Problem(409, "KEY_CLASH")
            if trade is not None and trade.state != "SENT":
                return self._said(trade)
            if time.monotonic() > until:
                raise Problem(409, "KEY_BUSY")
            time.sleep(0.05)

    def _send(self, trade: Trade) -> Trade:
        try:
            report = self._place(trade, trade.exchange_ref)
        except Refused as refusal:
            telemetry.sent.labels("refused").inc()
            self.trades.refuse(trade, f"EXCHANGE {refusal.code}")
            raise Problem(402, "EXCHANGE_SAID_NO", self.trades.with_ref(trade.ref)) from refusal
        except NotSent as problem:
            telemetry.sent.labels("not_sent").inc()
            self.trades.refuse(trade, "NOT_SENT")
            raise Problem(503, "EXCHANGE_AWAY") from problem
        except Lost:
            telemetry.sent.labels("lost").inc()
            self.trades.lose(trade)
            return self._said(self._resend(trade) or self.settle(trade) or self.find(trade.ref))
        telemetry.sent.labels("taken").inc()
        return self._book(trade, report)

    def _resend(self, trade: Trade) -> Trade | None:
        if "resend" not in settings.ACTIVE:
            return None
        try:  # DEFECT resend
            return self._book(trade, self._place(trade, f"{trade.exchange_ref}-2"))
        except (Refused, NotSent, Lost):
            return None

    def _place(self, trade: Trade, exchange_ref: str) -> Report:
        return self.exchange.place(trade.symbol, exchange_ref, trade.direction, trade.kind, trade.amount, trade.limit)

    @staticmethod
    def _said(trade: Trade) -> Trade:
        if trade.state in ("SENT", "LOST"):
            raise Problem(504, "NOT_KNOWN_YET", trade)
        if trade.state == "REFUSED":
            raise Problem(402, "EXCHANGE_SAID_NO", trade)
        return trade

    def _follow_own_orders(self) -> None:
        """The exchange's events of our orders: each execution is booked when it happens."""
        while True:
            try:
                with connect(f"{os.environ['BINANCE_WS_URL']}/ws-api/v3", open_timeout=2, close_timeout=0.5) as socket:
                    socket.send(json.dumps(self.exchange.subscription()))
                    for text in socket:
                        self._events.put((time.monotonic() + EVENT_DELAY, json.loads(text).get("event", {})))
            except (OSError, WebSocketException, ValueError, TimeoutError):
                time.sleep(0.5)  # What was missed meanwhile, the list of open orders shows.

    def _book_events(self) -> None:
        while True:
            at, event = self._events.get()
            time.sleep(max(0.0, at - time.monotonic()))
            try:
                self._hear(event)
            except DatabaseAway:
                continue  # The list of open orders shows it.

    def _hear(self, event: dict) -> None:
        if event.get("e") != "executionReport" or event["x"] == "NEW":
            return
        exchange_ref = event["C"] or event["c"]
        if (event["s"], event["t"]) in self._booked or exchange_ref in self._booked:
            return
        trade = self.trades.with_exchange_ref(exchange_ref)
        if trade is None:
            return
        executions = []
        if event["x"] == "TRADE":
            price, amount = event["L"], event["l"]
            fee = Decimal(event["n"])
            executions = [Execution(event["t"], Decimal(price), Decimal(amount), money_of(price, amount), fee, event["N"])]
        self._book(trade, Report(event["i"], STATES[event["X"]], Decimal(event["z"]), executions))

    def _book(self, trade: Trade, report: Report) -> Trade:
        booked = self.trades.book(trade, report)
        for each in report.executions:
            self._booked.note((trade.symbol, each.number))
        if booked.is_final:
            self._booked.note(trade.exchange_ref)
        return booked

    def _settle_due(self) -> None:
        with ThreadPoolExecutor(4) as workers:
            while True:
                time.sleep(0.5)
                try:
                    if self._unwritten:
                        refs = list(self._unwritten)
                        self.trades.hurry(refs)
                        self._unwritten.difference_update(refs)
                    due = self.trades.due()
                    telemetry.lost.set(self.trades.lost())
                    list(workers.map(lambda each: self.settle(*each), due))
                except DatabaseAway:
                    continue

    def _settle_open(self) -> None:
        """The list of open orders shows which of ours have changed without a word."""
        while True:
            time.sleep(1)
            try:
                trades = self.trades.open()
                for symbol in {trade.symbol for trade in trades}:
                    listed = self.exchange.open_orders(symbol)
                    for trade in trades:
                        if trade.symbol == symbol and listed.get(trade.exchange_ref) != trade.done:
                            self.settle(trade)
            except (DatabaseAway, Lost, NotSent, Refused):
                continue
