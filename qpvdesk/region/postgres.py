"""PostgreSQL: operations keyed by author and sequence, and one table of rows for each thing that is consolidated.

The only module that opens a connection. One contract is one transaction: whoever reads sees it as it was, or as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import msgspec
import psycopg
from psycopg import sql

from qpvdesk.domain.errors import UserError
from qpvdesk.region.tables import CONTRACTS, TABLES, Form, Results, State, Table
from qpvdesk.storage.exchange.ledger import OPERATION_COLUMNS, OperationLine

SCHEMA = "qpvdesk"
READERS, WRITERS = "qpvdesk_lecture", "qpvdesk_ecriture"
OLDEST = 15
_TYPES = {
    Form.TEXT: "text",
    Form.INTEGER: "bigint",
    Form.NUMBER: "double precision",
    Form.DAY: "date",
    Form.FLAG: "boolean",
}
_NUMBERS = frozenset({"numero", "horloge", "numero_remplace"})
_FIXED = f"""
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
SET search_path = {SCHEMA};
CREATE TABLE IF NOT EXISTS operation (
    famille text NOT NULL, {", ".join(f"{name} {'bigint' if name in _NUMBERS else 'text'}" for name in OPERATION_COLUMNS)},
    PRIMARY KEY (famille, auteur, numero)
);
COMMENT ON TABLE operation IS 'Le journal : qui a écrit quoi, et quand. Une ligne ne change que si son texte est effacé.';
CREATE TABLE IF NOT EXISTS consolidation (
    contrat text PRIMARY KEY, etat jsonb NOT NULL, faite_le timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE consolidation IS 'Ce dont les lignes de chaque contrat ont été faites, et quand.';
"""
_VIEWS = """
CREATE OR REPLACE VIEW derniere_evaluation AS
SELECT e.*, c.nom AS nom_contrat, c.region, c.departement, c.fictif, o.libelle, o.partenaire, o.thematique, o.territoire,
    o.echelle, o.unite, o.valeur_cible, o.date_cible
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
    '{"type":"MultiPolygon","coordinates":' || contour || '}' AS geojson
FROM lieu WHERE contour IS NOT NULL;
COMMENT ON VIEW contour IS 'Les lieux dont le contour est connu, pour une carte (geojson : ST_GeomFromGeoJSON).';
"""


class Server:
    """A PostgreSQL server, from its address (`postgresql://…`). A context manager that closes."""

    def __init__(self, address: str) -> None:
        """Raises `UserError` where the server cannot be reached, is too old or refuses."""
        with _told():
            self._connection = psycopg.connect(address, autocommit=True, connect_timeout=10)
            if self._connection.info.server_version < OLDEST * 10000:
                self._connection.close()
                raise UserError(
                    f"Ce serveur est plus ancien que PostgreSQL {OLDEST}. Rien n’a été écrit.",
                    "Demandez une base sur un serveur plus récent.",
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
        return None if row is None else msgspec.json.decode(row[0], type=State)

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
            for name in (*(table.name for table in TABLES), "consolidation"):
                self._clear(name, contract)

    def _clear(self, name: str, contract: str) -> None:
        self._connection.execute(
            sql.SQL("DELETE FROM {} WHERE contrat = %s").format(sql.Identifier(name)), (contract,)
        )

    def _declare(self) -> None:
        """Make what is missing: roles, tables with their comments, views."""
        # Two runs that begin at once wait for each other.
        self._connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (SCHEMA,))
        for role in (READERS, WRITERS):
            if not self._connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
                self._connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        self._connection.execute(sql.SQL(_FIXED))
        for table in TABLES:
            self._declare_table(table)
        self._connection.execute(sql.SQL(_VIEWS))
        self._connection.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {READERS}, {WRITERS}")
        self._connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {READERS}, {WRITERS}")
        self._connection.execute(
            f"GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {WRITERS}"
        )

    def _declare_table(self, table: Table) -> None:
        name = sql.Identifier(table.name)
        columns = [
            sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(_TYPES[column.form]))
            for column in table.columns
        ]
        self._connection.execute(
            sql.SQL("CREATE TABLE IF NOT EXISTS {} ({})").format(name, sql.SQL(", ").join(columns))
        )
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
            self._connection.execute(
                sql.SQL("COMMENT ON COLUMN {}.{} IS {}").format(
                    name, sql.Identifier(column.name), sql.Literal(column.comment)
                )
            )


@contextmanager
def _told() -> Iterator[None]:
    """Say what a server refuses in one sentence."""
    try:
        yield
    except psycopg.Error as error:
        raise UserError(
            "Le serveur PostgreSQL n’a pas répondu, ou a refusé. Ce contrat est resté tel qu’il y était\u202f; ce qui était"
            " déjà consolidé est gardé.",
            "Vérifiez l’adresse, le mot de passe et la place sur le serveur, puis recommencez.",
        ) from error
