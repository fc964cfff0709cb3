"""What a password must be: long, and more than the few things everybody tries first.

There is no rule about kinds of character. A guesser's first tries are commonplace words, runs along the
keyboard or the alphabet, years, repetition, and what is known of the person: each such part counts as one
character here, however long it is, and what is left must still be worth guessing. This is a check of our
own making and no list of breached passwords, of which none with so long a minimum comes with a licence.
"""

import re
from collections.abc import Iterable
from itertools import takewhile

from app.domain.errors import RuleBroken

SHORTEST = 15
LONGEST = 1_000
WORTH = 6
"""Characters and commonplace parts that must be left."""
LOOKED_AT = 200
"""Characters: what is not worth guessing by then is not made so by more of it."""
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
    password passw0rd passphrase passcode secret letmein welcome login signin account admin administrator root
    user username guest test testing tester default temp temporary change changeme please enter access open
    sesame correct horse battery staple hello iloveyou love lovely trustno princess sunshine monkey dragon
    shadow master superman batman starwars pokemon football liverpool arsenal chelsea manchester united city
    rangers celtic everton tottenham charlie daniel thomas ashley michael jessica george london england
    britain scotland wales summer winter spring autumn monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december qwerty azerty
    computer internet google facebook microsoft windows office server database whatever nothing something
    forever family mother father baby angel happy lucky flower butterfly chocolate cookie banana orange
    saferplan safer plan plans community communities safety partnership partnerships council police crime
    reduction analyst officer approver auditor reader funder contributor commissioner board strategy agency
    demo demonstration example sample live work home the this that and is my our your for you
    """.split()  # noqa: SIM905 (a list of words reads better as words)
)
DIGITS_FOR_LETTERS = (str.maketrans("01345@$7", "oieasast"), str.maketrans("01345@$7", "oleasast"))
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)
MARK = "\ue000-\ue0ff"
"""Private characters: each stands for one part, the same part always for the same."""
MARKS = re.compile(f"[{MARK}]")
SEPARATED = re.compile(rf"(?:_|[^\w{MARK}])*([{MARK}])(?:_|[^\w{MARK}])*")


def check(password: str, about: Iterable[str] = ()) -> None:
    """Raises RuleBroken on `password` when it is too short, too long or too easily guessed.

    `about` is what is known of its owner: address, name, the partnership's name.
    """
    if len(password) < SHORTEST:
        message = (
            f"Use at least {SHORTEST} characters. Four unrelated, less usual words make a good password."
        )
        raise RuleBroken("password", "password_too_short", message)
    if len(password) > LONGEST:
        raise RuleBroken("password", "password_too_long", f"Use at most {LONGEST} characters.")
    if worth(password, about) < WORTH:
        message = (
            "This would be guessed early: it is made of common words, runs, repetition or what is known of "
            "you. Four unrelated, less usual words make a good password."
        )
        raise RuleBroken("password", "password_too_easy", message)


def worth(password: str, about: Iterable[str] = ()) -> int:
    """Characters left when every predictable part counts as one."""
    text = MARKS.sub(" ", password[:LOOKED_AT].casefold())
    words = sorted(COMMONPLACE | _words(about), key=len, reverse=True)
    commonplace = re.compile("|".join(re.escape(word) for word in words))
    marks: dict[str, str] = {}

    def mark(part: re.Match[str]) -> str:
        return marks.setdefault(part[0], chr(0xE000 + len(marks)))

    text = YEAR.sub(mark, _without_runs(text, marks))
    readings = (text, *(text.translate(letters) for letters in DIGITS_FOR_LETTERS))
    return min(_length(commonplace.sub(mark, reading)) for reading in readings)


def _words(about: Iterable[str]) -> set[str]:
    """Words of three letters or more, and each text whole, without its spaces and stops."""
    texts = [text.casefold() for text in about]
    words = {word for text in texts for word in re.split(r"[\W_]+", text)}
    words |= {re.sub(r"[\W_]+", "", text) for text in texts}
    return {word for word in words if len(word) >= 3}


def _without_runs(text: str, marks: dict[str, str]) -> str:
    """Runs of four or more along a keyboard or an alphabet, either way, become one part each."""
    made, at = [], 0
    while at < len(text):
        length = max(_run_from(text, at, track) for track in TRACKS)
        part = text[at : at + length] if length >= 4 else text[at]
        made.append(part if len(part) == 1 else marks.setdefault(part, chr(0xE000 + len(marks))))
        at += len(part)
    return "".join(made)


def _run_from(text: str, at: int, track: str) -> int:
    start = track.find(text[at])
    if start < 0:
        return 0
    pairs = zip(text[at : at + len(track)], track[start:], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _length(text: str) -> int:
    """What is said again, or only stands between two parts, adds nothing."""
    return len(REPEATED.sub(r"\1", SEPARATED.sub(r"\1", text)))
