"""A partnership of the size the service is meant for: twelve agencies, each with five indicators and a key."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from app.commands.change import Change
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.access.authority import Role, Scope
from app.models.plan.partnership import Agency, Partnership
from tests.build import BUILDER, TODAY, make_key, make_person, make_token
from tests.town import NOW, READS

AGENCIES = tuple(f"agency-{number:02d}" for number in range(1, 13))
EACH = 5
QUARTERS = ("2017-18-Q1", "2017-18-Q2")
POSTS = (*READS, Scope.POST_FIGURES, Scope.READ_SUBMISSIONS)


def codes(agency: str) -> list[str]:
    return [f"{agency}-i{number}" for number in range(1, EACH + 1)]


def document() -> str:
    """Counts but for the last of each agency, which is a percentage."""
    lines = [
        "saferplan: 1",
        "partnership: {code: county, name: County Partnership, short_name: County, area: E10000001}",
        "areas: [{code: E10000001, name: County, kind: partnership}]",
        "agencies:",
        *(
            f"  - {{code: {each}, name: {each.capitalize()}, kind: responsible_authority}}"
            for each in AGENCIES
        ),
        "  - {code: council, name: Council, kind: responsible_authority}",
        "plan: {code: plan, version: 1, title: Plan, status: adopted, first_year: 2017-18, last_year: 2019-20}",
        "priorities:",
        "  - code: all",
        "    title: Everything",
        "    measures:",
        *(
            f"      - {{code: m-{code}, words: Measure {code}, indicators: [{code}]}}"
            for each in AGENCIES
            for code in codes(each)
        ),
        "indicators:",
    ]
    for each in AGENCIES:
        for number, code in enumerate(codes(each), 1):
            kind = (
                "measure: percentage, adds_up: latest, decimals: 1"
                if number == EACH
                else "measure: count, adds_up: sum"
            )
            lines.append(
                f"  - {{code: {code}, title: Indicator {code}, {kind}, polarity: lower_is_better, responsible: {each},"
                " baseline: {period: 2016-17, value: 400}, target: {words: Fewer than 400}}"
                if number < EACH
                else f"  - {{code: {code}, title: Indicator {code}, {kind}, polarity: higher_is_better,"
                f" responsible: {each}}}"
            )
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class County:
    """Secrets of keys by agency, and sign-ins of the partnership's own people."""

    keys: dict[str, str]
    analyst: str
    """A person who sends for the ninth agency by form."""
    officer: str
    approver: str


def make_county(session: Session) -> County:
    load(Change(session, BUILDER, None, TODAY, NOW), parse_document(document()), partnerships_allowed=None)
    session.flush()
    county = session.exec(select(Partnership)).one()
    agencies = {agency.code: agency for agency in session.exec(select(Agency))}

    def signed_in(role: Role, agency: str | None = None) -> str:
        person = make_person(session, county, role, agency=agencies[agency] if agency else None)
        return make_token(session, person)

    return County(
        keys={
            each: make_key(session, county, agency=agencies[each], scopes=POSTS, name=each).secret
            for each in AGENCIES
        },
        analyst=signed_in(Role.CONTRIBUTOR, AGENCIES[8]),
        officer=signed_in(Role.OFFICER),
        approver=signed_in(Role.APPROVER),
    )


def rows(agency: str, quarter: str, value: int = 90) -> list[dict[str, Any]]:
    """A whole return: four counts and a percentage."""
    return [
        {
            "indicator": code,
            "period": quarter,
            "value": value + number if number < EACH else 61.5,
            "status": "final",
        }
        for number, code in enumerate(codes(agency), 1)
    ]


def as_csv(sent: list[dict[str, Any]]) -> str:
    lines = [f"{row['indicator']},{row['period']},{row['value']},{row['status']}" for row in sent]
    return "\n".join(["indicator,period,value,status", *lines]) + "\n"
