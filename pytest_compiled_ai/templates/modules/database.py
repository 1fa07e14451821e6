"""Rows of a database over a pool of connections, on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Engine, create_engine, text

__all__ = ["read_rows", "write_rows"]


def read_rows(url: str, query: str, **values: Any) -> list[dict[str, Any]]:
    """Return the rows of a query as dicts: (url, "SELECT name FROM items WHERE price < :most", most=5).

    Connections are kept in a pool, one pool for each address, and tested before they are used again.

    Args:
        url: an address as SQLAlchemy takes it: "sqlite:///shop.db", "postgresql+psycopg://user@host/shop".
        query: SQL with a name behind a colon for each value.
        values: the values by name; they are never pasted into the SQL.

    Raises:
        SQLAlchemyError: the query fails.
    """
    with _engine(url).connect() as connection:
        return [dict(row) for row in connection.execute(text(query), values).mappings()]


def write_rows(url: str, statement: str, rows: Sequence[Mapping[str, Any]]) -> int:
    """Run a statement for all rows or for none: (url, "INSERT INTO items VALUES (:name)", [{"name": "tea"}]).

    Returns:
        How many rows it changed.

    Raises:
        SQLAlchemyError: it fails; nothing is written then.
    """
    if not rows:
        return 0
    with _engine(url).begin() as connection:
        return max(connection.execute(text(statement), [dict(row) for row in rows]).rowcount, 0)


@cache
def _engine(url: str) -> Engine:
    return create_engine(url, pool_pre_ping=True, pool_recycle=1800)
