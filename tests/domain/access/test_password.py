"""Which passwords are taken. The long ones refused here are what guessers try first."""

import pytest

from app.commands.access.common_password import common_passwords
from app.domain.access.password import LONGEST, SHORTEST, check, worth
from app.domain.errors import RuleBroken

ABOUT = ("analyst.jones@riverside.example", "Robin Jones", "Riverside Safer Partnership")


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "123456789012345",
        "qwertyuiopasdfgh",
        "1q2w3e4r5t6y7u8i",
        "Password123456789",
        "passwordpassword",
        "P@ssw0rd P@ssw0rd",
        "welcome to saferplan",
        "correct horse battery staple",
        "Summer2017Summer2018",
        "iloveyou12345678",
        "thisismypassword",
        "CommunitySafetyPartnership!",
        "robin.jones.robin.jones",
        "analyst.jones@riverside.example",
        "RiversideRobin2017!",
        "4dm1n1str4t0r2026",
        "momsanaladventure",
        "23176Djivanfros",
        "mustang hunter mustang",
        "\0" * 20,
    ],
)
def test_easily_guessed(password: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check(password, ABOUT, common_passwords())
    assert (refused.value.field, refused.value.code) == ("password", "password_too_easy")
    assert password not in refused.value.message


@pytest.mark.parametrize(
    "password",
    [
        "kestrel pewter orchard vane",
        "xkqv7wzt2mhr9bdf",
        "гроза над тихой рекой",
        "lower case only and no digits at all",
        "7391 4628 5504 1187",
        "naïve façade über crème",
        "   spaces kept either side   ",
    ],
)
def test_long_and_unlikely(password: str) -> None:
    check(password, ABOUT, common_passwords())


def test_length_is_all_that_is_asked_of_its_kinds_of_character() -> None:
    with pytest.raises(RuleBroken, match=f"at least {SHORTEST}") as short:
        check("kestrel pewter")
    assert short.value.code == "password_too_short"
    check("kestrel pewter v")
    with pytest.raises(RuleBroken) as long:
        check("kestrel" * 200)
    assert long.value.code == "password_too_long"
    check("kestrel pewter orchard " * 43 + "kestrelpewt")
    assert len("kestrel pewter orchard " * 43 + "kestrelpewt") == LONGEST


def test_what_is_known_of_the_owner_counts_for_little() -> None:
    assert worth("robin riverside jones", ABOUT) < worth("robin riverside jones")


def test_each_commonplace_part_counts_once() -> None:
    common = common_passwords()
    assert worth("football council", (), common) == 2
    assert worth("football council football council", (), common) == 2
    assert worth("football-council_september police monkey banana", (), common) == 6
