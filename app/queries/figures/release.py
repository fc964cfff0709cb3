"""Lists releases of figures, as far as the actor may see them, and those that took effect by date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.domain.access.audience import Audience
from app.domain.access.authority import Access
from app.domain.figures.release import Approval, in_force
from app.domain.period import Period
from app.domain.plan.indicator import Frequency, Window
from app.models.author import author_out
from app.models.figures.release import Release, ReleaseOut
from app.models.plan.indicator import Indicator
from app.models.wire import instant_text
from app.queries.figures.day_reached import day_reached
from app.queries.figures.visibility import FigureVisibility


@dataclass(frozen=True, slots=True)
class ReleaseEntry:
    """A release; `out` is None if the actor may not see it."""

    id: int
    out: ReleaseOut | None


def period_ending(indicator: Indicator, last_month: int) -> Period:
    """The period of an indicator's usual figure that ends in a month."""
    rolling = indicator.window == Window.ROLLING_YEAR
    months = 12 if rolling else Frequency(indicator.frequency).months
    return Period(last_month - months + 1, months)


@dataclass(frozen=True, slots=True)
class ReleaseFilter:
    indicator: str | None
    """Its code."""
    period: Period | None
    since: int | None
    """A ledger number."""


def list_releases(
    session: Session,
    partnership_id: int,
    access: Access,
    visibility: FigureVisibility,
    filters: ReleaseFilter,
) -> list[ReleaseEntry]:
    """Releases, oldest first; with `since`, of indicators changed after that ledger number or released since."""
    query = (
        select(Release, Indicator)
        .join(Indicator, col(Indicator.id) == Release.indicator_id)
        .where(Release.partnership_id == partnership_id)
        .order_by(col(Release.id))
    )
    since = filters.since
    if filters.indicator is not None:
        query = query.where(Indicator.code == filters.indicator)
    if filters.period is not None:
        query = query.where(Release.last_month == filters.period.last)
    rows = session.exec(query).all()
    outs = {
        release.id: _release_out(release, of, alike, access, visibility)
        for alike in _grouped(rows)
        for release, of in alike
    }
    effective = (
        released_since(session, partnership_id, since, visibility.today) if since is not None else set()
    )
    return [
        ReleaseEntry(release.id, outs[release.id])
        for release, of in rows
        if (since is None and outs[release.id] is not None)
        or (since is not None and (of.seq > since or of.id in effective))
    ]


def own_release_out(
    session: Session, release: Release, indicator: Indicator, access: Access, visibility: FigureVisibility
) -> ReleaseOut:
    """A release as its author sees it."""
    query = select(Release).where(
        Release.indicator_id == indicator.id, Release.last_month == release.last_month
    )
    alike = [(each, indicator) for each in session.exec(query.order_by(col(Release.id)))]
    out = _release_out(release, indicator, alike, access, visibility)
    assert out is not None
    return out


def released_since(session: Session, partnership_id: int, since: int, today: date) -> set[int]:
    """Ids of indicators with a release that took effect by date after a ledger number was reached.

    The same number gives the same indicators again: a poller may get one twice, but misses none.
    """
    day = day_reached(session, since)
    query = select(Release.indicator_id).where(
        Release.partnership_id == partnership_id,
        col(Release.from_on) > day,
        col(Release.from_on) <= today,
    )
    return set(session.exec(query))


Row = tuple[Release, Indicator]


def _grouped(rows: Sequence[Row]) -> list[list[Row]]:
    """Groups releases of the same figures, oldest first; one of each group is in force."""
    groups: dict[tuple[int, int], list[Row]] = {}
    for row in rows:
        groups.setdefault((row[0].indicator_id, row[0].last_month), []).append(row)
    return list(groups.values())


def _release_out(
    release: Release, indicator: Indicator, alike: Sequence[Row], access: Access, visibility: FigureVisibility
) -> ReleaseOut | None:
    sees = not visibility.hides(indicator, release.last_month)
    if not sees and not access.releases_for(indicator.responsible_agency_id, indicator.suppliers):
        return None
    period = period_ending(indicator, release.last_month)
    return ReleaseOut(
        id=str(release.id),
        indicator=indicator.code,
        indicator_title=indicator.title,
        period=str(period),
        period_start=period.start.isoformat(),
        period_end=period.end.isoformat(),
        period_label=period.short_label,
        audience=release.audience,
        audience_label=Audience(release.audience).label,
        from_on=release.from_on.isoformat(),
        state=_state(release, [each for each, _ in alike], visibility.today),
        reason=release.reason if sees else "",
        recorded_at=instant_text(release.recorded_at),
        recorded_by=release.recorded_by,
        author=author_out(release.author),
    )


def _state(release: Release, alike: Sequence[Release], today: date) -> str:
    number = in_force([Approval(Audience(each.audience), each.from_on) for each in alike], today)
    mine = [each.id for each in alike].index(release.id)
    if number is not None and mine <= number:
        return "in_force" if mine == number else "replaced"
    return "to_come"
