"""Databases by their short names: made, copied, looked into and dropped, file store included.

Every real name carries this sandbox's prefix, so nothing else on a shared server is ever touched.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from workorder_sandbox.errors import DatabaseUnreachable, disk_full

_LIBPQ = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
    "options": "PGOPTIONS",
}


def named_server(url: str) -> dict[str, str]:
    """How to connect to the server a URL names (`WORKORDER_DATABASE_URL`), checked by connecting once.

    Raises DatabaseUnreachable: unreadable URL, no answer, no right to create databases, or the user Odoo refuses.
    """
    try:
        told = {key: str(value) for key, value in conninfo_to_dict(url).items() if key != "dbname"}
        with psycopg.connect(**told, dbname="postgres", connect_timeout=10) as session:  # type: ignore[arg-type]
            row = session.execute(
                "SELECT current_user, rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as error:
        words = str(error).strip().splitlines() or [""]
        raise DatabaseUnreachable(
            f"The server in WORKORDER_DATABASE_URL cannot be used ({words[-1].strip()}): correct the URL, or unset it "
            "to use the sandbox's own server."
        ) from error
    if row is None or row[0] == "postgres" or not row[1]:
        raise DatabaseUnreachable(
            "WORKORDER_DATABASE_URL must name a user that is not 'postgres' (Odoo refuses it) and may create databases "
            "(`CREATE ROLE odoo LOGIN CREATEDB`)."
        )
    return told


class Databases:
    """The databases of one sandbox on one server."""

    def __init__(self, connection: Mapping[str, str], prefix: str, filestores: Path) -> None:
        self._connection = dict(connection)
        self.prefix = prefix
        self._filestores = filestores

    def full_name(self, name: str) -> str:
        """The real name of a database; a name that already is one stays."""
        return name if name.startswith(self.prefix) else self.prefix + name

    def environment(self) -> dict[str, str]:
        """The connection for PostgreSQL's client library, in variables that other users of the machine cannot read."""
        return {_LIBPQ[key]: value for key, value in self._connection.items() if key in _LIBPQ}

    def url(self, name: str = "postgres") -> str:
        """The address of a database, with its password."""
        told = {key: value for key, value in self._connection.items() if key in ("user", "password", "host", "port")}
        user, password = quote(told.get("user", ""), safe=""), quote(told.get("password", ""), safe="")
        host = quote(told.get("host", ""), safe="[]:.")
        login = f"{user}:{password}@" if password else f"{user}@" if user else ""
        return f"postgresql://{login}{host}:{told.get('port', '5432')}/{name}"

    def names(self) -> list[str]:
        """The real names of all databases with our prefix."""
        rows = self._on_server(SQL("SELECT datname FROM pg_database WHERE starts_with(datname, %s)"), [self.prefix])
        return sorted(str(row[0]) for row in rows)

    def exists(self, name: str) -> bool:
        return self.full_name(name) in self.names()

    def create(self, name: str) -> str:
        """Make an empty database and give its real name."""
        full = self.full_name(name)
        self._on_server(SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(Identifier(full)))
        return full

    def copy(self, template: str, name: str) -> str:
        """Copy a database with its file store; the copy gets a database id of its own, as Odoo's own duplicate does."""
        source, full = self.full_name(template), self.full_name(name)
        self._on_server(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(full), Identifier(source)))
        if (self._filestores / source).is_dir():
            # Odoo never writes into a stored file again, so both may share it.
            shutil.copytree(self._filestores / source, self._filestores / full, copy_function=os.link)
        self.query(
            full, "UPDATE ir_config_parameter SET value = gen_random_uuid()::text WHERE key = 'database.uuid'", []
        )
        return full

    def rename(self, name: str, new: str) -> None:
        """Give a database its final name, the file store first: a name that exists is complete."""
        old_name, new_name = self.full_name(name), self.full_name(new)
        if (self._filestores / old_name).is_dir():
            shutil.rmtree(self._filestores / new_name, ignore_errors=True)
            (self._filestores / old_name).rename(self._filestores / new_name)
        self._on_server(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(old_name), Identifier(new_name)))

    def drop(self, name: str) -> None:
        """Drop a database and its file store, connections and all; one that is not there is fine."""
        full = self.full_name(name)
        self._on_server(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(full)))
        shutil.rmtree(self._filestores / full, ignore_errors=True)

    def query(self, name: str, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one SQL statement, committed; gives the rows, or an empty list for one that returns none."""
        return self._run(self.full_name(name), statement.encode(), parameters)

    def _on_server(self, statement: Any, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self._run("postgres", statement, parameters)

    def _run(self, database: str, statement: Any, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        try:
            with psycopg.connect(**self._connection, dbname=database, autocommit=True) as session:  # type: ignore[arg-type]
                cursor = session.execute(statement, parameters or None)
                return cursor.fetchall() if cursor.description else []
        except psycopg.errors.DiskFull as error:
            raise disk_full(f"writing to the database {database}") from error
