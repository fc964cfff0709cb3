"""Columns that a row's digest covers, by table; and those left out, with the reason."""

LISTS: dict[str, tuple[str, ...]] = {
    "action": (
        "id priority_id position code title objective theme owner delivery_group due intended_change evidence "
        "what_changed seq",
    ),
    "agency": ("id code name kind seq",),
    "agency_identifier": ("id agency_id scheme value checked_on seq",),
    "allocation": (
        "id partnership_id position code fund_id accountable_body_id financial_year amount capital revenue status "
        "told_by not_said source note seq",
    ),
    "api_key": (
        "id prefix secret_hash name agency_id scopes created_at created_by expires_at revoked_at version seq",
    ),
    "api_key_partnership": ("api_key_id partnership_id",),
    "application": (
        "id partnership_id round_id code applicant_id title lines amount_asked amount_asked_later amount_approved "
        "match_funding in_kind outcomes need need_indicator cohesion advice on_behalf state state_reason sent_on "
        "sent_by_id decided_on decision feedback told_on grant_id seq",
    ),
    "application_share": ("id application_id agency_id percent seq",),
    "appraisal": (
        "id partnership_id application_id assessor_id agency_id scores comment interest because seq",
    ),
    "area": ("id partnership_id position code name kind within designated_from designated_to seq",),
    "attendance": (
        "id meeting_id post_id status seq",
        "id meeting_id post_id status on_behalf_of heard_how seq",
    ),
    "baseline": (
        "id plan_id indicator_id number period value caveat none_because year reason recorded_at recorded_by "
        "seq",
        "id plan_id indicator_id number period value caveat none_because year reason recorded_at recorded_by "
        "recorded_by_kind recorded_by_id seq",
    ),
    "claim": (
        "id partnership_id grant_id number period spending lines asked approved reason late_reason on_behalf state "
        "sent_on decided_on sent_by_id seq",
    ),
    "decision": (
        "id partnership_id code group_id meeting_id number route decided_on text outcome reasons conditions amount "
        "evidence subject_kind subject_ref ratified_at_id on_behalf_of heard_how recorded_at recorded_by "
        "recorded_by_kind recorded_by_id seq",
    ),
    "delegation": ("id partnership_id position code allocation_id group_code spending amount decision seq",),
    "engagement": (
        "id partnership_id position code title begins_on ends_on place area group people heard done note seq",
    ),
    "exceptional_period": ("id partnership_id position period reason recorded_at seq",),
    "file_reference": (
        "id partnership_id subject_kind subject_id sha256 size media_type name title removed_at recorded_at "
        "recorded_by recorded_by_kind recorded_by_id seq",
    ),
    "fund": (
        "id code title funder_id note objectives virement_percent virement_amount small_grant_cap lines_above "
        "underspend_limit underspend_over report_days keep_years carry_over basis vat seq",
    ),
    "funding_round": (
        "id partnership_id code title fund_id financial_year opens_on closes_on decides_on cap panel decider scheme "
        "note seq",
    ),
    "grant_amount": ("id version_id line quarter spending pence seq",),
    "grant_award": (
        "id partnership_id code parent_id takes_up_id delegation_id payer_id recipient_id instrument kind purpose "
        "reasons priority theme managed_by paid_in starts ends acceptance_due_on ledger_code state state_reason "
        "version_number terms proposed_by_id seq",
    ),
    "grant_funding": ("id version_id allocation_id financial_year spending pence seq",),
    "grant_version": (
        "id grant_id number content recorded_at recorded_by recorded_by_kind recorded_by_id seq",
    ),
    "group_member": ("id group_id position post_id begins_on ends_on seq",),
    "indicator": (
        "id partnership_id position code title definition measure per denominator polarity frequency window "
        "publication_lag_days unit decimals adds_up survey counts_people release_to reporting_sensitive "
        "paired_with tolerance responsible_agency_id suppliers breakdowns breaks note retired_on "
        "retired_reason version",
    ),
    "indicator_edition": (
        "id indicator_id title definition measure per denominator polarity frequency window "
        "publication_lag_days unit decimals adds_up survey counts_people release_to reporting_sensitive "
        "paired_with tolerance responsible_agency_id suppliers breakdowns breaks note retired_on "
        "retired_reason recorded_at seq",
    ),
    "local_issue": (
        "id partnership_id position code title raised_by raised_on area group profile done changed state closed_on "
        "note seq",
    ),
    "measure_line": (
        "id priority_id position code words theme measured_by baseline_words target_words note indicators seq",
    ),
    "meeting": (
        "id partnership_id group_id code day kind state state_reason note seq",
        "id partnership_id group_id code day kind state state_reason note quorum seq",
    ),
    "meeting_action": (
        "id partnership_id code group_id meeting_id decision_id text owner due_on state done_on progress "
        "what_changed on_behalf_of heard_how seq",
    ),
    "meeting_item": ("id meeting_id number title handling text seq",),
    "membership": ("id person_id partnership_id agency_id role invited_as seq",),
    "objective": ("id priority_id position code title theme seq",),
    "one_time_link": ("token_hash person_id purpose expires_at used_at",),
    "outbox_message": (
        "id partnership_id agency_id first_month kind once to subject body state attempts error recorded_at "
        "sent_at seq",
    ),
    "partnership": (
        "id code name short_name area_code seq",
        "id code name short_name area_code owed_from seq",
    ),
    "partnership_agency": (
        "partnership_id agency_id position",
        "partnership_id agency_id position is_recipient",
    ),
    "partnership_group": (
        "id partnership_id position code name kind parent belongs_to cycle cycle_rule remit documents chair "
        "vice_chair quorum begins_on ends_on also_printed forward_plan note seq",
    ),
    "payment": (
        "id partnership_id grant_id number payer_id payee_id financial_year spending pence planned_on paid_in "
        "purpose state state_reason paid_on ledger_reference claim_id planned_by_id seq",
    ),
    "payment_gate": (
        "id payment_id position kind subject limit_pence met_on waived_because waived_on waived_by_id seq",
    ),
    "period_event": (
        "id partnership_id first_month kind cut_off_on board_on reason recorded_at recorded_by seq",
        "id partnership_id first_month kind cut_off_on board_on reason recorded_at recorded_by "
        "recorded_by_kind recorded_by_id seq",
    ),
    "person": ("id email name password_hash disabled_at seq",),
    "plan": (
        "id partnership_id code version title status first_year last_year baseline_period adopted_on "
        "in_force_at aligned_with principles emerging_issues source note seq",
    ),
    "post": (
        "id partnership_id position code title agency_id filled_from filled_until deputy email note seq",
    ),
    "priority": ("id plan_id position code title cross_cutting aligned_with outcomes findings seq",),
    "published_change": (
        "id indicator_id position area_code period compared_with change unit words source seq",
    ),
    "published_attendance": (
        "id partnership_id group_id year position agency_id percent attended source seq",
    ),
    "recommendation": (
        "id partnership_id position code source source_title made_on text agency_id owner answer answer_due_on "
        "answered_on due_on state note seq",
    ),
    "recommendation_event": (
        "id recommendation_id day answer state text on_behalf_of recorded_at recorded_by recorded_by_kind "
        "recorded_by_id seq",
    ),
    "release": (
        "id partnership_id indicator_id last_month audience from_on reason recorded_at recorded_by seq",
        "id partnership_id indicator_id last_month audience from_on reason recorded_at recorded_by "
        "recorded_by_kind recorded_by_id seq",
    ),
    "remembered_answer": ("caller key request_hash status location body created_at",),
    "repayment": (
        "id partnership_id grant_id number financial_year spending why demanded demanded_on received received_on "
        "state note waived_because demanded_by_id seq",
    ),
    "return_draft": ("id partnership_id agency_id first_month rows version saved_at saved_by seq",),
    "return_event": (
        "id partnership_id agency_id first_month kind text promised_on indicators submission_id recorded_at "
        "recorded_by seq",
        "id partnership_id agency_id first_month kind text promised_on indicators submission_id recorded_at "
        "recorded_by recorded_by_kind recorded_by_id seq",
    ),
    "rule": ("id partnership_id position code title left comparison right when_missing severity seq",),
    "sign_in": ("token_hash person_id created_at expires_at",),
    "snapshot": ("id event_id items late seq",),
    "submission": (
        "id partnership_id agency_id via status counts rows recorded_at recorded_by seq",
        "id partnership_id agency_id via status counts rows recorded_at recorded_by recorded_by_kind "
        "recorded_by_id seq",
    ),
    "target": (
        "id plan_id indicator_id number words applies milestones from_period reason recorded_at recorded_by",
        "id plan_id indicator_id number words applies milestones from_period reason recorded_at recorded_by "
        "recorded_by_kind recorded_by_id",
    ),
    "theme": ("id priority_id position code title seq",),
    "upload": (
        "id partnership_id agency_id caller name kind content state counts receipt problem submission_id "
        "uploaded_at uploaded_by seq",
    ),
    "variation": (
        "id partnership_id grant_id number kind state of_version terms reason on_behalf decision_reason asked_on "
        "decided_on asked_by_id seq",
    ),
}
"""Lists of covered columns by table: the first is version 1, the last is in use. A released version is never
edited, since stored digests were made by it. A migration that adds a column adds a version here; a row is checked
by the version of its newest digest. A migration that changes the content of rows renews their digests by
`baseline.renew_digests`."""

