"""Tables and wire shapes, one noun a file. Importing the package registers every table."""

from app.models import (  # noqa: F401
    action,
    baseline,
    figure,
    idempotency,
    indicator,
    key,
    ledger,
    measure_line,
    objective,
    partnership,
    person,
    plan,
    priority,
    published_change,
    submission,
    target,
    theme,
)
