"""Reads the rows of a receipt; values of figures that the actor may not see are hidden."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlmodel import Session, col, select

from app.domain.figures.release import HiddenReason
from app.domain.period_text import parse_period
from app.models.figures.submission import FigureNowOut, RowMessage, RowOut, SheetReadOut, Submission
from app.models.figures.upload import Upload
from app.models.link import Link
from app.models.plan.indicator import Indicator
from app.queries.figures.figure import breakdown_of, hidden_values, words_and_mark
from app.queries.figures.read.hidden import partnership_hidden_reason
from app.queries.figures.read.row import period_of
from app.queries.figures.read.stored import read_by_ids
from app.queries.figures.visibility import FigureVisibility


def rows(session: Session, visibility: FigureVisibility, submission: Submission) -> list[RowOut]:
    codes = {row["indicator"] for row in submission.rows if row.get("indicator")}
    query = select(Indicator).where(
        Indicator.partnership_id == submission.partnership_id, col(Indicator.code).in_(codes)
    )
    indicators = {indicator.code: indicator for indicator in session.exec(query)} if codes else {}
    out = [_row_out(row, _hidden_reason(session, row, visibility, indicators)) for row in submission.rows]
    figures_now = _figures_now(session, visibility, submission, out)
    for row in out:
        row["now"] = figures_now.get(int(row["figure"].id)) if row["figure"] is not None else None
    return out


def _figures_now(
    session: Session, visibility: FigureVisibility, submission: Submission, rows: Iterable[RowOut]
) -> dict[int, FigureNowOut]:
    """The figures of a receipt's rows as they are now, by id, as far as the actor may see them."""
    stored = read_by_ids(session, {int(row["figure"].id) for row in rows if row["figure"] is not None})
    ids = {row["indicator_id"] for row in stored}
    indicators = {row.id: row for row in session.exec(select(Indicator).where(col(Indicator.id).in_(ids)))}
    return {
        row["id"]: _figure_now(row, indicators[row["indicator_id"]], visibility, submission) for row in stored
    }


def _figure_now(
    row: Mapping[str, Any], indicator: Indicator, visibility: FigureVisibility, submission: Submission
) -> FigureNowOut:
    withheld = visibility.hidden_reason(indicator, row["last_month"])
    values: Mapping[str, Any] = hidden_values(row["status"], withheld) if withheld else row
    period = period_of(row["first_month"], row["last_month"])
    words, mark = words_and_mark(values, period, indicator.judged(), row["revision"] > 1)
    return FigureNowOut(
        words=words,
        mark=mark,
        breakdown=breakdown_of(row["breakdown"]),
        revised_since=row["submission_id"] > submission.id,
    )


def sheets_read(session: Session, submission: Submission) -> list[SheetReadOut]:
    """What was read of the uploaded file that the submission came from; none for any other."""
    query = select(Upload.receipt).where(Upload.submission_id == submission.id)
    receipt = session.exec(query).first() or {}
    return cast(list[SheetReadOut], receipt.get("read", []))


def _hidden_reason(
    session: Session,
    row: Mapping[str, Any],
    visibility: FigureVisibility,
    indicators: Mapping[str, Indicator],
) -> HiddenReason | None:
    if row.get("indicator_title") is None:
        return None
    indicator = indicators.get(row.get("indicator") or "")
    if indicator is None or row.get("period") is None:
        # A receipt from before rows named their indicator and period by code.
        return partnership_hidden_reason(session, visibility)
    return visibility.hidden_reason(indicator, parse_period(row["period"]).last)


def _row_out(row: Mapping[str, Any], withheld: HiddenReason | None) -> RowOut:
    out: dict[str, Any] = {"indicator": None, "period": None, **row, "figure": _figure_link(row)}
    out.pop("figure_id", None)
    if withheld is not None:
        out["words"] = withheld.words
        out["warnings"] = [_without_values(each, withheld) for each in row["warnings"]]
        if "notes" in row:
            out["notes"] = [_without_values(each, withheld) for each in row["notes"]]
        out["errors"] = [_without_values(each, withheld) for each in row["errors"]]
    return cast(RowOut, out)


def _figure_link(row: Mapping[str, Any]) -> Link | None:
    """Link to the figure that a row created or changed. Receipts hold its id, those of early versions its address."""
    if "figure_id" in row:
        return Link.to("figures", row["figure_id"])
    address: str | None = row["figure"]
    return Link("figures", address.rpartition("/")[2]) if address is not None else None


def _without_values(message: RowMessage, withheld: HiddenReason) -> RowMessage:
    """Replaces a message, as it may quote the value."""
    return {**message, "message": f"What was said of it is {withheld.words}."}
