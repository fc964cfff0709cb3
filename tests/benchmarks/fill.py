"""Figures straight into the tables of either database, as many and as they would have come, month by month."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, inspect, text

from tests.stocked import TODAY

MONTHS = 84
LAST = TODAY.year * 12 + TODAY.month - 2
"""November 2017, in months since year 0."""
SENT_AT_ONCE = 1_000
FILLED = ("figure", "figure_revision")
PLACES = "CREATE TEMPORARY TABLE place (number INTEGER PRIMARY KEY, code TEXT)"
SUBMISSIONS = """
INSERT INTO submission (id, partnership_id, agency_id, via, status, counts, rows, recorded_at, recorded_by, seq)
WITH RECURSIVE sent(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM sent WHERE number < :many)
SELECT (SELECT coalesce(max(id), 0) FROM submission) + number, 1, 1, 'csv', 'accepted', :counts, '[]', :at, 'key',
    (SELECT seq FROM ledger)
FROM sent
"""
EVENTS = """
INSERT INTO audit_event (id, seq, at, partnership_id, actor, action, subject_kind, subject, data, previous, hash)
SELECT (SELECT max(id) FROM audit_event) + row_number() OVER (ORDER BY id), seq, :at, 1, 'key', 'figures submitted',
    'submission', CAST(id AS TEXT), '{}', '', 'filled ' || id
FROM submission WHERE id > :before
"""
FIGURES = """
INSERT INTO figure (id, indicator_id, area_code, breakdown, first_month, last_month, revision, recorded_at,
    submission_id, seq, value, numerator, denominator, status, qualifier, note)
WITH RECURSIVE month(last) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT last + 1 FROM month WHERE last < :last),
made AS (
    SELECT indicator.id AS indicator, place.code AS area, month.last,
        month.last - CASE indicator."window" WHEN 'rolling_year' THEN 11 ELSE 0 END AS first,
        indicator.measure = 'percentage' AS of_parts,
        60 + (indicator.id * 37 + month.last * 13 + place.number * 7) % 40
            + CASE WHEN month.last % 12 > 5 THEN 10 ELSE 0 END AS value,
        row_number() OVER (ORDER BY month.last, place.number, indicator.id) AS number
    FROM month CROSS JOIN place CROSS JOIN indicator
)
SELECT :figures + number, indicator, area, '', first, last, 1, :at, :submissions + 1 + (number - 1) / :sent,
    (SELECT seq FROM ledger), CAST(CASE WHEN of_parts THEN value / 2.0 ELSE value END AS {number}),
    CASE WHEN of_parts THEN CAST(value AS {number}) END, CASE WHEN of_parts THEN CAST(200 AS {number}) END,
    'final', 'exact', ''
FROM made ORDER BY number
"""
REVISIONS = """
INSERT INTO figure_revision (figure_id, number, reason, recorded_at, recorded_by, submission_id, seq,
    value, numerator, denominator, status, qualifier, note)
SELECT id, 1, '', recorded_at, 'key', submission_id, seq, value, numerator, denominator, status, qualifier, note
FROM figure WHERE id > :figures ORDER BY id
"""


def fill(url: str, areas: Sequence[str]) -> None:
    """Figures of every indicator, month and area, a thousand in a submission. PostgreSQL then knows how many."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            for pragma in (
                "synchronous = OFF",
                "journal_mode = OFF",
                "cache_size = -1000000",
                "temp_store = MEMORY",
            ):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        with _without_indexes(connection):
            _fill(connection, areas)
        connection.exec_driver_sql(
            "PRAGMA journal_mode = WAL" if _is_sqlite(connection) else "VACUUM ANALYZE"
        )
    engine.dispose()


def _fill(connection: Connection, areas: Sequence[str]) -> None:
    connection.exec_driver_sql(PLACES)
    places = [{"number": number, "code": code} for number, code in enumerate(areas, 1)]
    connection.execute(text("INSERT INTO place (number, code) VALUES (:number, :code)"), places)
    indicators = _number(connection, "SELECT count(*) FROM indicator")
    before = {
        "figures": _number(connection, "SELECT coalesce(max(id), 0) FROM figure"),
        "submissions": _number(connection, "SELECT coalesce(max(id), 0) FROM submission"),
    }
    at = {"at": "2017-12-20 09:00:00.000000"}
    many = -(-indicators * MONTHS * len(areas) // SENT_AT_ONCE)
    connection.execute(text(SUBMISSIONS), {"many": many, "counts": "{}", **at})
    connection.execute(text(EVENTS), {"before": before["submissions"], **at})
    number = "TEXT" if _is_sqlite(connection) else "NUMERIC"
    months = {"first": LAST - MONTHS + 1, "last": LAST, "sent": SENT_AT_ONCE}
    connection.execute(text(FIGURES.format(number=number)), {**before, **months, **at})
    connection.execute(text(REVISIONS), {"figures": before["figures"]})
    connection.exec_driver_sql("DROP TABLE place")
    for name in () if _is_sqlite(connection) else ("submission", "audit_event"):
        # PostgreSQL counts on from the ids that it gave out itself.
        given = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
        connection.exec_driver_sql(given)


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Sorting for an index once takes a tenth of the time of keeping it row by row."""
    held = [(name, each) for name in FILLED for each in inspect(connection).get_indexes(name)]
    plain = [(name, each) for name, each in held if not each["unique"]]
    for _, index in plain:
        connection.exec_driver_sql(f"DROP INDEX {index['name']}")
    yield
    for name, index in plain:
        columns = ", ".join(str(column) for column in index["column_names"])
        connection.exec_driver_sql(f"CREATE INDEX {index['name']} ON {name} ({columns})")


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _number(connection: Connection, query: str) -> int:
    return int(connection.exec_driver_sql(query).scalar_one())
