"""PostgreSQL: operations keyed by author and sequence, and one table of rows for each thing that is consolidated.

The only module that opens a connection. One contract is one transaction: whoever reads sees it as it was, or as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import psycopg
from msgspec.structs import replace
from psycopg import sql

from qpvdesk.domain.errors import UserError
from qpvdesk.region.tables import (
    ASSESSMENTS,
    CONTRACTS,
    DECLARED,
    OPERATIONS,
    TABLES,
    Column,
    Form,
    Results,
    State,
    Table,
)
from qpvdesk.storage.exchange.ledger import OPERATION_COLUMNS, OperationLine

SCHEMA = "qpvdesk"
READERS, WRITERS = "qpvdesk_lecture", "qpvdesk_ecriture"
OLDEST = 15
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""Seconds, and at last milliseconds, after which a server of which nothing is heard has gone away: a cable was pulled."""
_TYPES = {
    Form.TEXT: "text",
    Form.INTEGER: "bigint",
    Form.NUMBER: "double precision",
    Form.DAY: "date",
    Form.FLAG: "boolean",
}
_FIXED = f"""
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
SET search_path = {SCHEMA};
CREATE TABLE IF NOT EXISTS consolidation (
    contrat text PRIMARY KEY, etat jsonb NOT NULL, faite_le timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE consolidation IS 'Ce dont les lignes de chaque contrat ont été faites, et quand.';
COMMENT ON COLUMN consolidation.contrat IS 'Clé du contrat.';
COMMENT ON COLUMN consolidation.etat IS 'État de sa base, et dates calculées.';
COMMENT ON COLUMN consolidation.faite_le IS 'Moment de la dernière consolidation.';
"""
_ADDED = "a_demander"
"""A column added since stands last in a view: PostgreSQL replaces none whose columns change places."""
_FIRST = ", ".join(f"e.{column.name}" for column in ASSESSMENTS.columns if column.name != _ADDED)
_VIEWS = f"""
CREATE OR REPLACE VIEW derniere_evaluation AS
SELECT {_FIRST}, c.nom AS nom_contrat, c.region, c.departement, c.fictif, o.libelle, o.partenaire,
    o.thematique, o.territoire, o.echelle, o.unite, o.valeur_cible, o.date_cible, e.{_ADDED}
FROM evaluation e JOIN contrat c USING (contrat) JOIN objectif o ON o.contrat = e.contrat AND o.code = e.objectif
WHERE e.date_etat = (SELECT max(d.date_etat) FROM evaluation d WHERE d.contrat = e.contrat);
COMMENT ON VIEW derniere_evaluation IS 'Chaque objectif à la dernière date calculée de son contrat, avec son échelle.';
CREATE OR REPLACE VIEW retards_par_partenaire AS
SELECT contrat, nom_contrat, partenaire, echelle, count(*) AS objectifs,
    count(*) FILTER (WHERE groupe = 'a_traiter') AS a_traiter
FROM derniere_evaluation WHERE NOT fictif AND groupe IS NOT NULL GROUP BY 1, 2, 3, 4;
COMMENT ON VIEW retards_par_partenaire IS 'Combien d’objectifs promis sont à traiter, par contrat, partenaire et échelle.';
CREATE OR REPLACE VIEW decision_en_retard AS
SELECT d.*, c.nom AS nom_contrat FROM decision d JOIN contrat c USING (contrat)
WHERE NOT c.fictif AND d.en_retard;
COMMENT ON VIEW decision_en_retard IS 'Les décisions échues à la dernière date calculée de leur contrat.';
CREATE OR REPLACE VIEW contour AS
SELECT contrat, code, nom, niveau, contour,
    '{{"type":"MultiPolygon","coordinates":' || contour || '}}' AS geojson
FROM lieu WHERE contour IS NOT NULL;
COMMENT ON VIEW contour IS 'Les lieux dont le contour est connu, pour une carte (geojson : ST_GeomFromGeoJSON).';
"""
_OF_VIEWS = {
    "derniere_evaluation": {"nom_contrat": "Nom du contrat."},
    "retards_par_partenaire": {
        "nom_contrat": "Nom du contrat.",
        "objectifs": "Combien d’objectifs promis se comptent.",
        "a_traiter": "Combien d’entre eux sont à traiter.",
    },
    "decision_en_retard": {"nom_contrat": "Nom du contrat."},
    "contour": {"geojson": "Contour, en GeoJSON."},
}
"""What a column of a view means, where no table says it."""
_JOURNAL = replace(
    OPERATIONS,
    columns=(Column("famille", Form.TEXT, "La base de l’entrepôt dont vient la ligne."), *OPERATIONS.columns),
)
_DECLARATION = f"qpvdesk : contrats de ville consolidés ({DECLARED})"
"""What the schema says of itself: which tables were declared."""


