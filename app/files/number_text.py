"""Says what is wrong with a text that should be a number, and what to write instead: the catalogue of such texts."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from app.domain.number import plain
from app.files.mark import (
    LOW,
    NIL,
    NIL_OR_MISSING,
    NO_VALUE,
    QUALIFIERS,
    RAISED_DIGITS,
    REASONS,
    is_revised,
    status_of,
)

LONGEST_TEXT = 60
"""Characters in which a number is looked for: a cell may have very many."""
NO_NUMBER = ". Write it in digits alone, or leave it empty and give the reason in “missing”."
PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
COLUMNS = frozenset({"value", "numerator", "denominator", "sample_size", "margin", "margin_level"})
"""Columns of a figure's row, which has others beside them: a note, a status, a missing reason."""
_OTHER_COLUMN = re.compile(r"“(?:note|reason|status|missing|qualifier|numerator|denominator)”")
_N = r"(-?[0-9](?:[0-9,.\s]*[0-9])?)"
_U = rf"(?:£ ?)?{_N}(?: ?%)?"
"""A number, perhaps with the sign of its unit."""
_SEPARATED = re.compile(r"(-?[0-9]{1,3}(?:([,\s])[0-9]{3})(?:\2[0-9]{3})*)(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"(-?[0-9]+),([0-9]{1,2})")
_CONTINENTAL = re.compile(r"(-?[0-9]{1,3}(?:[.\s][0-9]{3})+),([0-9]+)")
_QUALIFIER = "|".join(sorted((re.escape(word) for word in QUALIFIERS), key=len, reverse=True))
_YEAR_TO_DATE = r"(?:ytd|(?:year )?to date|cumulative|cum\.?)"
_LETTERS = str.maketrans("oil", "011")
_SCALES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}
_SCALE_WORDS = {3: "thousands", 6: "millions", 9: "thousand millions"}


@dataclass(frozen=True, slots=True)
class NumberField:
    """What was expected where the text stands: the column, and whether it is a whole number."""

    column: str
    is_count: bool

    @property
    def is_of_figure(self) -> bool:
        """Whether the figure's missing reason and qualifier are about this number: not about a sample or a margin."""
        return self.column in ("value", "numerator", "denominator")


Build = Callable[[re.Match[str], NumberField], str | None]


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
    if missing := _missing(folded, field):
        return "words_for_number", missing
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


def digits_of(text: str) -> str | None:
    """Digits of a number written with separators: "1,407" as "1407"; None where they are grouped otherwise."""
    if PLAIN_NUMBER.fullmatch(text):
        return text
    match = _SEPARATED.fullmatch(text)
    return re.sub(r"[,\s]", "", match[1]) + (match[3] or "") if match else None


def _write(digits: str | None, field: NumberField) -> str | None:
    """Suggests the digits, unless they are a fraction where things are counted."""
    if digits is None:
        return None
    if field.is_count and "." in digits and digits.rpartition(".")[2].strip("0"):
        return ". Write it in digits alone, with nothing between them."
    return f". Write it as {digits.partition('.')[0] if field.is_count else digits}."


def _footnote(number: str, mark: str) -> str | None:
    digits = digits_of(number)
    if digits is None:
        return None
    advice = f". Write {digits}, and put the mark {mark} in “note”."
    if status := status_of(mark):
        advice += f" If the mark means {status}, write {status} in “status” instead."
    if is_revised(mark):
        advice += " If it means revised, say in “reason” why it changed."
    return advice


def _status(number: str, mark: str) -> str | None:
    digits = digits_of(number)
    if digits is None:
        return None
    if is_revised(mark):
        return f". If it means revised, write {digits} here, and say in “reason” why it changed."
    status = status_of(mark)
    return f". Write {digits} here, and {status} in “status”." if status else None


def _qualified(number: str, mark: str, field: NumberField) -> str | None:
    digits, qualifier = digits_of(number), QUALIFIERS[mark]
    if digits is None:
        return None
    if not field.is_of_figure:
        return f". Write {digits} alone, and say in “note” what the mark means."
    advice = f". Write {digits} in “{field.column}” and {qualifier} in “qualifier”."
    if qualifier == "under":
        advice += " If the number is withheld because it is small, leave it empty and write confidential in “missing”."
    return advice


