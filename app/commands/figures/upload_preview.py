"""Builds the preview of a file: for each row, a sentence on what sending it would change."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlmodel import Session
from sqlmodel import select as select_rows

from app.commands.figures.difference import differences
from app.domain.figures import figure as figures
from app.domain.number import number_words, plain
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan.indicator import Indicator as MeasuredIndicator
from app.domain.plan.indicator import Measure
from app.models.figures.sent_row import SentRow, continued
from app.models.figures.submission import RowOut
from app.models.figures.upload import UploadRowOut
from app.models.plan.indicator import Indicator
from app.queries.figures.figure import domain_figure
from app.queries.figures.read.row import period_of
from app.queries.figures.read.stored import read_by_ids
from app.queries.figures.visibility import FigureVisibility


def preview(
    session: Session,
    partnership_id: int,
    receipt_rows: Sequence[RowOut],
    sent_rows: Sequence[SentRow],
    visibility: FigureVisibility,
) -> list[UploadRowOut]:
    """One preview row for each row sent. `receipt_rows` are from a dry run of `sent_rows`, already undone."""
    rows = session.exec(select_rows(Indicator).where(Indicator.partnership_id == partnership_id)).all()
    measured = {row.code: (row, row.judged()) for row in rows}
    stored_rows = _stored_rows(session, receipt_rows)
    return [
        _row(out, row, measured, stored_rows, visibility)
        for out, row in zip(receipt_rows, sent_rows, strict=True)
    ]


def _stored_rows(session: Session, receipt_rows: Sequence[RowOut]) -> dict[int, dict[str, Any]]:
    """Stored figures, by id, that the rows would revise or leave unchanged."""
    ids = {
        int(row["figure"].id)
        for row in receipt_rows
        if row["figure"] is not None and row["outcome"] != "created"
    }
    return {row["id"]: row for row in read_by_ids(session, ids)}


def _row(
    receipt_row: RowOut,
    row: SentRow,
    measured: Mapping[str, tuple[Indicator, MeasuredIndicator]],
    stored_rows: Mapping[int, dict[str, Any]],
    visibility: FigureVisibility,
) -> UploadRowOut:
    indicator = measured.get(receipt_row["indicator"] or "")
    new_words = old_words = None
    stored = stored_rows.get(int(receipt_row["figure"].id)) if receipt_row["figure"] is not None else None
    if indicator is not None:
        new_words = _new_words(row, indicator[1])
        old_words = _old_words(stored, *indicator, visibility)
    line = row.line if row.line is not None else row.row
    preview_row = UploadRowOut(
        row=receipt_row["row"],
        line=line,
        outcome=receipt_row["outcome"],
        indicator=receipt_row["indicator"],
        indicator_title=receipt_row["indicator_title"],
        period=receipt_row["period"],
        period_label=receipt_row["period_label"],
        words=new_words,
        was=old_words,
        sentence="",
        warnings=receipt_row["warnings"],
        errors=receipt_row["errors"],
    )
    if "notes" in receipt_row:
        preview_row["notes"] = receipt_row["notes"]
    if "sheet" in receipt_row:
        preview_row["sheet"] = receipt_row["sheet"]
    preview_row["sentence"] = _sentence(
        preview_row, _other_changes(row, stored) if old_words is not None and old_words == new_words else []
    )
    return preview_row


def _other_changes(row: SentRow, stored: Mapping[str, Any] | None) -> list[str]:
    """Changes of a figure beside its value, in words."""
    if row.figure is None or stored is None:
        return []
    values = {**row.figure.model_dump(), "value": stored["value"]}
    return differences(stored, row.with_stored_note(dict(stored), values))


def _new_words(row: SentRow, measured: MeasuredIndicator) -> str | None:
    figure = row.figure
    if figure is None or (figure.value is None and figure.missing is None and figure.numerator is None):
        return None
    value = figure.value
    if value is None and figure.numerator is not None and figure.denominator:
        value = figures.ratio_value(figure.numerator, figure.denominator, measured)
    values = {**figure.model_dump(), "value": value}
    return _exact_words(values, parse_period(figure.period), measured)


def _old_words(
    stored: Mapping[str, Any] | None,
    indicator: Indicator,
    measured: MeasuredIndicator,
    visibility: FigureVisibility,
) -> str | None:
    if stored is None or visibility.hides(indicator, stored["last_month"]):
        return None
    return _exact_words(stored, period_of(stored["first_month"], stored["last_month"]), measured)


def _exact_words(values: Mapping[str, Any], period: Period, measured: MeasuredIndicator) -> str:
    """Formats a figure as pages do, but with every digit, so that it can be compared with the file."""
    figure = domain_figure(values, period)
    if figure.value is None:
        return figures.figure_words(figure, measured)
    number = _exact_number_words(figure.value, measured)
    return number if figure.qualifier is figures.Qualifier.EXACT else f"{figure.qualifier.value} {number}"


def _exact_number_words(value: Decimal, measured: MeasuredIndicator) -> str:
    return plain(value) if measured.measure is Measure.COUNT else number_words(value, measured.word_unit)


def _sentence(row: UploadRowOut, other_changes: list[str]) -> str:
    """ "Row 7, Hate crime, Q2 2017/18: changes from 260 to 271." """
    sheet = f" of “{row['sheet']}”" if "sheet" in row else ""
    about = (f"Row {row['line']}{sheet}", row["indicator_title"], row["period_label"])
    return f"{', '.join(filter(None, about))}: {_outcome(row, other_changes)}"


def _outcome(row: UploadRowOut, other_changes: list[str]) -> str:
    words, was = row["words"] or "nothing", row["was"]
    match row["outcome"]:
        case "created":
            return f"{words}, new."
        case "revised" if other_changes:
            return f"stays {words}, but {', '.join(other_changes)}."
        case "revised":
            return f"changes from {was} to {words}." if was is not None else f"changes to {words}."
        case "unchanged":
            return f"stays {words}."
    if row["warnings"] and not row["errors"]:
        return " ".join(_continued(warning["message"]) for warning in row["warnings"])
    return " ".join(_continued(error["message"]) for error in row["errors"]) or "not sent."


def _continued(message: str) -> str:
    """The message without the cell's address, as row and column are named beside it, and in lower case."""
    head, colon, rest = message.partition(": ")
    if colon and head.startswith("Cell "):
        return rest
    return continued(message)
