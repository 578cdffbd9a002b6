"""Roles, databases and addresses: what a PostgreSQL server must hold before the migrations can run.

Three roles. The owner owns everything and is used by migrations only; the app owns nothing and cannot pass row-level
security; the backup reads everything and writes nothing (``pg_dump`` as owner would stop at FORCE ROW LEVEL SECURITY).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import psycopg
from psycopg import sql

OWNER, APP, BACKUP = "wushi_owner", "wushi_app", "wushi_backup"
DATABASE = "wushi"
EXTENSIONS = ("pg_trgm", "btree_gist")
# Behind row-level security an index serves only conditions that cannot leak. Comparing tokens raises no error that depends
# on a row and has no side effect; unmarked, a search by a rare word reads every row (docs/PERFORMANCE.md, "Search").
TRUST_TOKENS = "ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF"
OLDEST_SERVER = 150000

# A request that hangs must not hold a row lock or a connection for the others.
APP_LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
}


@dataclass(frozen=True, repr=False)
class ClusterUrls:
    """The three addresses of one database."""

    owner: str
    app: str
    backup: str


def socket_url(user: str, password: str, database: str, folder: str) -> str:
    """An address over a Unix socket."""
    return f"postgresql://{quote(user)}:{quote(password, safe='')}@/{quote(database)}?host={quote(folder, safe='')}"


def with_database(url: str, database: str) -> str:
    """The same server and user, another database."""
    # urlunsplit would drop the empty host of a socket's address
    head, mark, tail = url.partition("?")
    scheme, _, rest = head.partition("://")
    return f"{scheme}://{rest.rpartition('/')[0]}/{quote(database)}{mark}{tail}"


def check_name(name: str) -> str:
    """A database's name we are ready to write into a statement; raises ValueError."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise ValueError(
            f"{name!r} is no name for a database: small letters, digits and underscores, 63 at most"
        )
    return name


def client_environment(url: str) -> dict[str, str]:
    """``PG*`` variables for pg_dump and its kin: a password in the arguments could be read by every user."""
    parts = urlsplit(url)
    extra = dict(parse_qsl(parts.query))
    found = {
        "PGHOST": extra.pop("host", "") or unquote(parts.hostname or ""),
        "PGPORT": extra.pop("port", "") or (str(parts.port) if parts.port else ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        "PGSSLMODE": extra.get("sslmode", ""),
        "PGSSLROOTCERT": extra.get("sslrootcert", ""),
    }
    return {name: value for name, value in found.items() if value}


def role_statements(passwords: dict[str, str]) -> list[str]:
    """Statements that make or mend the three roles; run by a superuser, repeatable."""
    statements = []
    for role in (OWNER, APP, BACKUP):
        rights = "BYPASSRLS" if role == BACKUP else "NOBYPASSRLS"
        settings = f"LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION {rights} PASSWORD {_literal(passwords[role])}"
        statements.append(
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') "
            f"THEN CREATE ROLE {role}; END IF; END $$"
        )
        statements.append(f"ALTER ROLE {role} {settings}")
    statements += [f"ALTER ROLE {APP} SET {name} = '{value}'" for name, value in APP_LIMITS.items()]
    statements.append(f"ALTER ROLE {BACKUP} SET default_transaction_read_only = on")
    statements.append(f"GRANT pg_read_all_data TO {BACKUP}")
    return statements


def rights_on_database(database: str) -> list[str]:
    """Statements that let the three roles in, and nobody else; run by a superuser in any database."""
    return [
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"GRANT CREATE, CONNECT, TEMPORARY ON DATABASE {database} TO {OWNER}",
        f"GRANT CONNECT ON DATABASE {database} TO {APP}, {BACKUP}",
    ]


def statements_inside(database_owner: bool = True) -> list[str]:
    """Statements for inside the database: the schema is the owner's to build in, and nobody else's."""
    to_owner = [] if database_owner else [f"GRANT ALL ON SCHEMA public TO {OWNER}"]
    return [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        *to_owner,
        f"GRANT USAGE ON SCHEMA public TO {APP}, {BACKUP}",
        TRUST_TOKENS,
    ]


def extension_statements() -> list[str]:
    """Both are trusted: the owner may create them, and then owns them, so that a restore needs no superuser."""
    return [f"CREATE EXTENSION IF NOT EXISTS {name}" for name in EXTENSIONS]


def make_roles(superuser_url: str, passwords: dict[str, str]) -> None:
    """Make or mend the three roles on a server we are superuser of."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        # the server's log must not keep the passwords
        connection.execute("SET log_statement = 'none'")
        for statement in role_statements(passwords):
            connection.execute(statement.encode())


def make_database(superuser_url: str, owner_url: str, database: str) -> bool:
    """Make a database for the owner; False if it was there. Its rights and extensions are mended either way."""
    check_name(database)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not there:
            connection.execute(
                sql.SQL(
                    "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
                ).format(sql.Identifier(database), sql.Identifier(OWNER))
            )
        for statement in rights_on_database(database):
            connection.execute(statement.encode())
    with psycopg.connect(with_database(superuser_url, database), autocommit=True) as connection:
        for statement in statements_inside():
            connection.execute(statement.encode())
    with psycopg.connect(with_database(owner_url, database), autocommit=True) as connection:
        for statement in extension_statements():
            connection.execute(statement.encode())
    return not there


def drop_database(superuser_url: str, database: str) -> None:
    """Drop a database, and whoever is still connected to it."""
    check_name(database)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )


def tables_in(url: str) -> int:
    """How many tables of ours the database holds."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
            "AND n.nspname NOT LIKE 'pg\\_%'"
        ).fetchone()
    return int(row[0]) if row else 0


