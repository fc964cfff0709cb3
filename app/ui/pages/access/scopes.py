"""The scopes of keys, with their labels for people."""

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
    ("funding:read", "Read funds and grants"),
    ("funding:write", "Prepare grants and payments"),
    ("funding:award", "Award grants, decide claims and changes"),
    ("funding:pay", "Authorise payments"),
    ("claims:write", "Send its agency's claims"),
)
SCOPE_LABELS = dict(SCOPES)
USUAL_SCOPES = ["plan:read", "figures:read", "figures:write", "submissions:read"]
"""The scopes that the form for a new key has ticked."""