class Server:
    """A PostgreSQL server, from its address (`postgresql://…`). A context manager that closes."""

    def __init__(self, address: str) -> None:
        """Raises `UserError` where the server cannot be reached, is too old or refuses."""
        with _told():
            self._connection = psycopg.connect(address, autocommit=True, client_encoding="UTF8", **_PATIENCE)
            if self._connection.info.server_version < OLDEST * 10000:
                self._connection.close()
                raise UserError(
                    f"Ce serveur est plus ancien que PostgreSQL {OLDEST}. Rien n’a été écrit.",
                    "Demandez une base sur un serveur plus récent.",
                )
            if (letters := self._connection.info.parameter_status("server_encoding")) != "UTF8":
                self._connection.close()
                raise UserError(
                    f"Cette base PostgreSQL n’écrit pas toutes les lettres ({letters})\u202f: elle perdrait celles des"
                    " contrats. Rien n’a été écrit.",
                    "Demandez une base en UTF8 (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0).",
                )
            with self._connection.transaction():
                self._declare()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def state(self, contract: str) -> State | None:
        """Return what was consolidated of the contract of that key; None where nothing was."""
        with _told():
            row = self._connection.execute(
                "SELECT etat::text FROM consolidation WHERE contrat = %s", (contract,)
            ).fetchone()
        try:
            return None if row is None else msgspec.json.decode(row[0], type=State)
        except msgspec.MsgspecError:
            # Written by another hand: the contract is made again.
            return None

    def follow(self, family: str, operations: Callable[[dict[str, int]], Iterable[OperationLine]]) -> None:
        """Append the operations of a base that are not there yet, erase what it erased: all or nothing."""
        with _told(), self._connection.transaction():
            known: dict[str, int] = dict(
                self._connection.execute(
                    "SELECT auteur, max(numero) FROM operation WHERE famille = %s GROUP BY auteur", (family,)
                ).fetchall()
            )
            self._connection.execute("CREATE TEMP TABLE arrivee (LIKE operation) ON COMMIT DROP")
            names = sql.SQL(", ").join(map(sql.Identifier, ("famille", *OPERATION_COLUMNS)))
            with self._connection.cursor().copy(
                sql.SQL("COPY arrivee ({}) FROM STDIN").format(names)
            ) as copy:
                for line in operations(known):
                    copy.write_row((family, *line))
            self._connection.execute(
                "INSERT INTO operation SELECT * FROM arrivee ON CONFLICT (famille, auteur, numero) DO UPDATE"
                " SET valeur = excluded.valeur, libelle = excluded.libelle"
                " WHERE (operation.valeur, operation.libelle) IS DISTINCT FROM (excluded.valeur, excluded.libelle)"
            )

    def keep(self, found: Results, state: State) -> None:
        """Replace what is there of one contract, in one transaction. Raises `UserError`."""
        contract = str(found[CONTRACTS.name][0][0])
        with _told(), self._connection.transaction():
            self._wait_for(contract)
            for table in TABLES:
                name = sql.Identifier(table.name)
                self._clear(table.name, contract)
                columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
                with self._connection.cursor().copy(
                    sql.SQL("COPY {} ({}) FROM STDIN").format(name, columns)
                ) as copy:
                    for row in found[table.name]:
                        copy.write_row(row)
            self._connection.execute(
                "INSERT INTO consolidation (contrat, etat) VALUES (%s, %s)"
                " ON CONFLICT (contrat) DO UPDATE SET etat = excluded.etat, faite_le = now()",
                (contract, msgspec.json.encode(state).decode()),
            )

    def forget(self, contract: str) -> None:
        """Leave nothing of the contract of that key, which was removed. Raises `UserError`."""
        with _told(), self._connection.transaction():
            self._wait_for(contract)
            for name in (*(table.name for table in TABLES), "consolidation"):
                self._clear(name, contract)

    def _wait_for(self, contract: str) -> None:
        """Let one run at a time write of a contract: two that overlap would each clear what was there, then both add."""
        self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", (SCHEMA, contract)
        )

    def _clear(self, name: str, contract: str) -> None:
        self._connection.execute(
            sql.SQL("DELETE FROM {} WHERE contrat = %s").format(sql.Identifier(name)), (contract,)
        )

    def _declare(self) -> None:
        """Make what is missing: roles, tables with their comments, views."""
        declared = self._connection.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", (SCHEMA,)
        ).fetchone()
        # Its owner alone may: who writes in it has nothing to declare.
        if declared is not None and declared[0] == _DECLARATION:
            self._connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(SCHEMA)))
            return
        # Two runs that begin at once wait for each other.
        self._connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (SCHEMA,))
        for role in (READERS, WRITERS):
            if not self._connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
                try:
                    self._connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
                except psycopg.errors.InsufficientPrivilege as error:
                    raise UserError(
                        "Ce compte ne peut pas créer de rôle sur le serveur PostgreSQL. Rien n’a été écrit.",
                        f"Faites créer «\u202f{READERS}\u202f» et «\u202f{WRITERS}\u202f» par qui administre le"
                        " serveur, puis recommencez.",
                    ) from error
        self._connection.execute(sql.SQL(_FIXED))
        for table in TABLES:
            self._declare_table(table)
        self._declare_table(_JOURNAL, ("famille", "auteur", "numero"))
        self._connection.execute(sql.SQL(_VIEWS))
        for view, own in _OF_VIEWS.items():
            self._comment_view(view, own)
        self._connection.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {READERS}, {WRITERS}")
        self._connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {READERS}, {WRITERS}")
        self._connection.execute(
            f"GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {WRITERS}"
        )
        self._connection.execute(
            sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(SCHEMA), sql.Literal(_DECLARATION))
        )

    def _comment_view(self, view: str, own: dict[str, str]) -> None:
        """Say what each column of a view means: as the table says that it comes from, unless `own` does."""
        told = {column.name: column.comment for table in reversed(TABLES) for column in table.columns} | own
        columns = self._connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s",
            (SCHEMA, view),
        ).fetchall()
        for (column,) in columns:
            self._comment(sql.Identifier(view), column, told[column])

    def _comment(self, table: sql.Identifier, column: str, words: str) -> None:
        self._connection.execute(
            sql.SQL("COMMENT ON COLUMN {}.{} IS {}").format(table, sql.Identifier(column), sql.Literal(words))
        )

    def _declare_table(self, table: Table, key: Sequence[str] = ()) -> None:
        """Make it, or what it lacks of an older version. `key`: the columns that name a row."""
        name = sql.Identifier(table.name)
        columns = [
            sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(_TYPES[column.form]))
            for column in table.columns
        ]
        named = sql.SQL(", ").join(map(sql.Identifier, key))
        whole = [*columns, *([sql.SQL("PRIMARY KEY ({})").format(named)] if key else [])]
        self._connection.execute(
            sql.SQL("CREATE TABLE IF NOT EXISTS {} ({})").format(name, sql.SQL(", ").join(whole))
        )
        for column in columns:
            self._connection.execute(
                sql.SQL("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {}").format(name, column)
            )
        if not key:
            first = [column.name for column in table.columns[: 2 if table.dated else 1]]
            self._connection.execute(
                sql.SQL("CREATE INDEX IF NOT EXISTS {} ON {} ({})").format(
                    sql.Identifier(f"{table.name}_par_contrat"),
                    name,
                    sql.SQL(", ").join(map(sql.Identifier, first)),
                )
            )
        self._connection.execute(
            sql.SQL("COMMENT ON TABLE {} IS {}").format(name, sql.Literal(table.comment))
        )
        for column in table.columns:
            self._comment(name, column.name, column.comment)


@contextmanager
def _told() -> Iterator[None]:
    """Say what a server refuses in one sentence."""
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise UserError(
            "Ce compte n’a pas le droit d’écrire ici sur le serveur PostgreSQL. Rien de plus n’a été écrit.",
            f"Faites consolider une fois par qui possède la base, puis donnez-lui le rôle «\u202f{WRITERS}\u202f».",
        ) from error
    except (psycopg.Error, UnicodeError) as error:
        raise UserError(
            "Le serveur PostgreSQL n’a pas répondu, ou a refusé. Ce contrat est resté tel qu’il y était\u202f; ce qui était"
            " déjà consolidé est gardé.",
            "Vérifiez l’adresse, le mot de passe et la place sur le serveur, puis recommencez.",
        ) from error
