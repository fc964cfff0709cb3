"""One printer for the entries of all sections: what it prints is read as the same entry."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

import pytest
from pydantic import Field

from app.document.kit.entry import (
    Code,
    Day,
    Entry,
    FlowCodes,
    FlowEntry,
    Line,
    Number,
    Prose,
    WholeNumber,
    YesNo,
)
from app.document.print.entry import print_entry
from app.document.yaml_out import document
from app.document.yaml_text import parse


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Visit(FlowEntry):
    on: Day
    note: Line | None = None


class Everything(Entry):
    """A field of every kind that a section may have."""

    code: Code
    colour: Colour = Colour.RED
    is_open: YesNo = True
    is_late: YesNo = False
    count: WholeNumber = 0
    share: Number | None = None
    from_day: Day | None = Field(default=None, alias="from")
    words: Prose = ""
    codes: FlowCodes = Field(default=[])
    lines: list[Line] = Field(default=[])
    parts: dict[Code, Line] = Field(default={})
    visits: list[Visit] = Field(default=[])
    last_visit: Visit | None = None


FULL = Everything(
    code="a",
    colour=Colour.BLUE,
    is_open=False,
    is_late=True,
    count=3,
    share=Decimal("43.50"),
    from_day=date(2017, 4, 1),
    words="One line\nand another",
    codes=["b", "c"],
    lines=["First", "2017"],
    parts={"d": "no"},
    visits=[Visit(on=date(2017, 5, 1)), Visit(on=date(2017, 6, 1), note="Again")],
    last_visit=Visit(on=date(2017, 6, 1)),
)
PRINTED = """\
entries:
  - code: a
    colour: blue
    is_open: no
    is_late: yes
    count: 3
    share: 43.5
    from: 2017-04-01
    words: |-
      One line
      and another
    codes: [b, c]
    lines:
      - First
      - 2017
    parts:
      d: no
    visits:
      - {on: 2017-05-01}
      - {on: 2017-06-01, note: Again}
    last_visit: {on: 2017-06-01}
"""


def test_every_kind_of_field_is_printed_in_its_order() -> None:
    assert document({"entries": [print_entry(FULL)]}) == PRINTED


@pytest.mark.parametrize(
    "entry", [FULL, Everything(code="a"), FULL.model_copy(update={"is_open": True, "count": 0})]
)
def test_it_is_read_as_the_same_entry(entry: Everything) -> None:
    tree = parse(document({"entries": [print_entry(entry)]}))
    assert isinstance(tree, dict)
    assert Everything.model_validate(tree["entries"][0]) == entry


def test_what_is_usual_is_left_out() -> None:
    assert print_entry(Everything(code="a")) == {"code": "a"}
