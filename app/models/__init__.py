"""Tables and wire shapes, one noun in each file. Importing the package registers every table."""

from app.models.access import key, outbox, person  # noqa: F401
from app.models.figures import figure, published_change, release, rule, submission, upload  # noqa: F401
from app.models.grants import (  # noqa: F401
    allocation,
    application,
    appraisal,
    claim,
    delegation,
    fund,
    funding_round,
    grant,
    grant_version,
    payment,
    repayment,
    variation,
)
from app.models.groups import (  # noqa: F401
    attendance,
    decision,
    engagement,
    group,
    local_issue,
    meeting,
    meeting_action,
    post,
    recommendation,
)
from app.models.plan import (  # noqa: F401
    action,
    agency,
    baseline,
    definition,
    indicator,
    measure_line,
    objective,
    partnership,
    plan,
    priority,
    target,
    theme,
)
from app.models.record import idempotency, ledger, stored_file  # noqa: F401
from app.models.returns import agency_return, reporting_period  # noqa: F401
