"""Says what is wrong with a text that should be a number, and what to write instead: the catalogue of such texts."""

import re

from app.files.mark import LOW, NIL, NIL_OR_MISSING, NO_VALUE, QUALIFIERS, RAISED_DIGITS, REASONS
from app.files.number_correction import (
    Build,
    NumberField,
    brackets,
    digits_of,
    exponent,
    footnote,
    letter_for_digit,
    number_of_number,
    number_range,
    odd_groups,
    other_currency,
    qualified,
    scaled,
    separated,
    status_beside,
    unit_beside,
    write_as,
    year_to_date,
)

LONGEST_TEXT = 60
"""Characters in which a number is looked for: a cell may have very many."""
NO_NUMBER = ". Write it in digits alone, or leave it empty and give the reason in “missing”."
SPREADSHEET_ERROR = (
    ". It is a spreadsheet's error. Put the number in, or leave it empty and give the reason in “missing”."
)
COLUMNS = frozenset({"value", "numerator", "denominator", "sample_size", "margin", "margin_level"})
"""Columns of a figure's row, which has others beside them: a note, a status, a missing reason."""
_OTHER_COLUMN = re.compile(r"“(?:note|reason|status|missing|qualifier|numerator|denominator)”")
_N = r"(-?[0-9](?:[0-9,.\s]*[0-9])?)"
_U = rf"(?:£ ?)?{_N}(?: ?%)?"
"""A number, perhaps with the sign of its unit."""
_DECIMAL_COMMA = re.compile(r"(-?[0-9]+),([0-9]{1,2})")
_CONTINENTAL = re.compile(r"(-?[0-9]{1,3}(?:[.\s][0-9]{3})+),([0-9]+)")
_QUALIFIER = "|".join(sorted((re.escape(word) for word in QUALIFIERS), key=len, reverse=True))
_REMARK = r"\([^()]{1,40}\)|\[[^\[\]]{1,40}\]"
"""Words in brackets, such as "(see note)"."""
_AFTER = re.compile(rf" ?(?:{_REMARK}|[*†‡§#^]+)$")
_QUOTES = "[\"'`“”‘’]"
_YEAR_TO_DATE = r"(?:ytd|(?:year )?to date|cumulative|cum\.?)"


def number_advice(text: str, field: NumberField) -> tuple[str, str]:
    """Code of the mistake in a text that is no plain number, and the rest of the sentence that began with it."""
    folded = " ".join(text.casefold().split())
    code, advice = _advice(folded, field)
    if field.column in COLUMNS or not _OTHER_COLUMN.search(advice):
        return code, advice
    numbers = re.findall(_N, folded[:LONGEST_TEXT])
    digits = digits_of(numbers[0]) if len(numbers) == 1 else None
    return code, f". Write {digits} alone." if digits else ". Write one number, in digits alone."


def _advice(folded: str, field: NumberField) -> tuple[str, str]:
    if len(folded) > LONGEST_TEXT:
        return "not_a_number", NO_NUMBER
    if missing := _missing(folded, field) or _missing(_AFTER.sub("", folded), field):
        return "words_for_number", missing
    if folded.isdecimal():  # digits of another script
        return "not_plain_digits", f". Write it as {int(folded)}."
    for code, pattern, build in _CATALOGUE:
        match = pattern.fullmatch(folded)
        if match and (advice := build(match, field)):
            return code, advice
    return "not_a_number", NO_NUMBER


def _missing(folded: str, field: NumberField) -> str | None:
    """Advice for a word or mark that stands where there is no number."""
    reason = NO_VALUE.get(folded) or folded.replace(" ", "_")
    if folded in NIL:
        return ". Write 0 where nothing happened."
    if folded not in LOW | NIL_OR_MISSING and reason not in REASONS:
        return None
    if not field.is_of_figure:
        return ". Leave it empty where there is no number."
    if folded in LOW:
        return ". If the number rounds to zero, write 0 here and about in “qualifier”."
    if folded in NIL_OR_MISSING:
        return (
            ". If it means none, write 0. If there is no number, leave it empty and write the reason in “missing”,"
            " such as not_collected or not_available."
        )
    return f"; did you mean {reason.replace('_', ' ')}? Leave it empty and write {reason} in “missing”."


