"""Formats days for people."""

from datetime import date


def day_words(day: date) -> str:
    """ "30 November 2017"."""
    return f"{day.day} {day:%B} {day.year}"
