"""Each gate holds a payment, says the one thing to do, and lets it go."""

import pytest

from app.domain.grants.gate import Gate, GateFacts, GateKind, GateState, gate_status

Q2 = "2017-18-Q2"
K = GateKind
MET, NOT = GateState.MET, GateState.NOT_MET


@pytest.mark.parametrize(
    ("gate", "facts", "state", "words"),
    [
        (Gate(K.RETURN_ACCEPTED, Q2), GateFacts(), NOT, "Send the report for 2017-18-Q2."),
        (
            Gate(K.RETURN_ACCEPTED, Q2),
            GateFacts(returns={Q2: "submitted"}),
            NOT,
            "The report for 2017-18-Q2 was sent; it has to be accepted.",
        ),
        (
            Gate(K.RETURN_ACCEPTED, Q2),
            GateFacts(returns={Q2: "accepted"}),
            MET,
            "The report for 2017-18-Q2 is accepted.",
        ),
        (
            Gate(K.RETURN_ACCEPTED, Q2),
            GateFacts(returns={"2017-18-Q1": "accepted"}),
            NOT,
            "Send the report for 2017-18-Q2.",
        ),
        (
            Gate(K.REPORT_RECEIVED, Q2),
            GateFacts(returns={Q2: "submitted"}),
            MET,
            "The report for 2017-18-Q2 is here.",
        ),
        (
            Gate(K.REPORT_RECEIVED, Q2),
            GateFacts(returns={Q2: "open"}),
            NOT,
            "Send the report for 2017-18-Q2.",
        ),
        (
            Gate(K.UNSPENT_WITHIN, limit=3_000_00),
            GateFacts(unspent=5_790_00),
            NOT,
            "£5,790 is unspent, and at most £3,000 may be: report what was spent since, or ask to change the plan "
            "of payments.",
        ),
        (
            Gate(K.UNSPENT_WITHIN, limit=3_000_00),
            GateFacts(unspent=3_000_00),
            MET,
            "£3,000 is unspent, of £3,000 at most.",
        ),
        (
            Gate(K.UNSPENT_WITHIN, limit=3_000_00),
            GateFacts(unspent=-150_00),
            MET,
            "£0 is unspent, of £3,000 at most.",
        ),
        (
            Gate(K.UNSPENT_WITHIN, limit=3_000_00),
            GateFacts(),
            NOT,
            "Report what was spent: at most £3,000 may be unspent.",
        ),
        (
            Gate(K.UNDERSPEND_WITHIN, limit=15_000_00),
            GateFacts(underspend=33_413_00, without_forecast=("LOC-17-1",)),
            NOT,
            "An underspend of £33,413 is expected, £18,413 over the limit: decide what to do with it. "
            "Without a forecast: LOC-17-1.",
        ),
        (
            Gate(K.UNDERSPEND_WITHIN, limit=15_000_00),
            GateFacts(underspend=15_000_00),
            MET,
            "An underspend of £15,000 is expected, within the limit.",
        ),
        (Gate(K.APPROVED_BY_GROUP, "the Board"), GateFacts(), NOT, "To be approved by the Board."),
        (Gate(K.APPROVED_BY_GROUP, "the Board", is_met=True), GateFacts(), MET, "Approved by the Board."),
        (Gate(K.CONDITION_MET, "a signed lease"), GateFacts(), NOT, "Still needed: a signed lease"),
        (Gate(K.CONDITION_MET, "a signed lease", is_met=True), GateFacts(), MET, "Met: a signed lease"),
        (
            Gate(K.CONDITION_MET, "a signed lease", waived_because="wages are due"),
            GateFacts(),
            GateState.WAIVED,
            "Paid without, because: wages are due",
        ),
    ],
)
def test_a_gate(gate: Gate, facts: GateFacts, state: GateState, words: str) -> None:
    status = gate_status(gate, facts)
    assert (status.state, status.words, status.holds) == (state, words, state is NOT)
