"""The side of a number that a target asks for: "85 or fewer", "keep above 95%", "within 14 days"."""

import re

from app.domain.plan.target_change import is_subject
from app.domain.plan.target_number import NUMBER
from app.domain.plan.target_vocabulary import NOUN, PER, WAYS, Way

_SIGNS = {
    "≤": "at most", "<=": "at most", "=<": "at most", "≥": "at least", ">=": "at least", "=>": "at least",
    "<": "below", ">": "above",
}  # fmt: skip
_SIGN = re.compile(r"(≤|≥|<=|>=|=<|=>|<|>) ?")
_MORE = r"more|above|over|higher|greater|upwards?|up"
_LESS = r"fewer|less|below|under|lower"
_AFTER = re.compile(
    rf"(?P<lead>.*?)(?P<number>£ ?{NUMBER}|{NUMBER}(?: ?(?:%|per ?cent))?)(?P<unit> (?:{NOUN}|{PER}))??"
    rf"(?: (?:or|and) (?:(?P<more>{_MORE})|(?P<less>{_LESS})|(?P<better>better))|(?P<plus> ?\+| plus)|"
    rf",? (?:at least|(?:as )?(?:a |the )?(?:min\.?|minimum))(?P<least>)|"
    rf",? (?:at (?:the )?most|(?:as )?(?:a |the )?(?:max\.?|maximum))(?P<most>))"
    rf"(?P<later_unit> (?:{NOUN}|{PER}))?"
)
_SPELLINGS = {
    Way.AT_MOST: (
        r"(?:is |are )?at or (?:below|under|beneath|less than|lower than)|"
        r"(?:(?:equal to|the same as) or )(?:below|under|less than|lower than|fewer than)|"
        r"(?:below|under|less than|lower than|fewer than) or equal to|"
        r"(?:no|not|never) (?:more|higher|greater|larger|longer) than|not (?:above|over)|not exceed(?:ing)?|"
        r"(?:to |does |do |must |should )?not (?:to )?exceed|"
        r"(?:a )?(?:max\.?|maximum)(?: of)?:?|at (?:the )?most|up to|capped at"
    ),
    Way.AT_LEAST: (
        r"(?:is |are )?at or (?:above|over|more than|higher than|greater than)|"
        r"(?:(?:equal to|the same as) or )(?:above|over|more than|higher than|greater than)|"
        r"(?:above|over|more than|higher than|greater than) or equal to|"
        r"(?:no|not|never) (?:less|lower|fewer|smaller) than|not (?:below|under)|"
        r"(?:does |do |must |should )?not (?:to )?(?:fall|drop|go) below|"
        r"(?:a )?(?:min\.?|minimum)(?: of)?:?|at (?:the )?least"
    ),
    Way.BELOW: r"below|under|beneath|(?:less|lower|fewer|smaller) than",
    Way.ABOVE: r"above|over|(?:more|higher|greater|larger) than|in excess of|exceed(?:s|ed|ing)?",
    Way.REACH: r"reach(?:es|ed|ing)?|achiev(?:e|es|ed|ing)|attain(?:ing)?|hit|a target of|target of|target:?",
}
_TIME = re.compile(rf"within (?={NUMBER} (?:days|hours|minutes|weeks|months|working days|calendar days)$)")
_DOWN = (
    r"reduc(?:e|es|ed|ing|tion|tions)|decreas(?:e|es|ed|ing)|lower(?:s|ed|ing)?|fall(?:s|en|ing)?|"
    r"drop(?:s|ped|ping)?|cut(?:s|ting)?|down"
)
_UP = r"increas(?:e|es|ed|ing)|rais(?:e|es|ed|ing)|ris(?:e|es|ing)|grow(?:s|n|ing|th)?"
_EITHER = (
    r"improv(?:e|es|ed|ing|ement)|mov(?:e|ed|ing)|chang(?:e|ed|ing)|br(?:ing|ought)|driv(?:e|en|ing)|get"
)
_HOLD = (
    r"keep(?:s|ing)?|kept|maintain(?:s|ed|ing)?|stay(?:s|ed|ing)?|remain(?:s|ed|ing)?|hold(?:s|ing)?|held|"
    r"sustain(?:s|ed|ing)?|retain(?:s|ed|ing)?|be|is|are|ensure"
)
_VERB = re.compile(
    rf"(?:to )?(?:(?P<down>{_DOWN})|(?P<up>{_UP})|(?P<either>{_EITHER})|(?P<hold>{_HOLD}))"
    rf"(?: (?P<thing>.+?))??(?: down| up| back)?(?P<to> to| at)?(?: (?:be|stay|remain))?"
    rf"(?: (?P<side>{'|'.join(_SPELLINGS.values())}))?"
)


