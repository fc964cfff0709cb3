"""Messages about figures in the words of a form.

The API words them for a file or a program, by the names of columns; a form has labels, and choices in place of codes.
"""

import re

CHOOSES_WHY = "choose why there is none"
EXACTNESS, SETTLEDNESS = "as how exact it is", "as how settled it is"
PHRASES: tuple[tuple[str, str], ...] = (
    (r" \(correction=true\)", ""),
    (
        r"Send a value, or a numerator and denominator, or a missing reason\.",
        "Enter the figure, or choose why there is none.",
    ),
    (
        r"Send a value or a missing reason, not both\.",
        "Enter the figure or choose why there is none, not both.",
    ),
    (r"A numerator and a denominator go together\.", "“How many” and “Out of how many” go together."),
    (r"The numerator is larger than the denominator\.", "“How many” is larger than “Out of how many”."),
    (r"The numerator and denominator make", "“How many” out of “Out of how many” makes"),
    (r"(?:write|give) the reason in “missing”(?:, such as \w+ or \w+)?", CHOOSES_WHY),
    (r"write (\w+) in “missing”", r"choose “\1” as why there is none"),
    (r"with missing “(\w+)” only", r"with “\1” only"),
    (r"about, over or under in “qualifier”", f"choose “About”, “Over” or “Under” {EXACTNESS}"),
    (r"in “value” and (\w+) in “qualifier”", rf"as the figure, and choose “\1” {EXACTNESS}"),
    (r"and (\w+) in “qualifier”", rf"and choose “\1” {EXACTNESS}"),
    (r"and (\w+) in “status”", rf"and choose “\1” {SETTLEDNESS}"),
    (r"write (\w+) in “status” instead", rf"choose “\1” {SETTLEDNESS} instead"),
    (r"send status “(\w+)”", rf"choose “\1” {SETTLEDNESS}"),
    (r"in “value”", "as the figure"),
    (r"“numerator”", "“How many”"),
    (r"“denominator”", "“Out of how many”"),
    (r" in “reason”", ""),
)
"""Patterns of the API's words, and what a form says instead; the longer ones first."""
CODE = re.compile(r"“(awaited|not_\w+|confidential|about|over|under|provisional|final|estimated|forecast)”")


def form_words(message: str) -> str:
    """The message with labels in place of column names, and choices as the form has them."""
    for pattern, words in PHRASES:
        message = re.sub(pattern, words, message)
    return CODE.sub(lambda code: f"“{code[1].replace('_', ' ').capitalize()}”", message)
