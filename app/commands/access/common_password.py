"""What guessers try first: 30,000 passwords found in breaches, as the package zxcvbn carries them."""

from functools import cache


@cache
def common_passwords() -> tuple[str, ...]:
    """In small letters, the commonest first. Read when a password is first set: most workers never need it."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return tuple(FREQUENCY_LISTS["passwords"])
