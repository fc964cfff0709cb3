"""Rows of text by column: each a figure that can be sent, or its errors by field."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from app.domain.plan.indicator import Measure
from app.files.row import read_row
from app.files.vocabulary import Vocabulary, names_of
from app.models.figures.figure import FigureIn

VOCABULARY = Vocabulary(
    {"asb": Measure.COUNT, "satisfaction": Measure.PERCENTAGE, "cost": Measure.MONEY},
    titles=names_of([("asb", "Anti-social behaviour")]),
    area_codes=frozenset({"E08000032"}),
    area_names=names_of([("E08000032", "Bradford")]),
)
COLUMNS = [*(name for name in FigureIn.model_fields if name != "breakdown"), "breakdown.strand", "vlaue"]
TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        *("asb", "satisfaction", "cost", "Anti-social behaviour", "2017-18-Q2", "Sep-17", "17/18", "YTD"),
        *(
            "5",
            "43.3%",
            "£75",
            "1,407",
            "<5",
            "66.66666666",
            "",
            "[x]",
            "awaited",
            "final",
            "p",
            "about",
            "c.",
        ),
        *("31/01/2018", "Bradford", "E08000032", "wave", "=1+1", "\u202e", "\u00a0", "\ud7ff", "9" * 70),
    ]
)


@given(st.dictionaries(st.sampled_from(COLUMNS), TEXTS))
@settings(max_examples=400, deadline=None)
def test_a_row_is_a_figure_or_its_errors(cells: dict[str, str]) -> None:
    row = read_row(1, cells, None, VOCABULARY)
    assert (row.figure is None) == bool(row.errors)
    fields = {error["field"] for error in row.errors} - {"breakdown"}
    assert fields <= {*COLUMNS, "breakdown.strand.[key]", None}
    for message in (*row.errors, *row.notes, *row.warnings):
        assert message["message"].endswith((".", "?"))
    assert to_json([row.errors, row.notes])


def test_a_typed_figure_is_what_json_would_say() -> None:
    typed = {
        "indicator": "satisfaction",
        "period": "Q2 17/18",
        "value": "43.3%",
        "status": "Final",
        "note": "",
    }
    row = read_row(7, typed, None, VOCABULARY)
    assert row.figure == FigureIn.model_validate(
        {"indicator": "satisfaction", "period": "2017-18-Q2", "value": 43.3, "status": "final"}
    )
    assert [note["field"] for note in row.notes] == ["period"]