_CATALOGUE: tuple[tuple[str, re.Pattern[str], Build], ...] = tuple(
    (code, re.compile(pattern), build)
    for code, pattern, build in (
        (
            "footnote_mark",
            _U + rf"(?: ?)([*†‡§#^]+|[{RAISED_DIGITS}]+|\[[a-z0-9]{{1,2}}\]|\([a-z0-9]{{1,2}}\))",
            lambda match, _field: footnote(match[1], match[2]),
        ),
        (
            "footnote_mark",
            r"([*†‡§#^]+|\[[a-z]\]) ?" + _U,
            lambda match, _field: footnote(match[2], match[1]),
        ),
        (
            "status_mark",
            _U + r" ?\(?(p|prov\.?|provisional|e|est\.?|estimated?|f|forecast|r|rev\.?|revised)\)?",
            lambda match, field: status_beside(match[1], match[2], field),
        ),
        (
            "status_mark",
            r"[\[(]?(p|e|r|prov\.?|est\.?)[\])]? ?" + _U,
            lambda match, field: status_beside(match[2], match[1], field),
        ),
        (
            "sign_beside_number",
            r"(?:±|\+/-) ?" + _U,
            lambda match, field: write_as(digits_of(match[1]), field),
        ),
        ("decimal_comma", _DECIMAL_COMMA.pattern + " ?%", lambda m, field: write_as(f"{m[1]}.{m[2]}", field)),
        (
            "qualifier_mark",
            rf"({_QUALIFIER}) ?" + _U,
            lambda match, field: qualified(match[2], match[1], field),
        ),
        ("cell_error", r"#[a-z]+(?:/0)?[!?]", lambda _match, _field: SPREADSHEET_ERROR),
        ("qualifier_mark", _U + r" ?\+|" + _U + r" or more", lambda m, a: qualified(m[1] or m[2], ">", a)),
        ("qualifier_mark", _U + r" or (?:less|fewer)", lambda match, field: qualified(match[1], "<", field)),
        ("thousands_separator", r"(?=.*[,\s])" + _N + r"(?<![.,])", separated),
        (
            "decimal_comma",
            _DECIMAL_COMMA.pattern,
            lambda match, field: write_as(f"{match[1]}.{match[2]}", field),
        ),
        (
            "decimal_comma",
            _CONTINENTAL.pattern,
            lambda match, field: write_as(re.sub(r"[.\s]", "", match[1]) + f".{match[2]}", field),
        ),
        ("number_range", _U + r" ?(?:-|–|—|to|or|and|&|;) ?" + _U, number_range),
        ("number_range", r"between " + _U + r" (?:and|to) " + _U, number_range),
        ("number_in_brackets", r"([0-9](?:[0-9,.\s]*[0-9])?) ?-", brackets),
        ("number_in_brackets", r"\(" + _U + r"\)", brackets),
        ("currency_sign", _N + " ?£", lambda match, field: write_as(digits_of(match[1]), field)),
        ("currency_sign", r"-£ ?([0-9.,]+)", lambda match, field: write_as(digits_of(f"-{match[1]}"), field)),
        ("currency_sign", r"(?:£|gbp) ?" + _N, lambda match, field: write_as(digits_of(match[1]), field)),
        ("per_cent_sign", _N + " ?%", lambda match, field: write_as(digits_of(match[1]), field)),
        ("scaled_number", r"£? ?" + _N + r" ?(k|thousand|mn?|million|bn|billion)", scaled),
        ("exponent", r"[+-]?[0-9]+(?:\.[0-9]+)?e[+-]?[0-9]{1,2}", exponent),
        (
            "not_plain_digits",
            r"\+([0-9]+(?:\.[0-9]+)?)(?: ?%)?",
            lambda match, field: write_as(match[1], field),
        ),
        (
            "not_plain_digits",
            r"(?:[−–] ?|- )([0-9]+(?:\.[0-9]+)?)(?: ?%)?",
            lambda m, a: write_as(f"-{m[1]}", a),
        ),
        (
            "not_plain_digits",
            r"(-?)(\.[0-9]+)",
            lambda match, field: write_as(f"{match[1]}0{match[2]}", field),
        ),
        ("not_plain_digits", r"(-?[0-9]+)\.", lambda match, field: write_as(match[1], field)),
        (
            "thousands_separator",
            r"(-?[0-9]{1,3}(?:(['’._])[0-9]{3})(?:\2[0-9]{3})*)",
            lambda match, field: write_as(re.sub(r"['’._]", "", match[0]), field),
        ),
        ("decimal_point", r"(-?[0-9]+)·([0-9]+) ?%?", lambda m, field: write_as(f"{m[1]}.{m[2]}", field)),
        ("currency_sign", r"[$€] ?" + _N, other_currency),
        ("number_of_number", _N + " ?(?:/|out of|of|in) ?" + _N, number_of_number),
        (
            "qualifier_mark",
            _U + r"(?: ?-?ish| or so| ?\(?(?:approx\.?|approximately|about|circa)\)?)",
            lambda match, field: qualified(match[1], "about", field),
        ),
        ("year_to_date", _U + rf" ?\(?{_YEAR_TO_DATE}\)?", year_to_date),
        ("year_to_date", rf"{_YEAR_TO_DATE} ?:? ?" + _U, year_to_date),
        ("letter_for_digit", r"-?(?=[oil,]*[0-9])[0-9oil,]*[oil][0-9oil,.]*", letter_for_digit),
        ("unit_beside_number", _N + r" ?([a-z][a-z .]{0,39})", unit_beside),
        ("unit_beside_number", _N + r" ?(per [0-9][0-9,]*(?: [a-z][a-z .]{0,29})?)", unit_beside),
        (
            "not_plain_digits",
            rf"[=:]?{_QUOTES}*{_U}{_QUOTES}*[,;:.!?]?{_QUOTES}*",
            lambda match, field: write_as(digits_of(match[1]), field),
        ),
        ("footnote_mark", rf"{_U} ?({_REMARK})", lambda match, _field: footnote(match[1], match[2])),
        ("odd_groups", r"-?[0-9]+(?:[,\s]+[0-9]+)+(?:\.[0-9]+)?", odd_groups),
    )
)
