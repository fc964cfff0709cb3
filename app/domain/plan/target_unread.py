"""Why a target's words cannot be judged by, and what to write instead."""

import re

from app.domain.plan.target_deadline import names_other_day

EXAMPLES = (
    "“Fewer than 85”, “At least 76%”, “Between 60% and 65%”, “Reduction of 5% on 2016/17” or “Increase”"
)
_REASONS = (
    (
        r"\b(?:per|each|every|a) (?:month|quarter|week|day)\b|\b(?:monthly|quarterly|weekly|daily)\b",
        "A target here is for a year, and these words are for a shorter time: write the number for a year.",
    ),
    (
        r"\b(?:by|at|over|during) (?:the )?(?:end|life|lifetime|course)? ?(?:of )?(?:the |this )?plan\b",
        "Write the number alone, and choose “By the end of the plan” as the time when it applies.",
    ),
    (
        r"\b(?:about|around|approximately|approx|roughly|circa|close to|nearly|almost)\b|[~±]|\+/-|\bc\.? ?[0-9]",
        "It does not say where the line is: write “At most 85” or “At least 85”.",
    ),
    (
        r"\b(?:significant|substantial|considerabl|sustained|marked|slight|half|halve|doubl|third)",
        "It does not say by how much: write an amount, such as “Reduction of 10%”, or the number to reach.",
    ),
    (
        r"\b(?:similar|average|national|regional|peers?|forces?|family|benchmark)\b",
        "It compares with other areas, and no figures of other areas are kept here.",
    ),
    (
        r"\b(?:than|below|under|above|over) (?:199|20[0-4])[0-9]$",
        "The number may be a year: write “2,016” for the number, or “Reduction on 2016/17” for the year.",
    ),
    (
        r"\b(?:no more than|up to|at most|maximum|max) .*\b(?:increase|rise|reduction|decrease|growth)\b",
        "A limit to a change is not judged: write the highest or lowest number, such as “At most 85”.",
    ),
    (
        r"\b(?:and|or|but|unless|if)\b|;|,(?![0-9]{3})",
        "It seems to say several things at once: write one of them, and add an indicator for each other.",
    ),
)  # fmt: skip
"""The first whose words appear says why."""


def why_unread(words: str) -> str:
    """Explains in a sentence or two why words that no kind of target fits are not judged."""
    if names_other_day(words):
        return (
            "A target is for a year that ends in March or December: write “by March 2020”, “by 2019/20” or "
            "“by December 2019”."
        )
    for pattern, reason in _REASONS:
        if re.search(pattern, words, re.IGNORECASE):
            return reason
    return f"The words state no number or direction to judge by: write it like {EXAMPLES}."