_UP_FROM = re.compile(r"up(?= from [£0-9])")
_FROM = re.compile(rf"(?<=[a-z]) from £? ?{NUMBER} ?(?:%|per ?cent)?(?= to )")


def spell_limit(text: str) -> str:
    """Writes a target's number after the comparison that the vocabulary has: "85 or fewer" as "at most 85".

    Words that say no side, or two, stay as they are.
    """
    lower = _SIGN.sub(lambda sign: f"{_SIGNS[sign[1]]} ", text.lower().removeprefix("to "), count=1)
    lower = _FROM.sub("", _UP_FROM.sub("increase", lower, count=1))
    lower = _TIME.sub("at most ", _side_first(lower))
    at = next((i for i, c in enumerate(lower) if c == "£" or c in "0123456789"), None)
    if at is None:
        return lower
    lead, number = lower[:at].strip(), lower[at:]
    if lead in WAYS:
        return lower
    way = _way(lead)
    return lower if way is None else f"{_PHRASES[way]} {number}".strip()


_PHRASES = {
    Way.AT_MOST: "at most", Way.AT_LEAST: "at least", Way.BELOW: "below", Way.ABOVE: "above", Way.REACH: "",
}  # fmt: skip


def _side_first(lower: str) -> str:
    match = _AFTER.fullmatch(lower)
    if match is None or (match["unit"] and match["later_unit"]):
        return lower
    if match["better"]:
        side = ""
    elif match["more"] or match["plus"] or match["least"] is not None:
        side = "at least "
    else:
        side = "at most "
    lead = match["lead"].strip()
    held = _VERB.fullmatch(lead) if lead else None
    if lead and (held is None or held["side"] or not (held["hold"] or held["to"])):
        return lower
    verb = f"{lead} " if held is not None and not held["hold"] else ""
    unit = (match["unit"] or match["later_unit"] or "").strip()
    return f"{verb}{side}{match['number']}{' ' + unit if unit else ''}"


def _way(lead: str) -> Way | None:
    """The comparison that the words before a number make; None for none, and for two that disagree."""
    if plain := _plain_way(lead):
        return plain
    match = _VERB.fullmatch(lead)
    if match is None or (match["thing"] and not _names_its_thing(match)):
        return None
    if not match["side"]:
        return _verb_way(match)
    way = _plain_way(match["side"])
    if match["down"] and way in (Way.AT_LEAST, Way.ABOVE):
        return None
    return None if match["up"] and way in (Way.AT_MOST, Way.BELOW) else way


def _names_its_thing(match: re.Match[str]) -> bool:
    """Whether the words between a verb and its number are a thing: "keep satisfaction above", not "keep around"."""
    return bool(match["to"] or match["side"]) and is_subject(match["thing"])


def _verb_way(match: re.Match[str]) -> Way | None:
    if match["hold"]:
        return None if match["to"] == " to" else Way.REACH
    if match["to"] != " to":
        return None
    if match["down"]:
        return Way.AT_MOST
    return Way.AT_LEAST if match["up"] else Way.REACH


def _plain_way(words: str) -> Way | None:
    return next((way for way, spelling in _SPELLINGS.items() if re.fullmatch(spelling, words)), None)
