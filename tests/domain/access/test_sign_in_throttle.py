"""How long a guess waits: the table of rules, and attacks played through with a clock that is given."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.access.sign_in_throttle import (
    HOUR,
    HOURLY,
    RETENTION,
    ZERO,
    Attempt,
    Budget,
    CountedAttempt,
    decide,
    network_origin,
)

START = datetime(2026, 11, 27, 9, tzinfo=UTC)
HERE, THERE = "198.51.100.7", "198.51.100.8"
FIFTEEN_SECONDS = timedelta(seconds=15)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def guesses(
    times: Iterable[float], origin: str = HERE, budget: Budget = Budget.REPEAT, device: str = ""
) -> list[CountedAttempt]:
    return [CountedAttempt(origin, device, budget, at(seconds)) for seconds in times]


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
        ("198.51.100.7, 203.0.113.1", "unknown"),
        ("x" * 10_000, "unknown"),
    ],
)
def test_the_network_that_a_guess_comes_from(address: str, origin: str) -> None:
    assert network_origin(address) == origin
    assert len(origin) <= 50


@pytest.mark.parametrize(
    ("made", "seconds", "wait"),
    [
        (0, 0, 0),
        (9, 0, 0),
        (10, 0, 30),
        (10, 29, 1),
        (10, 30, 0),
        (11, 0, 60),
        (12, 0, 120),
        (13, 0, 240),
        (14, 0, 480),
        (15, 0, 960),
        (16, 0, 1920),
        (17, 0, 3600),
        (10, 3600, 0),
    ],
)
@pytest.mark.parametrize("device", ["", "a device"])
def test_after_ten_guesses_each_waits_twice_as_long(
    made: int, seconds: float, wait: float, device: str
) -> None:
    budget = Budget.DEVICE if device else Budget.REPEAT
    earlier = guesses([0] * made, budget=budget, device=device)
    decision = decide(Attempt(HERE, device), earlier, [], at(seconds))
    assert decision.wait == timedelta(seconds=wait)


@pytest.mark.parametrize(
    ("earlier", "budget"),
    [
        ([], Budget.FIRST),
        (guesses([0], THERE), Budget.FIRST),
        (guesses([0]), Budget.REPEAT),
        (guesses([-3 * 3600]), Budget.REPEAT),
        ([CountedAttempt(HERE, "", Budget.FIRST, START, forgiven=True)], Budget.FIRST),
        (guesses([0], device="stolen", budget=Budget.DEVICE), Budget.REPEAT),
    ],
    ids=["none", "elsewhere", "here", "hours ago", "forgiven", "by a device here"],
)
def test_an_origin_is_new_to_an_account_until_it_guesses(
    earlier: list[CountedAttempt], budget: Budget
) -> None:
    assert decide(Attempt(HERE), earlier, [], at(1)).budget is budget


@pytest.mark.parametrize("budget", Budget)
@pytest.mark.parametrize(("left", "wait"), [(1, 0), (0, 3540)])
def test_each_budget_is_the_accounts_and_lasts_an_hour(budget: Budget, left: int, wait: float) -> None:
    spent = [
        CountedAttempt(f"203.0.113.{number}", f"device {number}" * (budget is Budget.DEVICE), budget, START)
        for number in range(HOURLY[budget] - left)
    ]
    own = guesses([0]) if budget is Budget.REPEAT else []
    if budget is Budget.REPEAT:
        spent = spent[1:]
    device = "another" if budget is Budget.DEVICE else ""
    # As a stranger the device would be let in: its origin is one that has to wait for longer.
    slow = guesses([0] * 17, budget=Budget.FIRST) if budget is Budget.DEVICE else []
    decision = decide(Attempt(HERE, device), [*spent, *own, *slow], [], at(60))
    assert decision.wait == timedelta(seconds=wait)


def test_all_budgets_together_are_fewer_than_a_hundred() -> None:
    assert sum(HOURLY.values()) < 100


def test_a_forgiven_guess_still_counts_for_the_account() -> None:
    spent = [
        CountedAttempt(f"203.0.113.{number}", "", Budget.FIRST, START, forgiven=True)
        for number in range(HOURLY[Budget.FIRST])
    ]
    assert decide(Attempt(HERE), spent, [], at(1)).wait == HOUR - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("wrong", "ago", "wait"),
    [(99, 0, 0), (100, 0, 300), (100, 299, 1), (100, 300, 0), (299, 600, 0), (300, 600, 3000)],
)
def test_an_origin_that_guesses_at_many_accounts_is_slowed(wrong: int, ago: float, wait: float) -> None:
    times = [at(-ago)] * wrong
    assert decide(Attempt(HERE), [], times, START).wait == timedelta(seconds=wait)
    assert decide(Attempt(HERE, "a device"), [], times, START).wait == ZERO


@pytest.mark.parametrize(
    ("origin", "wait"), [("2001:db8:1:99::/64", 3600), ("2001:db8:2:1::/64", 0), (HERE, 0)]
)
def test_a_site_of_many_networks_has_few_first_guesses(origin: str, wait: float) -> None:
    spent = [CountedAttempt(f"2001:db8:1:{number}::/64", "", Budget.FIRST, START) for number in range(10)]
    assert decide(Attempt(origin), spent, [], START).wait == timedelta(seconds=wait)


def test_a_device_that_must_wait_is_as_good_as_a_stranger() -> None:
    """Whoever stole its mark cannot keep its owner out of everywhere; nor do they gain by it where they are."""
    thief = guesses([0] * 10, THERE, Budget.DEVICE, "stolen")
    owner = decide(Attempt(HERE, "stolen"), thief, [], at(1))
    assert (owner.wait, owner.budget) == (ZERO, Budget.FIRST)
    assert decide(Attempt(THERE, "stolen"), thief, [], at(1)).wait == timedelta(seconds=29)


class Account:
    """One account, whose password is guessed at; every guess that is let through is wrong."""

    def __init__(self) -> None:
        self.checked: list[CountedAttempt] = []

    def wait(self, attempt: Attempt, now: datetime) -> timedelta:
        lately = [
            each
            for each in self.checked
            if each.at > now - HOUR or (each.at > now - RETENTION and each.origin == attempt.origin)
        ]
        own = [
            each.at for each in lately if each.origin == attempt.origin and each.budget is not Budget.DEVICE
        ]
        decision = decide(attempt, lately, own, now)
        if decision.wait == ZERO:
            device = attempt.device if decision.budget is Budget.DEVICE else ""
            self.checked.append(CountedAttempt(attempt.origin, device, decision.budget, now))
        return decision.wait

    def right_password_after(self, attempt: Attempt, now: datetime) -> timedelta:
        """How long somebody waits who tries again when they are told to; their guess is right, and not kept."""
        kept, begun = list(self.checked), now
        while wait := self.wait(attempt, now):
            now += wait
        self.checked = kept
        return now - begun

    def most_in_an_hour(self) -> int:
        times = [each.at for each in self.checked]
        return max((sum(start <= time < start + HOUR for time in times) for start in times), default=0)


def play(attackers: list[Attempt], a_second: float, seconds: int) -> Account:
    """Each in turn guesses, so often a second all together."""
    account = Account()
    for number in range(int(seconds * a_second)):
        account.wait(attackers[number % len(attackers)], at(number / a_second))
    return account


ONE = [Attempt("203.0.113.1")]
FIFTY = [Attempt(f"203.0.113.{number}") for number in range(50)]
FIFTY_IN_ONE_SITE = [Attempt(f"2001:db8:1:{number}::/64") for number in range(50)]
AND_A_THIEF = [*FIFTY, Attempt("203.0.113.51", "stolen")]


@pytest.mark.parametrize(
    ("attackers", "a_second", "checked"),
    [(ONE, 2, 14), (FIFTY, 2, 70), (FIFTY, 100, 70), (FIFTY_IN_ONE_SITE, 2, 30), (AND_A_THIEF, 2, 83)],
    ids=["one", "fifty", "fifty, each two a second", "fifty in one site", "fifty and a thief"],
)
def test_the_right_person_gets_in_during_ten_minutes_of_guessing(
    attackers: list[Attempt], a_second: float, checked: int
) -> None:
    account = play(attackers, a_second, 600)
    for attempt in (Attempt(HERE), Attempt(HERE, "their laptop"), Attempt("203.0.113.1", "their laptop")):
        assert account.right_password_after(attempt, at(600)) <= FIFTEEN_SECONDS
    assert account.most_in_an_hour() == len(account.checked) == checked


@pytest.mark.parametrize("hours", [1, 3])
def test_fifty_origins_that_go_on_for_hours(hours: int) -> None:
    account = play(FIFTY, 2, hours * 3600)
    assert account.most_in_an_hour() < 100
    assert account.right_password_after(Attempt(HERE), at(hours * 3600)) <= FIFTEEN_SECONDS


def test_thousands_of_origins_make_a_newcomer_wait_and_a_known_device_not() -> None:
    many = [Attempt(f"10.0.{number // 256}.{number % 256}") for number in range(5_000)]
    account = play(many, 2, 7000)
    assert account.most_in_an_hour() < 100
    assert account.right_password_after(Attempt(HERE, "their laptop"), at(7000)) == ZERO
    alone = account.right_password_after(Attempt(HERE), at(7000))
    assert FIFTEEN_SECONDS < alone <= HOUR, "and that only if nobody is quicker"


def test_stolen_devices_do_not_pass_a_hundred_either() -> None:
    stolen = [Attempt(f"203.0.114.{number}", f"device {number}") for number in range(10)]
    assert play([*FIFTY, *stolen], 2, 7200).most_in_an_hour() < 100
