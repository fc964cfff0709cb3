"""A town of two agencies with three indicators each, and its people: one agency for each way of walking.

Each has figures up to the second quarter of 2017/18, and none of fires since April 2017.
"""

from sqlmodel import Session, select

from app.domain.access.authority import Role
from app.models.plan.partnership import Agency, Partnership
from tests.build import make_person

PLACES = {"javascript": "east", "plain": "west"}
INDICATOR = """
  - code: {place}-{code}
    title: {title} in the {place}
    measure: count
    polarity: lower_is_better
    adds_up: sum
    responsible: {place}
    baseline: {{period: 2016-17, value: 470}}
    target: {{words: Fewer than 470, recorded_on: 2017-07-31}}"""
TITLES = {"hate": "Hate crime", "repeats": "Repeat victims", "fires": "Fires"}
INDICATORS = "".join(
    INDICATOR.format(place=place, code=code, title=title)
    for place in PLACES.values()
    for code, title in TITLES.items()
)
FIGURES = "".join(
    f"""
  {place}-{code}:
    - status: final
      values: {{2016-17-Q3: 116, 2016-17-Q4: 118{"" if code == "fires" else ", 2017-18-Q1: 121, 2017-18-Q2: 119"}}}"""
    for place in PLACES.values()
    for code in TITLES
)
DOCUMENT = f"""
saferplan: 1
partnership: {{code: town, name: Town Community Safety Partnership, short_name: Town, area: E08000032}}
areas: [{{code: E08000032, name: Town, kind: district}}]
agencies:
  - {{code: east, name: East Safety Team, kind: other}}
  - {{code: west, name: West Safety Team, kind: other}}
plan:
  {{code: plan, version: 1, title: Plan, status: adopted, first_year: 2017-18, last_year: 2019-20}}
priorities:
  - code: people
    title: Safer people
    measures:
      - {{code: east, words: The east, indicators: [east-hate, east-repeats, east-fires]}}
      - {{code: west, words: The west, indicators: [west-hate, west-repeats, west-fires]}}
indicators:{INDICATORS}
figures:{FIGURES}
"""
STAFF, AUDITOR, BOARD = (f"{name}@saferplan.example" for name in ("manager", "auditor", "board"))


def add_people(session: Session) -> None:
    """Adds staff, an auditor, a Board member, and an analyst for each agency."""
    here = session.exec(select(Partnership)).one()
    make_person(session, here, Role.ADMINISTRATOR, email=STAFF, name="Partnership manager")
    make_person(session, here, Role.AUDITOR, email=AUDITOR, name="Internal auditor")
    make_person(session, here, Role.READER, email=BOARD, name="Board member")
    for agency in session.exec(select(Agency)):
        make_person(
            session, here, Role.CONTRIBUTOR, agency=agency, email=analyst(agency.code), name="Analyst"
        )


def analyst(place: str) -> str:
    return f"{place}@saferplan.example"
