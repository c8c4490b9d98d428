"""Brings the empty database in DATABASE_URL up to date."""

import os
from pathlib import Path

from .database import connect

if __name__ == "__main__":
    connection = connect(os.environ["DATABASE_URL"])
    connection.run("BEGIN")
    connection.run(Path(__file__).parent.parent.joinpath("schema.sql").read_text())
    connection.run("COMMIT")
    connection.close()