def server_troubles(app_url: str, owner_url: str) -> list[str]:
    """What is wrong with a server the environment names, in words: unreachable, too old, an app role that may too much."""
    troubles: list[str] = []
    for setting, url in (("DATABASE_URL", app_url), ("DATABASE_OWNER_URL", owner_url)):
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
                troubles += _role_troubles(connection, setting)
        except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
            troubles.append(f"{setting}: the server does not let us in ({_short(error)}).")
    return troubles


def _role_troubles(connection: psycopg.Connection, setting: str) -> list[str]:
    found = []
    if connection.info.server_version < OLDEST_SERVER:
        found.append(f"{setting}: PostgreSQL 15 or newer is needed.")
    row = connection.execute(
        "SELECT rolsuper, rolbypassrls, has_database_privilege(current_database(), 'CREATE'), current_user "
        "FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    assert row is not None
    superuser, passes, creates, name = row
    if setting == "DATABASE_URL" and (superuser or passes):
        found.append(
            f"{setting}: role {name} passes row-level security (SUPERUSER or BYPASSRLS); it must not."
        )
    if setting == "DATABASE_OWNER_URL" and not creates:
        found.append(f"{setting}: role {name} may not create in this database (GRANT CREATE ON DATABASE).")
    return found


def _short(error: psycopg.Error) -> str:
    return " ".join(str(error).split())[:200]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def instructions(given: str) -> str:
    """What to run on one's own server when only one of the two addresses was set."""
    missing = "DATABASE_OWNER_URL" if given == "DATABASE_URL" else "DATABASE_URL"
    passwords = {
        OWNER: "<password of the owner>",
        APP: "<password of the app>",
        BACKUP: "<password of the backup>",
    }
    lines = [
        f"{given} is set but {missing} is not: both are needed, or neither (then Wushi brings its own PostgreSQL).",
        "To prepare a server, run as its superuser, with passwords of your own:",
        "",
        *(f"    {statement};" for statement in role_statements(passwords)),
        f"    CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';",
        *(f"    {statement};" for statement in rights_on_database(DATABASE)),
        f"    \\connect {DATABASE}",
        *(f"    {statement};" for statement in statements_inside()),
        f"    SET ROLE {OWNER};",
        *(f"    {statement};" for statement in extension_statements()),
        "",
        "Then set, and run the command again:",
        f"    DATABASE_URL=postgresql://{APP}:<password of the app>@<host>:5432/{DATABASE}",
        f"    DATABASE_OWNER_URL=postgresql://{OWNER}:<password of the owner>@<host>:5432/{DATABASE}",
        f"    DATABASE_BACKUP_URL=postgresql://{BACKUP}:<password of the backup>@<host>:5432/{DATABASE}",
    ]
    return "\n".join(lines)
