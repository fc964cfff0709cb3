"""Names that a submission's rows may use, and its sender's access."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlmodel import Session, select

from app.domain.access.authority import Access
from app.domain.plan.indicator import Indicator as Measured
from app.files.similar_name import SimilarNames
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Area, Partnership


@dataclass(frozen=True)
class SubmissionContext:
    """Names that a row may use, and the access of its sender."""

    indicators: Mapping[str, Indicator]
    areas: frozenset[str]
    own_area: str
    access: Access | None
    """None for the deployment's own command line."""
    partnership_id: int
    districts: tuple[str, ...] = ()
    """Those that make up the partnership's own area."""

    @cached_property
    def measured(self) -> Mapping[str, Measured]:
        """Indicators as the domain judges them, by code."""
        return {code: each.judged() for code, each in self.indicators.items()}

    @cached_property
    def foreign_indicators(self) -> frozenset[str]:
        """Codes of the indicators that this sender may not send."""
        access = self.access
        if access is None:
            return frozenset()
        return frozenset(
            code
            for code, indicator in self.indicators.items()
            if not access.posts_for(indicator.responsible_agency_id, indicator.suppliers)
        )

    @cached_property
    def similar_indicators(self) -> SimilarNames:
        return SimilarNames(self.indicators)

    @cached_property
    def similar_areas(self) -> SimilarNames:
        return SimilarNames(self.areas)


def submission_context(
    session: Session, partnership: Partnership, access: Access | None
) -> SubmissionContext:
    """Reads the names that figures of a partnership may use."""
    indicators = session.exec(select(Indicator).where(Indicator.partnership_id == partnership.id)).all()
    areas = session.exec(
        select(Area.code, Area.kind, Area.within).where(Area.partnership_id == partnership.id)
    ).all()
    own_area = partnership.area_code
    return SubmissionContext(
        indicators={indicator.code: indicator for indicator in indicators},
        areas=frozenset(code for code, _, _ in areas),
        own_area=own_area,
        access=access,
        partnership_id=partnership.id,
        districts=tuple(code for code, kind, within in areas if (kind, within) == ("district", own_area)),
    )
