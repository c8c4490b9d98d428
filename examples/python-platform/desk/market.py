"""The order books, kept by the exchange's rule: each update begins where the one before ended."""

import json
import os
import threading
import time
from decimal import Decimal

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from . import settings, telemetry
from .exchange import Exchange, Lost, NotSent

SNAPSHOT_PAUSE = 0.25
LONGEST_PAUSE = 2.0


class Gap(Exception):
    pass


class Book:
    def __init__(self) -> None:
        self.bids: dict[Decimal, Decimal] = {}
        self.asks: dict[Decimal, Decimal] = {}
        self.last: int | None = None
        self.waiting: list[dict] = []

    def forget(self) -> None:
        self.last = None
        self.waiting = []

    def start(self, snapshot: dict) -> bool:
        """Whether the snapshot reaches the updates that wait."""
        if self.waiting and snapshot["lastUpdateId"] < self.waiting[0]["U"]:
            return False
        self.bids = {Decimal(price): Decimal(amount) for price, amount in snapshot["bids"]}
        self.asks = {Decimal(price): Decimal(amount) for price, amount in snapshot["asks"]}
        self.last = snapshot["lastUpdateId"]
        waiting, self.waiting = self.waiting, []
        for update in waiting:
            self.apply(update)
        return True

    def apply(self, update: dict) -> None:
        if update["u"] <= self.last:
            return
        if update["U"] > self.last + 1 and "ignore-gaps" not in settings.ACTIVE:  # DEFECT ignore-gaps
            self.forget()
            self.waiting = [update]
            raise Gap
        for side, changes in ((self.bids, update["b"]), (self.asks, update["a"])):
            for price, amount in changes:
                if Decimal(amount) == 0:
                    side.pop(Decimal(price), None)
                else:
                    side[Decimal(price)] = Decimal(amount)
        self.last = update["u"]

    def best(self) -> tuple[Decimal, Decimal] | None:
        if self.last is None or not self.bids or not self.asks:
            return None
        return max(self.bids), min(self.asks)


class Market:
    """Follows the market in threads of its own, and gives up a connection on which nothing comes."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._books = {symbol: Book() for symbol in settings.PAIRS.values()}
        self._heard = dict.fromkeys(self._books, time.monotonic())
        self._fetching: set[str] = set()
        self._lock = threading.Lock()
        telemetry.market_message_time.set_to_current_time()

    def best(self, symbol: str) -> tuple[Decimal, Decimal] | None:
        """The best prices; None while the book is not whole, or old."""
        with self._lock:
            if time.monotonic() - self._heard[symbol] > settings.STALE_AFTER:
                return None
            return self._books[symbol].best()

    def follow(self) -> None:
        streams = "/".join(f"{symbol.lower()}@depth@100ms" for symbol in self._books)
        url = f"{os.environ['BINANCE_WS_URL']}/stream?streams={streams}"
        pause = 0.1
        while True:
            cause = "closed"
            try:
                with connect(url, open_timeout=2, close_timeout=0.5, max_size=None) as socket:
                    while True:
                        self._hear(json.loads(socket.recv(timeout=settings.STALE_AFTER))["data"])
                        pause = 0.1
            except TimeoutError:
                cause = "silent"
            except (OSError, WebSocketException, ValueError, KeyError):
                pass
            telemetry.market_rebuilds.labels(cause).inc()
            with self._lock:
                for book in self._books.values():
                    book.forget()
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _hear(self, update: dict) -> None:
        symbol = update["s"]
        telemetry.market_messages.inc()
        telemetry.market_message_time.set_to_current_time()
        with self._lock:
            self._heard[symbol] = time.monotonic()
            book = self._books[symbol]
            if book.last is None:
                book.waiting.append(update)
            else:
                self._apply(book, lambda: book.apply(update))
            is_whole = book.last is not None
        if not is_whole and symbol not in self._fetching:
            self._fetching.add(symbol)
            threading.Thread(target=self._fetch, args=(symbol,), daemon=True).start()

    def _fetch(self, symbol: str) -> None:
        try:
            snapshot = self._exchange.depth(symbol)
            with self._lock:
                book = self._books[symbol]
                if book.last is None and book.waiting:
                    if not self._apply(book, lambda: book.start(snapshot)):
                        telemetry.market_rebuilds.labels("old_snapshot").inc()
        except (Lost, NotSent):
            pass
        time.sleep(SNAPSHOT_PAUSE)
        self._fetching.discard(symbol)

    @staticmethod
    def _apply(book: Book, change) -> bool | None:
        try:
            return change()
        except Gap:
            telemetry.market_rebuilds.labels("gap").inc()
            return True
