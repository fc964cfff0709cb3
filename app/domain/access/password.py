"""Checks that a password is long, and not among the first that a guesser tries.

There is no rule about kinds of character. A guesser's first tries are commonplace words, runs along the
keyboard or the alphabet, years, repetition, and known facts about the person: each such part counts as one
character here, however long it is, and the sum must reach a minimum. The caller passes the passwords that
people have chosen most, known from breaches; the words here are this service's own and others that such a list
lacks.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile

from app.domain.errors import RuleBroken

SHORTEST = 15
LONGEST = 1_000
WORTH = 6
"""Least number of characters, each commonplace part counted as one."""
COMMONEST = 1_000
"""Number of the passwords chosen most that count as one character where they are part of another."""
SHORTEST_PART = 4
LOOKED_AT = 200
"""Characters examined: a password that is too easy by then is not saved by more of the same."""
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    '!"£$%^&*()',
    "!@#$%^&*()",
)
TRACKS = tuple(track for run in RUNS for track in (run, run[::-1]))
COMMONPLACE = frozenset(
    """
    passphrase passcode login signin account administrator root user username guest default temp
    temporary change please open sesame correct battery staple trustno united city tottenham daniel
    thomas ashley michael jessica george england britain wales autumn tuesday wednesday thursday
    saturday january february march april may june july august september october november december
    facebook office server database nothing something family father baby happy chocolate
    saferplan safer plan plans community communities safety partnership partnerships council crime
    reduction analyst officer approver auditor reader funder contributor commissioner board strategy
    agency demo demonstration example sample live work home the this that and is my our your for you
    """.split()  # noqa: SIM905 (a list of words reads better as words)
)
DIGITS_FOR_LETTERS = (str.maketrans("01345@$7", "oieasast"), str.maketrans("01345@$7", "oleasast"))
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)
MARK = "\ue000-\ue0ff"
"""Private-use characters. Each replaces one part; equal parts have equal marks."""
MARKS = re.compile(f"[{MARK}]")
SEPARATED = re.compile(rf"(?:_|[^\w{MARK}])*([{MARK}])(?:_|[^\w{MARK}])*")


def check(password: str, about: Iterable[str] = (), chosen_most: Sequence[str] = ()) -> None:
    """Raises RuleBroken on `password` when it is too short, too long or too easily guessed.

    `about` are known facts about its owner: address, name, the partnership's name. `chosen_most` are passwords
    known from breaches, in small letters, the commonest first.
    """
    if len(password) < SHORTEST:
        message = (
            f"Use at least {SHORTEST} characters. Four unrelated, less usual words make a good password."
        )
        raise RuleBroken("password", "password_too_short", message)
    if len(password) > LONGEST:
        raise RuleBroken("password", "password_too_long", f"Use at most {LONGEST} characters.")
    if password.casefold() in chosen_most or worth(password, about, chosen_most) < WORTH:
        message = (
            "This would be guessed early: it is made of common words or passwords, runs, repetition or what is "
            "known of you. Four unrelated, less usual words make a good password."
        )
        raise RuleBroken("password", "password_too_easy", message)


def worth(password: str, about: Iterable[str] = (), chosen_most: Sequence[str] = ()) -> int:
    """Counts characters, every predictable part as one."""
    text = MARKS.sub(" ", password[:LOOKED_AT].casefold())
    parts = {part for part in chosen_most[:COMMONEST] if len(part) >= SHORTEST_PART}
    words = COMMONPLACE | _split_words(about) | parts
    marks: dict[str, str] = {}

    def mark(part: re.Match[str]) -> str:
        return marks.setdefault(part[0], chr(0xE000 + len(marks)))

    text = YEAR.sub(mark, _without_runs(text, marks))
    readings = (text, *(text.translate(letters) for letters in DIGITS_FOR_LETTERS))
    return min(_length(_without_words(reading, words, marks)) for reading in readings)


def _split_words(about: Iterable[str]) -> set[str]:
    """Splits texts into words of three letters or more; adds each full text without spaces and stops."""
    texts = [text.casefold() for text in about]
    words = {word for text in texts for word in re.split(r"[\W_]+", text)}
    words |= {re.sub(r"[\W_]+", "", text) for text in texts}
    return {word for word in words if len(word) >= 3}


def _without_words(text: str, words: Collection[str], marks: dict[str, str]) -> str:
    """Replaces each of the words by a mark, the longest where several begin together."""
    lengths = sorted({len(word) for word in words}, reverse=True)
    parts, at = [], 0
    while at < len(text):
        part = next((text[at : at + length] for length in lengths if text[at : at + length] in words), "")
        parts.append(marks.setdefault(part, chr(0xE000 + len(marks))) if part else text[at])
        at += len(part) or 1
    return "".join(parts)


def _without_runs(text: str, marks: dict[str, str]) -> str:
    """Replaces runs of four or more along a keyboard or an alphabet, either way, by a mark each."""
    parts, at = [], 0
    while at < len(text):
        length = max(_run_from(text, at, track) for track in TRACKS)
        part = text[at : at + length] if length >= 4 else text[at]
        parts.append(part if len(part) == 1 else marks.setdefault(part, chr(0xE000 + len(marks))))
        at += len(part)
    return "".join(parts)


def _run_from(text: str, at: int, track: str) -> int:
    start = track.find(text[at])
    if start < 0:
        return 0
    pairs = zip(text[at : at + len(track)], track[start:], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _length(text: str) -> int:
    """Length without repetition, and without separators beside marks."""
    return len(REPEATED.sub(r"\1", SEPARATED.sub(r"\1", text)))
