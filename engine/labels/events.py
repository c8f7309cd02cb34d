"""The words and the tables of the label log.

    acts     one row for each thing a person did: who, when, what; or which earlier act it undoes
    marks    what an act said about one image: its class, or that it is cleared or skipped, and how that came about
    changes  what an act did to a class: added, renamed, recoloured, merged, deleted

All three only ever grow; triggers in the database refuse to change or delete a row.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from engine.errors import LabelsUnreadable

HAND = ("click", "key", "grid", "lasso", "command", "imported", "reviewed")  # how a person says what an image is
ACCEPTED = "accepted"  # how a person takes over what a propagation says: a pseudo-label
CLEARED = "cleared"
SKIPPED = "skipped"
HOWS = (*HAND, ACCEPTED, CLEARED, SKIPPED)

CONFIRM = "confirm"  # the act of a person who has seen what speaks against a label and says what it is
UNDO = "undo"
REDO = "redo"
PATIENCE = 60  # seconds to wait for another process that is writing

TABLES = sa.MetaData()

ACTS = sa.Table(
    "acts",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),  # ISO 8601, UTC
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("undoes", sa.Integer, sa.ForeignKey("acts.id")),
    sa.Column("detail", sa.JSON(none_as_null=True)),
    sqlite_autoincrement=True,
)

MARKS = sa.Table(
    "marks",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("act", sa.Integer, sa.ForeignKey("acts.id"), nullable=False, index=True),
    sa.Column("image", sa.Text, nullable=False, index=True),
    sa.Column("class_id", sa.Integer),
    sa.Column("how", sa.Text, nullable=False),
    sa.Column("probability", sa.Float),
    sa.Column("propagation", sa.Text),
    sa.Column("detail", sa.JSON(none_as_null=True)),
    sqlite_autoincrement=True,
)

CHANGES = sa.Table(
    "changes",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),  # the id of the class, where the change adds one
    sa.Column("act", sa.Integer, sa.ForeignKey("acts.id"), nullable=False, index=True),
    sa.Column("what", sa.Text, nullable=False),  # add, rename, recolour, merge or delete
    sa.Column("class_id", sa.Integer),
    sa.Column("name", sa.Text),
    sa.Column("colour", sa.Text),
    sa.Column("key", sa.Text),
    sa.Column("target", sa.Integer),  # the class that a merged one goes into
    sqlite_autoincrement=True,
)


@dataclass(frozen=True)
class LabelClass:
    """One class as it stands."""

    id: int
    name: str
    colour: str  # #RRGGBB
    key: str  # the key that gives it; "" where the keys have run out


def open_database(path: Path) -> sa.Engine:
    """The database of a log, made where it is missing. Holds no connection open between transactions.

    Raises:
        LabelsUnreadable: now or at any later use, where the file is damaged, locked or may not be written.
    """
    engine = sa.create_engine(
        f"sqlite:///{path}", poolclass=sa.NullPool, connect_args={"timeout": PATIENCE, "isolation_level": None}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _say_error)
    with engine.execution_options(writing=True).begin() as connection:
        if not sa.inspect(connection).has_table("changes"):
            TABLES.create_all(connection)
            _forbid_changes(connection)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    """Take the write lock at once where a transaction will write: waiting later could only fail."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _say_error(context: sa.engine.ExceptionContext) -> None:
    """What the disk or another program did to the file, as an error of the user's; our own mistakes stay as is."""
    error = context.original_exception
    if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
        path = context.engine.url.database if context.engine else "The label log"
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise LabelsUnreadable(
                f"Another program has kept {path} to itself for {PATIENCE} seconds, so this was not saved. "
                "Close that program, then try again."
            ) from error
        raise LabelsUnreadable(
            f"{path} cannot be used ({error}). See that it may be written and that no other program holds it; "
            "if it is damaged, restore it from a copy of the project."
        ) from error


def _forbid_changes(connection: sa.Connection) -> None:
    for table in TABLES.sorted_tables:
        for verb in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name} "
                "BEGIN SELECT RAISE(ABORT, 'the label log only grows'); END"
            )
