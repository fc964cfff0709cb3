"""Parses a target for a change from its words: "Reduced vehicle crime", "5% fewer than in 2016/17"."""

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from app.domain.plan.target_change import Change, ChangeBy, is_subject
from app.domain.plan.target_number import NUMBER, parse_number
from app.domain.plan.target_vocabulary import YEAR, Move, Since

_UP = "increas(?:e|es|ed|ing)|ris(?:e|es|ing)|rose|grow(?:s|n|ing|th)?|rais(?:e|es|ed|ing)"
_DOWN = (
    "reduc(?:e|es|ed|ing|tion|tions)|decreas(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|lower(?:s|ed|ing)?|"
    "fall(?:s|en|ing)?|drop(?:s|ped|ping)?|cut(?:s|ting)?"
)
_BETTER = "improv(?:e|es|ed|ing|ement|ements)"
_WORSE = "worsening|deterioration"
_MOVES = ((Move.UP, _UP), (Move.DOWN, _DOWN), (Move.BETTER, _BETTER))
_MOVE = rf"(?P<move>{_UP}|{_DOWN}|{_BETTER})"
_LESS = "lower|fewer|less|below|under|smaller"
_MORE = "higher|more|greater|above|over|larger"

_YEARLY = (
    r"(?:year[ -]on[ -]year|annually|(?:each|every|per|a) year|"
    r"yearly|annual|per annum|p\.?a\.?|from year to year)"
)
_POINT = (
    rf"(?:(?:in|the|our) )*(?:(?P<base>{YEAR.pattern}) ?)?(?P<point>baseline(?: year)?|"
    r"(?:last|previous|prior|preceding) (?:financial )?year|year before)?(?:['’]s)?"
    r"(?: ?(?:levels?|figures?|position|performance|outturn|results?|totals?|rates?|numbers?))?"
)
_LINK = (
    r"(?:on|from|against|over|vs\.?|versus|relative to|(?:when )?compared (?:to|with|against)|"
    r"in comparison (?:to|with))"
)
_ORIGIN = re.compile(rf"(?P<rest>.+?) {_LINK} {_POINT}", re.IGNORECASE)
_MOVED = re.compile(
    rf"(?:(?P<lead>no (?:further )?|maintain or |continued |continuing |continue to |a |an |to )|"
    rf"(?P<yearly>{_YEARLY}) )?{_MOVE}(?: (?:in |of )?(?P<subject>.+?))??(?: (?P<tail>{_YEARLY}))?",
    re.IGNORECASE,
)
_NO_WORSE = re.compile(rf"no (?:{_WORSE})(?: (?:in|of) (?P<subject>.+))?", re.IGNORECASE)
_SIDE = re.compile(
    rf"(?P<side>{_LESS}|{_MORE}|better|improv(?:e|ed|ing))(?: than| on)? {_POINT}", re.IGNORECASE
)
_SUBJECT_SIDE = re.compile(
    rf"(?P<side>fewer|less|more|lower|higher|better) (?P<subject>.+?) (?:than|on) {_POINT}", re.IGNORECASE
)
_LEVEL = re.compile(
    rf"(?P<lead>(?:to )?not (?:to )?exceed(?:ing)?|"
    rf"(?:no|not) (?:worse|{_LESS}|{_MORE})(?: than)?|at or (?:below|under|above|over)|at (?:least|most)|"
    rf"(?:maintain(?:ed)?|keep|kept|hold|held|sustain(?:ed)?|remain|stay|stays)(?: at)?|same(?: level)? as|"
    rf"return(?:ed)? to|(?:{_UP}|{_DOWN}|{_BETTER})(?: back)? to) {_POINT}",
    re.IGNORECASE,
)
_BY = (
    rf"(?:(?:at least|a minimum of|minimum) )?(?:a |an )?(?P<number>{NUMBER}) ?"
    r"(?P<unit>%|per ?cent(?![a-z])|(?:percentage )?points?)?"
)
_AMOUNT_FIRST = re.compile(
    rf"{_BY} (?:{_YEARLY} )?{_MOVE}(?: (?:in|of) (?P<subject>.+?))??(?: (?P<tail>{_YEARLY}))?", re.IGNORECASE
)
_AMOUNT_LAST = re.compile(
    rf"(?:(?:a|an|to|{_YEARLY}) )?{_MOVE}(?: (?:in |of )?(?P<subject>.+?))? (?:by|of) {_BY}"
    rf"(?: (?:in|of) (?P<object>.+?))??(?: (?P<tail>{_YEARLY}))?",
    re.IGNORECASE,
)
_AMOUNT_SIDE = re.compile(rf"{_BY} (?P<side>{_LESS}|{_MORE}|better)(?: than| on)? {_POINT}", re.IGNORECASE)


class _Origin(NamedTuple):
    """The earlier figure that a change is from."""

    since: Since = Since.BASELINE
    base_year: str = ""


def parse_change(text: str) -> Change | ChangeBy | None:
    """Parses a change, with an amount or without one; None for anything else."""
    if target := _parse_side(text):
        return target
    match = _ORIGIN.fullmatch(text)
    if match is not None and (origin := _origin(match)) is not None:
        return _parse_move(match["rest"], origin)
    return _parse_move(text, None)


