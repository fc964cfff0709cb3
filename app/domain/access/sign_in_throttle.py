"""Decides how long a sign-in attempt waits, so that strangers can neither guess a password nor lock an account.

Guesses at one account draw on three budgets that never mix. A network origin's first guess has one, so that a
person at a new place is let in while other origins are being slowed down; its later guesses share another; a
device its owner signed in on before has a third, which no stranger can use up. Together they are fewer than 100
an hour. Beside that each origin and each device is slowed after ten guesses (OWASP ASVS 5.0, 6.3.1), and an
origin after a hundred wrong guesses at any accounts. Devices are recognised as in OWASP's "device cookies".
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HOUR = timedelta(hours=1)
RETENTION = timedelta(days=1)
"""Guesses are deleted after it; until then their origin is not new to the account."""
FREE_GUESSES = 10
FIRST_DELAY = timedelta(seconds=30)
"""After the free guesses of an hour; each further guess doubles it."""
ORIGIN_LIMITS = ((100, timedelta(minutes=5)), (300, HOUR))
"""Wrong guesses of one origin at any accounts: a whole council may share one address."""
FIRST_GUESSES_OF_A_SITE = 10
"""An hour, from one IPv6 /48: anybody may have 65,536 origins there."""
ZERO = timedelta(0)
UNKNOWN = "unknown"
WITH_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):[0-9]+")


class Budget(StrEnum):
    FIRST = "first"
    REPEAT = "repeat"
    DEVICE = "device"


HOURLY = {Budget.FIRST: 55, Budget.REPEAT: 20, Budget.DEVICE: 24}
"""Guesses that are checked of one account, in any hour: 99. Fifty origins leave a newcomer five first guesses."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A guess before it is checked."""

    origin: str
    """As `network_origin` gives it."""
    device: str = ""
    """Names a recognised device or an open session of the account; empty for a stranger."""


@dataclass(frozen=True, slots=True)
class CountedAttempt:
    """An attempt that counts: it was checked, or is being checked."""

    origin: str
    device: str
    budget: Budget
    at: datetime
    forgiven: bool = False
    """Its device or origin has given the right password since."""


@dataclass(frozen=True, slots=True)
class Decision:
    """With nothing to wait, the guess is to be checked and counted in the budget."""

    wait: timedelta
    budget: Budget


def decide(
    attempt: Attempt, guesses: Sequence[CountedAttempt], wrong_of_origin: Iterable[datetime], now: datetime
) -> Decision:
    """The shortest wait that the attempt is entitled to.

    `guesses` are those at the same account within the hour, and the same origin's within a day;
    `wrong_of_origin` the times of the origin's guesses at any accounts but a device's, within the hour.
    """
    stranger = _decide_stranger(attempt.origin, guesses, wrong_of_origin, now)
    if not attempt.device:
        return stranger
    own = [each.at for each in guesses if each.device == attempt.device and not each.forgiven]
    wait = max(_own_wait(own, now), _budget_wait(guesses, Budget.DEVICE, now))
    return min(Decision(wait, Budget.DEVICE), stranger, key=lambda decision: decision.wait)


def _decide_stranger(
    origin: str, guesses: Sequence[CountedAttempt], wrong_of_origin: Iterable[datetime], now: datetime
) -> Decision:
    own = [each.at for each in guesses if each.origin == origin and not each.forgiven]
    times = list(wrong_of_origin)
    waits = [_own_wait(own, now), *(_window_wait(times, limit, span, now) for limit, span in ORIGIN_LIMITS)]
    budget = Budget.REPEAT if own else Budget.FIRST
    if budget is Budget.FIRST:
        waits.append(_site_wait(origin, guesses, now))
    return Decision(max(*waits, _budget_wait(guesses, budget, now)), budget)


def _own_wait(times: Iterable[datetime], now: datetime) -> timedelta:
    """Wait of one origin or device at one account."""
    recent = sorted(time for time in times if time > now - HOUR)
    if len(recent) < FREE_GUESSES:
        return ZERO
    delay = FIRST_DELAY * 2.0 ** (len(recent) - FREE_GUESSES)
    # When its oldest guesses are an hour old, fewer count.
    return max(ZERO, min(recent[-1] + delay, recent[-FREE_GUESSES] + HOUR) - now)


def _budget_wait(guesses: Iterable[CountedAttempt], budget: Budget, now: datetime) -> timedelta:
    return _window_wait((each.at for each in guesses if each.budget is budget), HOURLY[budget], HOUR, now)


def _site_wait(origin: str, guesses: Iterable[CountedAttempt], now: datetime) -> timedelta:
    site = _site(origin)
    first = (each for each in guesses if each.budget is Budget.FIRST and not each.forgiven)
    times = (each.at for each in first if _site(each.origin) == site)
    return _window_wait(times, FIRST_GUESSES_OF_A_SITE, HOUR, now)


def _window_wait(times: Iterable[datetime], limit: int, span: timedelta, now: datetime) -> timedelta:
    """Wait until fewer than `limit` of the times are less than `span` ago."""
    recent = sorted(time for time in times if time > now - span)
    return recent[-limit] + span - now if len(recent) >= limit else ZERO


def network_origin(address: str) -> str:
    """Network by which guesses from an address are counted: an IPv4 address, or an IPv6 /64.

    "unknown" for text that is no address.
    """
    if (with_port := WITH_PORT.fullmatch(address)) is not None:  # as some proxies write it
        address = with_port[1] or with_port[2]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(parsed), 64), strict=False))
    return str(parsed)


def _site(origin: str) -> str:
    if ":" not in origin:
        return origin
    return str(ipaddress.IPv6Network(origin).supernet(new_prefix=48))