def _range(match: re.Match[str], field: NumberField) -> str | None:
    first, last = digits_of(match[1]), digits_of(match[2])
    if first is None or last is None:
        return None
    if not field.is_of_figure:
        return f". Write one number in “{field.column}”, and say the rest in “note”."
    return (
        f". Write one number in “{field.column}”, and about, over or under in “qualifier”. If it is withheld because"
        " it is small, leave it empty and write confidential in “missing”."
    )


def _brackets(match: re.Match[str], _field: NumberField) -> str | None:
    digits = digits_of(match[1])
    if digits is None or digits.startswith("-"):
        return None
    return (
        f". If it is below zero, write -{digits}. If not, write {digits}, and say in “note” what the"
        " sign means."
    )


def _scaled(match: re.Match[str], field: NumberField) -> str | None:
    digits = digits_of(match[1])
    if digits is None:
        return None
    in_full = plain(Decimal(digits).scaleb(_SCALES[match[2]])).replace(",", "")
    return f". Write the number in full: {in_full} if it is in {_SCALE_WORDS[_SCALES[match[2]]]}."


def _exponent(match: re.Match[str], field: NumberField) -> str | None:
    return _write(plain(Decimal(match[0])).replace(",", ""), field)


def _unit(match: re.Match[str], _field: NumberField) -> str | None:
    digits, unit = digits_of(match[1]), match[2]
    return f". Write {digits} alone, without “{unit}”." if digits else None


def _year_to_date(match: re.Match[str], _field: NumberField) -> str | None:
    digits = digits_of(match[1])
    if digits is None:
        return None
    return f". If it is the year to date, write what is of this period alone. If it is not, write {digits}."


def _letters(match: re.Match[str], _field: NumberField) -> str | None:
    digits = digits_of(match[0].translate(_LETTERS))
    return f". There is a letter among its digits. If {digits} is meant, write that." if digits else None


def _currency(number: str) -> str | None:
    digits = digits_of(number)
    return f". If it is in pounds, write {digits}." if digits else None


def _odd_groups(match: re.Match[str], _field: NumberField) -> str:
    together = re.sub(r"[,\s]", "", match[0])
    pointed = re.sub(r"[,\s]+", ".", match[0])
    choice = f"{together}, or {pointed}" if pointed.count(".") == 1 else together
    return f". Its digits are not grouped in thousands. Write the one number that is meant, such as {choice}."


def _separated(match: re.Match[str], field: NumberField) -> str | None:
    return _write(digits_of(match[0]), field)


