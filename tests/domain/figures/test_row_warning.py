from app.domain.figures.row_warning import ASK, MOST, NOTED, TELLING, RowWarning, most_telling

ALL = [RowWarning(code, f"About {code}.") for code in TELLING]


def test_the_most_telling_are_kept_whatever_order_they_were_found_in() -> None:
    kept = most_telling(reversed(ALL), "")
    assert [value_warning.code for value_warning in kept] == list(TELLING[:MOST])


def test_a_doubt_asks_for_a_note_until_there_is_one() -> None:
    (asked,) = most_telling(ALL[:1], "")
    (noted,) = most_telling(ALL[:1], "Two forces were merged")
    assert asked.words == f"{ALL[0].words} {ASK}"
    assert noted.words == f"{ALL[0].words} {NOTED}"
    assert "note" in asked.words
