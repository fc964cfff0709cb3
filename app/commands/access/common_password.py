"""The 30,000 commonest passwords found in breaches, from the package zxcvbn."""

from functools import cache


@cache
def common_passwords() -> tuple[str, ...]:
    """Common passwords in small letters, the commonest first. Loaded at first use: most workers never need them."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return tuple(FREQUENCY_LISTS["passwords"])
