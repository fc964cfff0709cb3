"""Message that warns a person of wrong passwords tried on their account."""

from datetime import date

from app.domain.day import day_words
from app.domain.message import Words

NOTICE_THRESHOLD = 10
"""Wrong guesses in a day, but for those after which the same device or network gave the right password."""


def sign_in_notice(day: date, password_page: str) -> Words:
    """`password_page` is where one's own password is changed."""
    return Words(
        "Wrong passwords were tried for your Saferplan sign-in",
        f"On {day_words(day)} at least {NOTICE_THRESHOLD} wrong passwords were tried with your email address. "
        "There may be more: you are told at most once a day.\n\n"
        "If that was you, there is nothing to do.\n\n"
        "If it was not, further tries are slowed down, and you can go on working. A browser that you have signed "
        "in with in the last 90 days lets you in at once. If another makes you wait for long, ask your "
        "partnership's administrator for a new link.\n\n"
        "If you use the same password anywhere else, change it here:\n\n"
        f"{password_page}\n",
    )
