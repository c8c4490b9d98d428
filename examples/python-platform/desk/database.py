"""Postgres through pgBouncer. It pools transactions, so nothing here outlives one: statements go by the simple protocol."""

import threading
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import pg8000.native
from pg8000.native import literal

from . import settings, telemetry

SIZE = 16
FAILURES = (pg8000.native.InterfaceError, pg8000.native.DatabaseError, OSError)


class DatabaseAway(Exception):
    """The database cannot be reached, or does not answer in time. What was asked of it may have happened."""


def sql(text: str, *values: object) -> str:
    """The statement with the values in the places of its braces."""
    return text.format(*(literal(value) for value in values))


def connect(url: str) -> pg8000.native.Connection:
    at = urlsplit(url)
    return pg8000.native.Connection(
        user=unquote(at.username or ""),
        password=unquote(at.password or ""),
        host=at.hostname or "127.0.0.1",
        port=at.port or 5432,
        database=at.path[1:],
        timeout=settings.DATABASE_TIMEOUT,
    )


class Transaction:
    def __init__(self, connection: pg8000.native.Connection, commit: str) -> None:
        self.run = connection.run
        self._commit = commit

    def end(self, statement: str) -> None:
        """The last statement, committed in the same message: what it locks is not held for a round trip."""
        self.run(f"{statement}; {self._commit}")


class Database:
    def __init__(self, url: str) -> None:
        self._url = url
        self._free: list[pg8000.native.Connection] = []
        self._lock = threading.Lock()
        self._places = threading.Semaphore(SIZE)
        self._used = 0

    def query(self, statement: str) -> list:
        """One statement, in a transaction of its own."""
        with self._connection() as connection:
            return connection.run(statement)

    @contextmanager
    def transaction(self):
        """A transaction: committed by its last statement, rolled back when anything fails in it."""
        with self._connection() as connection:
            if "half-booked" in settings.ACTIVE:  # DEFECT half-booked
                yield Transaction(connection, commit="")
                return
            connection.run("BEGIN")
            transaction = Transaction(connection, commit="COMMIT")
            try:
                yield transaction
            except FAILURES:
                raise  # The connection is closed, and that rolls back.
            except BaseException:
                connection.run("ROLLBACK")
                raise

    @contextmanager
    def _connection(self):
        if not self._places.acquire(timeout=settings.CHECKOUT_TIMEOUT):
            raise DatabaseAway("no connection is free")
        connection = None
        self._count(1)
        try:
            with self._lock:
                connection = self._free.pop() if self._free else None
            connection = connection or connect(self._url)
            yield connection
        except FAILURES as error:
            # Whatever state it is in, nobody else shall have it.
            self._discard(connection)
            connection = None
            raise DatabaseAway(str(error)[:200]) from error
        finally:
            if connection is not None:
                with self._lock:
                    self._free.append(connection)
            self._count(-1)
            self._places.release()

    def _count(self, change: int) -> None:
        with self._lock:
            self._used += change
            telemetry.database_connections.labels("yes").set(self._used)
            telemetry.database_connections.labels("no").set(len(self._free))

    @staticmethod
    def _discard(connection) -> None:
        if connection is None:
            return
        try:
            connection.close()
        except FAILURES:
            pass  # It was closed already.