FIGURE_LISTS = ("id indicator_id area_code breakdown first_month last_month",)
"""Columns of a figure's identity. One digest covers all figures that one submission created, often
thousands. A figure's content is compared with its newest revision."""

REVISION_LISTS = (
    "value numerator denominator sample_size margin margin_level margin_of status qualifier missing expected_on "
    "note figure_id number reason recorded_at recorded_by submission_id",
)
"""Columns in the digest of a submission's revisions, which its event holds as `rows_sha256`."""

CHECKED_OTHERWISE = {
    "stored_file": "Named by the hash of its content, with which it is compared where something refers to it.",
    "audit_event": "Each event's hash covers the event and the one before it.",
    "row_digest": "An event of the same change holds the hash of its digests.",
    "ledger": "Compared with the last event.",
    "figure": "Compared with its newest revision; what it is about has one digest a submission.",
    "figure_revision": "The submission's event holds the digest of its revisions.",
}
"""Tables that have no digest for each row."""

NOT_COVERED = {
    "alembic_version": "the migrations' own note of how far they came",
    "api_key.last_used_at": "noted beside requests, to the minute",
    "audit_event.id": "the order of events is covered, their numbers are not",
    "figure.seq": "moved when something changes that is read with a figure",
    "indicator.seq": "moved when something changes that is read with an indicator",
    "ledger.epoch": "renewed when a backup is put back",
    "ledger.frame": "moved by changes that are not of figures alone; it says what reads need not look up again",
    "outbox_message.not_before": "moved by the worker that is about to send the message",
    "sign_in.last_used_at": "noted beside requests, to the minute",
    "sign_in_device": "marks of known devices: they let nobody in",
    "sign_in_guess": "guesses at passwords, kept for a day",
    "stored_file.kept_until": "moved when something refers to the file, or no longer does",
    "target.seq": "moved when something changes that is read with a target",
    "upload.attempts": "counted by the worker that reads the file",
    "upload.done": "how far the reading has come",
    "upload.leased_until": "moved by the worker that reads the file",
    "upload.total": "how far the reading has come",
}
"""Tables, and columns of covered ones, that may change without a trace; with the reason."""


def columns_of(table: str, version: int) -> tuple[str, ...]:
    """Names of the columns that a version covers. LookupError for an unknown version."""
    versions = FIGURE_LISTS if table == "figure" else LISTS[table]
    if not 1 <= version <= len(versions):
        raise LookupError(f"{table} has no list {version}")
    return tuple(versions[version - 1].split())


def newest_version(table: str) -> int:
    return len(FIGURE_LISTS if table == "figure" else LISTS[table])


def newest_columns(table: str) -> frozenset[str]:
    """Columns that are covered now, of a table with a digest for each row."""
    return frozenset(columns_of(table, newest_version(table)))


def not_covered() -> list[str]:
    """Lines that name the tables and columns that no digest covers, with the reason."""
    return [f"{what}: {reason}." for what, reason in sorted(NOT_COVERED.items())]
