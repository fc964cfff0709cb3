"""Messages about figures name a form's labels and choices, not the columns of a file."""

import re

import pytest

from app.ui.kit.form_words import form_words

COLUMNS = re.compile(
    r"“(value|missing|reason|status|qualifier|numerator|denominator|expected_on)”|=true|\b[a-z]+_[a-z]+\b"
)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("This is here as 41. Say in “reason” why it changes.", "This is here as 41. Say why it changes."),
        (
            "To correct it, say why in “reason” and send it as a correction (correction=true): it is then marked.",
            "To correct it, say why and send it as a correction: it is then marked.",
        ),
        (
            "Leave it empty and write not_available in “missing”.",
            "Leave it empty and choose “Not available” as why there is none.",
        ),
        (
            "Write it in digits alone, or leave it empty and give the reason in “missing”.",
            "Write it in digits alone, or leave it empty and choose why there is none.",
        ),
        (
            "Leave it empty and write the reason in “missing”, such as not_collected or not_available.",
            "Leave it empty and choose why there is none.",
        ),
        (
            "Write 900 in “value” and about in “qualifier”.",
            "Write 900 as the figure, and choose “About” as how exact it is.",
        ),
        (
            "Write one number in “value”, and about, over or under in “qualifier”.",
            "Write one number as the figure, and choose “About”, “Over” or “Under” as how exact it is.",
        ),
        (
            "Write 12 here, and estimated in “status”.",
            "Write 12 here, and choose “Estimated” as how settled it is.",
        ),
        ("A promised date goes with missing “awaited” only.", "A promised date goes with “Awaited” only."),
        (
            "Send it when it has, or send status “forecast”.",
            "Send it when it has, or choose “Forecast” as how settled it is.",
        ),
        (
            "Write 5 in “numerator” and 9 in “denominator”.",
            "Write 5 in “How many” and 9 in “Out of how many”.",
        ),
        ("There is no area “north” here.", "There is no area “north” here."),
    ],
)
def test_a_message_in_a_form(message: str, words: str) -> None:
    assert form_words(message) == words
    assert not COLUMNS.search(words)