def _parse_side(text: str) -> Change | ChangeBy | None:
    """Parses "lower than 2016/17", "no worse than last year", "at least 3% lower than 2016/17"."""
    if match := _AMOUNT_SIDE.fullmatch(text):
        origin = _origin(match)
        return None if origin is None else _change_by(match, _side_move(match["side"]), origin, "")
    if match := _SIDE.fullmatch(text):
        origin = _origin(match)
        is_number = origin is not None and origin.base_year.isdigit() and match[0].endswith(origin.base_year)
        return None if origin is None or is_number else _change(_side_move(match["side"]), origin)
    if match := _SUBJECT_SIDE.fullmatch(text):
        origin = _origin(match)
        move = _side_move(match["side"])
        return None if origin is None else _change(move, origin, subject=match["subject"])
    if match := _LEVEL.fullmatch(text):
        origin = _origin(match)
        is_number = origin is not None and origin.base_year.isdigit() and match[0].endswith(origin.base_year)
        return None if origin is None or is_number else _change(_level_move(match["lead"]), origin, True)
    return None


def _origin(match: re.Match[str]) -> _Origin | None:
    point, base_year = (match["point"] or "").lower(), match["base"] or ""
    if base_year and (not point or point.startswith("baseline")):
        return _Origin(base_year=base_year)
    if not point or base_year:
        return None
    return _Origin(Since.BASELINE if point.startswith("baseline") else Since.YEAR_BEFORE)


def _parse_move(text: str, origin: _Origin | None) -> Change | ChangeBy | None:
    if match := _AMOUNT_FIRST.fullmatch(text) or _AMOUNT_LAST.fullmatch(text):
        groups = match.groupdict()
        subjects = [each for each in (groups["subject"], groups.get("object")) if each]
        is_yearly = re.search(_YEARLY, text, re.IGNORECASE) is not None
        start = _start(origin, is_yearly)
        if start is None or len(subjects) > 1:
            return None
        return _change_by(match, _move(match["move"]), start, "".join(subjects))
    if match := _NO_WORSE.fullmatch(text):
        return _change(Move.BETTER, origin or _Origin(), True, match["subject"])
    match = _MOVED.fullmatch(text)
    if match is None:
        return None
    return _parse_bare_move(match, origin)


def _parse_bare_move(match: re.Match[str], origin: _Origin | None) -> Change | None:
    lead = (match["lead"] or "").strip().lower()
    start = _start(origin, bool(match["yearly"] or match["tail"] or lead.startswith("continu")))
    if start is None:
        return None
    move = _move(match["move"])
    if lead.startswith("no"):
        if move is Move.BETTER:
            return None
        return _change(Move.DOWN if move is Move.UP else Move.UP, start, True, match["subject"])
    return _change(move, start, lead.startswith("maintain"), match["subject"])


def _start(origin: _Origin | None, is_yearly: bool) -> _Origin | None:
    """The figure a change is from, unless the words name one and say "each year" too."""
    if is_yearly:
        return _Origin(Since.YEAR_BEFORE) if origin in (None, _Origin(Since.YEAR_BEFORE)) else None
    return origin or _Origin()


def _change(move: Move, origin: _Origin, or_level: bool = False, subject: str | None = None) -> Change | None:
    if subject and not is_subject(subject):
        return None
    return Change(move, origin.since, or_level, base_year=origin.base_year, subject=subject or "")


def _change_by(match: re.Match[str], move: Move, origin: _Origin, subject: str) -> ChangeBy | None:
    if subject and not is_subject(subject):
        return None
    written = (match["unit"] or "").lower()
    unit: Literal["%", "points", ""] = "points" if "point" in written else "%" if written else ""
    number: Decimal = parse_number(match["number"])
    return ChangeBy(move, number, unit, origin.since, origin.base_year, subject)


def _move(word: str) -> Move:
    return next(move for move, pattern in _MOVES if re.fullmatch(pattern, word, re.IGNORECASE))


def _side_move(word: str) -> Move:
    if re.fullmatch(_LESS, word, re.IGNORECASE):
        return Move.DOWN
    return Move.UP if re.fullmatch(_MORE, word, re.IGNORECASE) else Move.BETTER


def _level_move(lead: str) -> Move:
    """The side of an earlier figure that counts as no worse: "no lower than" is up, "at or below" is down."""
    words = lead.lower().removeprefix("to ").split()
    if words[-1].startswith("exceed"):
        return Move.DOWN
    if words[0] in ("no", "not"):
        side = _side_move(words[1]) if words[1] != "worse" else Move.BETTER
        return {Move.UP: Move.DOWN, Move.DOWN: Move.UP}.get(side, side)
    if words[0] == "at":
        return Move.DOWN if words[-1] in ("below", "under", "most") else Move.UP
    is_move = re.fullmatch(f"{_UP}|{_DOWN}", words[0]) is not None
    return _move(words[0]) if is_move else Move.BETTER
