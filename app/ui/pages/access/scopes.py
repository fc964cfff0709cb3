"""What a key may be allowed, in words."""

SCOPES = (
    ("plan:read", "Read the plan and its indicators"),
    ("figures:read", "Read figures"),
    ("figures:write", "Send its agency's figures"),
    ("submissions:read", "Read its receipts"),
    ("returns:check", "Check and query returns"),
    ("periods:write", "Cut off, close and reopen quarters"),
    ("figures:release", "Approve who sees its agency's figures"),
    ("plan:write", "Change indicators, baselines and targets"),
    ("people:read", "Read who belongs"),
    ("people:write", "Manage people"),
    ("keys:write", "Manage keys"),
    ("audit:read", "Read the record of changes"),
    ("metrics:read", "Read how the service is doing, for monitoring"),
)
WORDS = dict(SCOPES)
USUAL = ["plan:read", "figures:read", "figures:write", "submissions:read"]
"""What most keys are for."""
