"""What sending a file would do, row by row, in words for the person who is about to send it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlmodel import Session
from sqlmodel import select as select_rows

from app.commands.figures.difference import differences
from app.domain.figures import figure as figures
from app.domain.number import figure_words, plain
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan.indicator import Indicator as Measured
from app.domain.plan.indicator import Measure
from app.models.figures.sent_row import SentRow, continued
from app.models.figures.submission import RowOut
from app.models.figures.upload import UploadRowOut
from app.models.plan.indicator import Indicator
from app.queries.figures.figure import domain_figure
from app.queries.figures.read.row import period_of
from app.queries.figures.read.stored import figures_numbered
from app.queries.figures.visibility import FigureVisibility


def preview(
    session: Session,
    partnership_id: int,
    told: Sequence[RowOut],
    sent: Sequence[SentRow],
    visibility: FigureVisibility,
) -> list[UploadRowOut]:
    """`told` is the receipt of a dry run of `sent`, which left nothing behind."""
    rows = session.exec(select_rows(Indicator).where(Indicator.partnership_id == partnership_id)).all()
    measured = {row.code: (row, row.judged()) for row in rows}
    there = _there(session, told)
    return [_row(out, row, measured, there, visibility) for out, row in zip(told, sent, strict=True)]


def _there(session: Session, told: Sequence[RowOut]) -> dict[str, dict[str, Any]]:
    """The figures that rows would change or leave, as they stand, by address."""
    addresses = {row["figure"] for row in told if row["figure"] is not None and row["outcome"] != "created"}
    ids = [int(address.rpartition("/")[2]) for address in addresses]
    return {f"/api/v1/figures/{row['id']}": row for row in figures_numbered(session, ids)}


def _row(
    told: RowOut,
    sent: SentRow,
    measured: Mapping[str, tuple[Indicator, Measured]],
    there: Mapping[str, dict[str, Any]],
    visibility: FigureVisibility,
) -> UploadRowOut:
    indicator = measured.get(told["indicator"] or "")
    words = was = None
    stored = there.get(told["figure"] or "")
    if indicator is not None:
        words = _said(sent, indicator[1])
        was = _was(stored, *indicator, visibility)
    line = sent.line if sent.line is not None else sent.row
    made = UploadRowOut(
        row=told["row"],
        line=line,
        outcome=told["outcome"],
        indicator=told["indicator"],
        indicator_title=told["indicator_title"],
        period=told["period"],
        period_label=told["period_label"],
        words=words,
        was=was,
        sentence="",
        warnings=told["warnings"],
        errors=told["errors"],
    )
    if "notes" in told:
        made["notes"] = told["notes"]
    if "sheet" in told:
        made["sheet"] = told["sheet"]
    made["sentence"] = _sentence(made, _beside(sent, stored) if was is not None and was == words else [])
    return made


def _beside(sent: SentRow, stored: Mapping[str, Any] | None) -> list[str]:
    """What changes of a figure whose value stays."""
    if sent.figure is None or stored is None:
        return []
    values = {**sent.figure.model_dump(), "value": stored["value"]}
    return differences(stored, sent.with_stored_note(dict(stored), values))


def _said(sent: SentRow, measured: Measured) -> str | None:
    row = sent.figure
    if row is None or (row.value is None and row.missing is None and row.numerator is None):
        return None
    value = row.value
    if value is None and row.numerator is not None and row.denominator:
        value = figures.ratio_value(row.numerator, row.denominator, measured)
    values = {**row.model_dump(), "value": value}
    return _words(values, parse_period(row.period), measured)


def _was(
    stored: Mapping[str, Any] | None, indicator: Indicator, measured: Measured, visibility: FigureVisibility
) -> str | None:
    if stored is None or visibility.hides(indicator, stored["last_month"]):
        return None
    return _words(stored, period_of(stored["first_month"], stored["last_month"]), measured)


def _words(values: Mapping[str, Any], period: Period, measured: Measured) -> str:
    """As pages say it, but with every digit: what is being checked must not be rounded."""
    made = domain_figure(values, period)
    if made.value is None:
        return figures.words(made, measured)
    number = _exactly(made.value, measured)
    return number if made.qualifier is figures.Qualifier.EXACT else f"{made.qualifier.value} {number}"


def _exactly(value: Decimal, measured: Measured) -> str:
    return plain(value) if measured.measure is Measure.COUNT else figure_words(value, measured.word_unit)


def _sentence(row: UploadRowOut, beside: list[str]) -> str:
    """ "Row 7, Hate crime, Q2 2017/18: changes from 260 to 271." """
    sheet = f" of “{row['sheet']}”" if "sheet" in row else ""
    about = (f"Row {row['line']}{sheet}", row["indicator_title"], row["period_label"])
    return f"{', '.join(filter(None, about))}: {_outcome(row, beside)}"


def _outcome(row: UploadRowOut, beside: list[str]) -> str:
    words, was = row["words"] or "nothing", row["was"]
    match row["outcome"]:
        case "created":
            return f"{words}, new."
        case "revised" if beside:
            return f"stays {words}, but {', '.join(beside)}."
        case "revised":
            return f"changes from {was} to {words}." if was is not None else f"changes to {words}."
        case "unchanged":
            return f"stays {words}."
    if row["warnings"] and not row["errors"]:
        return " ".join(_continued(warning["message"]) for warning in row["warnings"])
    return " ".join(_continued(error["message"]) for error in row["errors"]) or "not sent."


def _continued(message: str) -> str:
    """Without the cell's address, which the row and the column's name beside it say already."""
    head, colon, rest = message.partition(": ")
    if colon and head.startswith("Cell "):
        return rest
    return continued(message)
