"""Texts of messages about returns. They name the figures owed, never a value: anybody may read mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.day import day_words
from app.domain.message import Words
from app.domain.period import Period


@dataclass(frozen=True, slots=True)
class Owed:
    """Periods for which one indicator lacks figures."""

    title: str
    periods: Sequence[Period]
    due_on: date
    """Due day of the first period."""


@dataclass(frozen=True, slots=True)
class Matter:
    """Subject of a message: one agency's return."""

    partnership: str
    agency: str
    quarter: Period
    due_on: date
    address: str
    """Address of the return's page."""


def reminder(
    about: Matter, owed: Sequence[Owed], older: Sequence[Matter], everything: str, today: date
) -> Words:
    """Reminds of a return. `older` are returns the agency owes beside it, `everything` the address of their list."""
    also = [
        "Figures for other quarters are still to come as well:",
        _list(f"- {each.quarter.short_label}, which {_due(each, today)}" for each in older),
        "All of them are listed here:",
        everything,
    ]
    return Words(
        f"Figures for {about.quarter.short_label} {_due(about, today)}",
        _paragraphs(
            f"{about.partnership} is waiting for figures from {about.agency} for {about.quarter.label}. "
            f"They {_due(about, today)}.",
            "Still to come:",
            _list(_line(each, about.due_on) for each in owed),
            "Send them by form or spreadsheet here:",
            about.address,
            *(also if older else []),
            "If you cannot send some yet, give the reason and the day they will come on the page of their return. "
            "These reminders then stop.",
        ),
    )


def nobody_to_remind(about: Matter, people: str, today: date) -> Words:
    """Tells officers that an agency has nobody to remind. `people` is the address of the page for invitations."""
    return Words(
        f"Nobody at {about.agency} can be reminded",
        _paragraphs(
            f"{about.agency} owes figures for {about.quarter.label}. They {_due(about, today)}. "
            "Nobody has been invited to send figures for it, so nobody was reminded.",
            "Invite somebody as a contributor for the agency here:",
            people,
            "What it owes:",
            about.address,
        ),
    )


def query(about: Matter, titles: Sequence[str]) -> Words:
    """Passes on a question. `titles` are of the indicators it is about; none where it is the whole return."""
    question_lines = ["The question is about:", _list(f"- {title}" for title in titles)] if titles else []
    return Words(
        f"A question about your figures for {about.quarter.short_label}",
        _paragraphs(
            f"{about.partnership} has looked at what {about.agency} sent for {about.quarter.label}, "
            "and has a question.",
            *question_lines,
            "Read it and answer, or send other figures, here:",
            about.address,
        ),
    )


def _due(about: Matter, today: date) -> str:
    return f"{'were' if about.due_on < today else 'are'} due on {day_words(about.due_on)}"


def _line(owed: Owed, due_on: date) -> str:
    periods = [period.short_label for period in owed.periods]
    listed = " and ".join([", ".join(periods[:-1]), periods[-1]] if len(periods) > 1 else periods)
    later = f" (due on {day_words(owed.due_on)})" if owed.due_on != due_on else ""
    return f"- {owed.title}: {listed}{later}"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"