_CATALOGUE: tuple[tuple[str, re.Pattern[str], Build], ...] = tuple(
    (code, re.compile(pattern), build)
    for code, pattern, build in (
        (
            "footnote_mark",
            _U + rf"(?: ?)([*†‡§#^]+|[{RAISED_DIGITS}]+|\[[a-z0-9]{{1,2}}\]|\([a-z0-9]{{1,2}}\))",
            lambda match, _field: _footnote(match[1], match[2]),
        ),
        (
            "footnote_mark",
            r"([*†‡§#^]+|\[[a-z]\]) ?" + _U,
            lambda match, _field: _footnote(match[2], match[1]),
        ),
        (
            "status_mark",
            _U + r" ?\(?(p|prov\.?|provisional|e|est\.?|estimated?|f|forecast|r|rev\.?|revised)\)?",
            lambda match, _field: _status(match[1], match[2]),
        ),
        (
            "status_mark",
            r"[\[(]?(p|e|r|prov\.?|est\.?)[\])]? ?" + _U,
            lambda match, _field: _status(match[2], match[1]),
        ),
        ("sign_beside_number", r"(?:±|\+/-) ?" + _U, lambda match, field: _write(digits_of(match[1]), field)),
        ("decimal_comma", _DECIMAL_COMMA.pattern + " ?%", lambda m, field: _write(f"{m[1]}.{m[2]}", field)),
        (
            "qualifier_mark",
            rf"({_QUALIFIER}) ?" + _U,
            lambda match, field: _qualified(match[2], match[1], field),
        ),
        ("qualifier_mark", _U + r" ?\+|" + _U + r" or more", lambda m, a: _qualified(m[1] or m[2], ">", a)),
        ("qualifier_mark", _U + r" or (?:less|fewer)", lambda match, field: _qualified(match[1], "<", field)),
        ("thousands_separator", r"(?=.*[,\s])" + _N + r"(?<![.,])", _separated),
        (
            "decimal_comma",
            _DECIMAL_COMMA.pattern,
            lambda match, field: _write(f"{match[1]}.{match[2]}", field),
        ),
        (
            "decimal_comma",
            _CONTINENTAL.pattern,
            lambda match, field: _write(re.sub(r"[.\s]", "", match[1]) + f".{match[2]}", field),
        ),
        ("number_range", _U + r" ?(?:-|–|—|to|or) ?" + _U, _range),
        ("number_range", r"between " + _U + r" (?:and|to) " + _U, _range),
        ("number_in_brackets", r"([0-9](?:[0-9,.\s]*[0-9])?) ?-", _brackets),
        ("number_in_brackets", r"\(" + _U + r"\)", _brackets),
        ("currency_sign", _N + " ?£", lambda match, field: _write(digits_of(match[1]), field)),
        ("currency_sign", r"-£ ?([0-9.,]+)", lambda match, field: _write(digits_of(f"-{match[1]}"), field)),
        ("currency_sign", r"£ ?" + _N, lambda match, field: _write(digits_of(match[1]), field)),
        ("per_cent_sign", _N + " ?%", lambda match, field: _write(digits_of(match[1]), field)),
        ("scaled_number", r"£? ?" + _N + r" ?(k|thousand|mn?|million|bn|billion)", _scaled),
        ("exponent", r"[+-]?[0-9]+(?:\.[0-9]+)?e[+-]?[0-9]{1,2}", _exponent),
        ("not_plain_digits", r"\+(?:[0-9]+(?:\.[0-9]+)?)", lambda match, field: _write(match[0][1:], field)),
        ("not_plain_digits", r"(?:[−–] ?|- )([0-9]+(?:\.[0-9]+)?)", lambda m, a: _write(f"-{m[1]}", a)),
        ("not_plain_digits", r"(-?)(\.[0-9]+)", lambda match, field: _write(f"{match[1]}0{match[2]}", field)),
        ("not_plain_digits", r"(-?[0-9]+)\.", lambda match, field: _write(match[1], field)),
        (
            "thousands_separator",
            r"(-?[0-9]{1,3}(?:(['’._])[0-9]{3})(?:\2[0-9]{3})*)",
            lambda match, field: _write(re.sub(r"['’._]", "", match[0]), field),
        ),
        ("decimal_point", r"(-?[0-9]+)·([0-9]+) ?%?", lambda m, field: _write(f"{m[1]}.{m[2]}", field)),
        ("currency_sign", r"[$€] ?" + _N, lambda match, _field: _currency(match[1])),
        (
            "number_of_number",
            r"([0-9]+) ?(?:/|out of|of|in) ?([0-9]+)",
            lambda match, _field: f". Write {match[1]} in “numerator” and {match[2]} in “denominator”.",
        ),
        (
            "qualifier_mark",
            _U + r"(?: ?-?ish| or so| ?\(?(?:approx\.?|approximately|about|circa)\)?)",
            lambda match, field: _qualified(match[1], "about", field),
        ),
        ("year_to_date", _U + rf" ?\(?{_YEAR_TO_DATE}\)?", _year_to_date),
        ("year_to_date", rf"{_YEAR_TO_DATE} ?:? ?" + _U, _year_to_date),
        ("letter_for_digit", r"-?(?=[oil,]*[0-9])[0-9oil,]*[oil][0-9oil,.]*", _letters),
        ("unit_beside_number", _N + r" ?([a-z][a-z .]{0,39})", _unit),
        ("odd_groups", r"-?[0-9]+(?:[,\s]+[0-9]+)+(?:\.[0-9]+)?", _odd_groups),
    )
)
