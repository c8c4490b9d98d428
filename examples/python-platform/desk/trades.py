"""The trades: what was asked for, sent, executed and held."""

import hashlib
import uuid
from dataclasses import dataclass
from decimal import Decimal

from . import settings, telemetry
from .database import Database, sql
from .exchange import Execution, Report

FINAL = ("DONE", "KILLED", "LAPSED", "REFUSED")
COLUMNS = (
    "ref::text, request_key, fingerprint, exchange_ref, pair, direction, kind, amount::text, limit_price::text, state, done, problem"
)


@dataclass(frozen=True)
class Trade:
    ref: str
    request_key: str
    fingerprint: str
    exchange_ref: str
    pair: str
    direction: str
    kind: str
    amount: str
    limit: str | None
    state: str
    done: Decimal
    problem: str | None

    @property
    def symbol(self) -> str:
        return settings.PAIRS[self.pair]

    @property
    def is_final(self) -> bool:
        return self.state in FINAL


@dataclass(frozen=True)
class Request:
    key: str
    pair: str
    direction: str
    kind: str
    amount: Decimal
    limit: Decimal | None

    @property
    def fingerprint(self) -> str:
        parts = (self.pair, self.direction, self.kind, f"{self.amount:f}", f"{self.limit or 0:f}")
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Trades:
    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, request: Request) -> Trade | None:
        """The new trade, written before anything is sent; None when the key was used before."""
        conflict = "ON CONFLICT (request_key) DO NOTHING"
        key = request.key
        if "check-then-insert" in settings.ACTIVE:  # DEFECT check-then-insert
            if self.with_key(key) is not None:
                return None
            key = f"{key} {uuid.uuid4()}"
        ref = uuid.uuid4()
        rows = self._database.query(
            sql(
                "INSERT INTO trades (ref, request_key, fingerprint, exchange_ref, pair, direction, kind, amount, limit_price)"
                f" VALUES ({{}}, {{}}, {{}}, {{}}, {{}}, {{}}, {{}}, {{}}, {{}}) {conflict} RETURNING {COLUMNS}",
                str(ref), key, request.fingerprint, f"desk-{ref.hex[:28]}", request.pair, request.direction, request.kind,
                request.amount, request.limit,
            )
        )
        return Trade(*rows[0]) if rows else None

    def with_key(self, key: str) -> Trade | None:
        if "check-then-insert" in settings.ACTIVE:
            return self._one(sql("split_part(request_key, ' ', 1) = {} LIMIT 1", key))
        return self._one(sql("request_key = {}", key))

    def with_ref(self, ref: str) -> Trade | None:
        try:
            return self._one(sql("ref = {}", str(uuid.UUID(ref))))
        except ValueError:
            return None

    def with_exchange_ref(self, exchange_ref: str) -> Trade | None:
        return self._one(sql("exchange_ref = {}", exchange_ref))

    def open(self) -> list[Trade]:
        rows = self._database.query(f"SELECT {COLUMNS} FROM trades WHERE state IN ('LIVE', 'PARTIAL') LIMIT 1000")
        return [Trade(*row) for row in rows]

    def due(self) -> list[tuple[Trade, bool]]:
        """The trades to look up now, and whether the grace of each was over before. One that is SENT for so long is lost."""
        rows = self._database.query(
            "UPDATE trades SET look_at = now() + interval '300 milliseconds',"
            " state = CASE state WHEN 'SENT' THEN 'LOST' ELSE state END, lost_at = coalesce(lost_at, now())"
            " WHERE ref IN (SELECT ref FROM trades WHERE look_at <= now() ORDER BY look_at LIMIT 16 FOR UPDATE SKIP LOCKED)"
            f" RETURNING {COLUMNS}, lost_at + interval '{settings.GRACE} seconds' < now()"
        )
        return [(Trade(*row[:-1]), row[-1]) for row in rows]

    def hurry(self, refs: list[str]) -> None:
        """Lets trades be looked up at once whose outcome could not be written."""
        listed = ", ".join(sql("{}", ref) for ref in refs)
        self._database.query(f"UPDATE trades SET look_at = now() WHERE look_at IS NOT NULL AND ref IN ({listed})")

    def lose(self, trade: Trade) -> None:
        self._database.query(
            sql("UPDATE trades SET state = 'LOST', lost_at = now(), look_at = now() WHERE ref = {} AND state = 'SENT'", trade.ref)
        )

    def refuse(self, trade: Trade, problem: str) -> None:
        self._database.query(
            sql(
                "UPDATE trades SET state = 'REFUSED', problem = {}, look_at = NULL WHERE ref = {} AND state IN ('SENT', 'LOST')",
                problem,
                trade.ref,
            )
        )

    def book(self, trade: Trade, report: Report) -> Trade:
        """Writes what the exchange says: each execution once, and never a state that is older than the one there."""
        with self._database.transaction() as transaction:
            run = transaction.run
            [row] = run(sql(f"SELECT {COLUMNS} FROM trades WHERE ref = {{}} FOR UPDATE", trade.ref))
            before = Trade(*row)
            new = self._insert(run, before, report.executions) if report.executions else []
            amount = sum((each.amount for each in new), Decimal(0))
            fees = sum((each.fee for each in new if before.pair.startswith(each.fee_coin)), Decimal(0))
            done = before.done + amount
            # A final state whose executions are not all there yet is looked up again.
            look_at = "NULL" if done >= report.done else "now() + interval '300 milliseconds'"
            [row] = run(
                sql(
                    f"UPDATE trades SET state = {{}}, done = {{}}, look_at = {look_at} WHERE ref = {{}} RETURNING {COLUMNS}",
                    next_state(before.state, report, done),
                    done,
                    trade.ref,
                )
            )
            held = (amount if before.direction == "BUY" else -amount) - fees
            # Everybody's row, so it comes last.
            transaction.end(
                sql(
                    "INSERT INTO holdings VALUES ({}, {})"
                    " ON CONFLICT (pair) DO UPDATE SET amount = holdings.amount + excluded.amount",
                    before.pair,
                    held,
                )
                if new
                else ""
            )
        return Trade(*row)

    def holdings(self) -> list[tuple[str, str]]:
        return [tuple(row) for row in self._database.query("SELECT pair, amount::text FROM holdings ORDER BY pair")]

    def lost(self) -> int:
        return self._database.query("SELECT count(*) FROM trades WHERE state IN ('SENT', 'LOST')")[0][0]

    @staticmethod
    def _insert(run, trade: Trade, executions: list[Execution]) -> list[Execution]:
        rows = ", ".join(
            sql(
                "({}, {}, {}, {}, {}, {}, {}, {})",
                trade.pair, each.number, trade.ref, each.price, each.amount, each.money, each.fee, each.fee_coin,
            )
            for each in executions
        )
        written = run(f"INSERT INTO executions VALUES {rows} ON CONFLICT DO NOTHING RETURNING number")
        numbers = {number for (number,) in written}
        return [each for each in executions if each.number in numbers]

    def _one(self, condition: str) -> Trade | None:
        rows = self._database.query(f"SELECT {COLUMNS} FROM trades WHERE {condition}")
        return Trade(*rows[0]) if rows else None


def next_state(before: str, report: Report, done: Decimal) -> str:
    if before in FINAL:
        return before
    if report.state in FINAL:
        # It is final for clients only with all that was executed.
        return report.state if done >= report.done else ("PARTIAL" if done > 0 else "LIVE")
    return "PARTIAL" if done > 0 else "LIVE"
