"""Examples in the API description: of answers, parameters and requests with many parts.

Other requests have their own (`models.wire.In.EXAMPLE`).
"""

from typing import Any

REFUSED_ROW = {
    "field": "reason",
    "row": 1,
    "code": "reason_required",
    "message": "This figure is already here as 41.4. Say in “reason” why it changes.",
}
COUNTS = {"created": 1, "revised": 0, "unchanged": 0, "rejected": 0, "not_stored": 0}

FIGURES: dict[str, Any] = {
    "figures": [
        {"indicator": "repeat-domestic-abuse", "period": "2016-10/2017-09", "value": 43.3, "status": "final"},
        {
            "indicator": "hate-crime",
            "period": "2017-18-Q2",
            "area": "E08000032",
            "breakdown": {"strand": "race"},
            "value": 271,
            "status": "provisional",
            "note": "late reports still being coded",
        },
        {
            "indicator": "asb-satisfaction",
            "period": "2017-18-Q2",
            "value": None,
            "missing": "awaited",
            "expected_on": "2017-11-30",
        },
        {
            "indicator": "treatment-completion-opiate",
            "period": "2016-10/2017-09",
            "numerator": 94,
            "denominator": 2000,
        },
    ]
}
"""The contract's own."""

SCHEMAS: dict[str, Any] = {
    "FiguresIn": FIGURES,
    "ReceiptOut": {
        "id": "27",
        "dry_run": False,
        "status": "accepted",
        "counts": COUNTS,
        "rows": [
            {
                "row": 1,
                "outcome": "created",
                "figure": "/api/v1/figures/1043",
                "indicator": "repeat-domestic-abuse",
                "indicator_title": "Repeat victimisation, domestic abuse",
                "period": "2016-10/2017-09",
                "period_label": "12 months to September 2017",
                "words": "43.3",
                "warnings": [],
                "errors": [],
            }
        ],
    },
    "Problem": {
        "type": "urn:saferplan:problem:rejected",
        "title": "Needs correcting",
        "status": 422,
        "detail": "1 row needs correcting; nothing was stored.",
        "code": "rejected",
        "request_id": "5c71bc7bc5479cb0",
        "errors": [REFUSED_ROW],
        "counts": {**COUNTS, "created": 0, "rejected": 1},
    },
}
PARAMETERS: dict[str, Any] = {
    "figure_id": "1043",
    "submission_id": "27",
    "upload_id": "12",
    "return_id": "2017-18-Q2~police",
    "key_id": "3",
    "message_id": "12",
    "user_id": "8",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "agency": "police",
    "area": "E08000032",
    "breakdown": "strand=race",
    "indicator": "repeat-domestic-abuse",
    "priority": "reducing-crime",
    "plan": "safer-stronger-2017-20",
    "partnership": "bradford",
    "updated_since": "s1204",
    "as_known_at": "2017-12-19",
}
