from datetime import date

import pytest

from app.logbook import Row, read
from app.logbook.columns import recognise
from app.logbook.statuses import read_status


def events(row: Row):
    return [(event.kind, event.stage, event.when.day) for event in row.events]


def codes(row: Row):
    return [problem.code for problem in row.problems]


def test_stage_as_column():
    log = read(
        "Company;Position;Applied;Phone Screen;Technical Interview;Final Round;Offer;Rejected;Ghosted\n"
        "Acme;Dev;05.03.2024;10.03.2024;;;;12.03.2024;\n"
        "Beta;Dev;05.03.2024;x;;;;;ja\n"
        "Gamma;Ops;06.03.2024;10.3.24;14.3.24;20.3.24;Yes;;no\n"
    )
    acme, beta, gamma = log.rows
    assert events(acme) == [("application", None, 5), ("interview", "screening", 10), ("rejection", None, 12)]
    assert events(beta) == [("application", None, 5)]
    assert codes(beta) == ["ghosted-is-computed", "no-date"]
    assert beta.notes == "Ghosted: ja\nPhone Screen: yes"
    assert events(gamma)[1:] == [
        ("interview", "screening", 10),
        ("interview", "interviewing", 14),
        ("interview", "final_round", 20),
    ]
    assert codes(gamma) == ["no-date"]


def test_an_answer_is_what_the_status_says():
    log = read(
        "Company,Position,Applied On,Response Date,Outcome,Interview Date\n"
        "Acme,Dev,2024-01-05,2024-01-20,Rejected,\nBeta,Dev,2024-01-05,2024-01-20,Rejected,2024-01-25\n"
        "Gamma,Dev,2024-01-05,2024-01-20,Auto-reply,\nDelta,Dev,2024-01-05,2024-01-20,,\n"
    )
    assert [events(row)[1:] for row in log.rows] == [
        [("rejection", None, 20)],
        [("employer_message", None, 20), ("interview", "interviewing", 25)],  # the first answer was no rejection
        [("acknowledgement", None, 20)],
        [("employer_message", None, 20)],
    ]
    assert codes(log.rows[1]) == ["no-date"]


def test_status_without_date_makes_nothing():
    row = read("Company,Title,Date Applied,Status\nAcme,Dev,2024-01-05,Rejected\n").rows[0]
    assert (events(row), codes(row), row.notes) == ([("application", None, 5)], ["no-date"], "Status: Rejected")
    dated = read("Company,Title,Date Applied,Status\nAcme,Dev,2024-01-05,Rejected 2024-01-09\n").rows[0]
    assert events(dated)[1:] == [("rejection", None, 9)]


def test_a_date_from_other_columns_is_a_guess():
    head = "Company,Title,Date Applied,Status,"
    for tail, cell in (("Last Updated", "2024-01-09"), ("Days to outcome", "4")):
        row = read(f"{head}{tail}\nAcme,Dev,2024-01-05,Rejected,{cell}\n").rows[0]
        assert (events(row)[1:], row.events[1].guessed) == ([("rejection", None, 9)], True)
        assert codes(row) == ["guessed-date", "guessed-interaction"]
    same_day = read(f"{head}Last Contact\nAcme,Dev,2024-01-05,Rejected,2024-01-05\n").rows[0]
    assert codes(same_day) == ["no-date"]


def test_ghosted_is_a_note_and_unknown_words_too():
    log = read("Company,Title,Date Applied,Status\nAcme,Dev,2024-01-05,Ghosted\nBeta,Dev,2024-01-05,Purple\n")
    assert [codes(row) for row in log.rows] == [["ghosted-is-computed"], ["unknown-status"]]
    assert [(row.source_status, row.notes) for row in log.rows] == [
        ("Ghosted", "Status: Ghosted"),
        ("Purple", "Status: Purple"),
    ]
    asked = read("Company,Role,Applied,OA,Status\nAcme,Dev,2024-01-01,2024-01-05,Ghosted\n").rows[0]
    assert [event.kind for event in asked.events] == ["application", "request", "reply"]


def test_a_bare_date_of_something_saved_is_no_application():
    log = read("Date,Company,Position,Status\n2024-01-05,Acme,Dev,Saved\n2024-01-06,Beta,Dev,Rejected\n")
    assert [events(row) for row in log.rows] == [[], [("application", None, 6)]]
    told = read("Applied Date,Company,Position,Status\n2024-01-05,Acme,Dev,Need to apply\n").rows[0]
    assert (len(told.events), codes(told)) == (1, ["contradicts-status"])
    ticked = read("Applied?,Date,Company,Position\nNo,2024-01-05,Acme,Dev\nYes,2024-01-05,Beta,Dev\n")
    assert [len(row.events) for row in ticked.rows] == [0, 1]


def test_a_diary_has_a_line_for_each_thing():
    log = read(
        "Date,Company,Position,Status\n2024-01-05,Acme,Dev,Applied\n2024-01-09,Acme,Dev,Phone Screen\n"
        "2024-01-12,Acme,Dev,Rejected\n2024-01-06,Beta,Ops,Applied\n"
    )
    assert [events(row) for row in log.rows] == [
        [("application", None, 5)],
        [("interview", "screening", 9)],
        [("rejection", None, 12)],
        [("application", None, 6)],
    ]


def test_follow_ups_planned_and_sent():
    log = read("Company,Title,Applied,Follow Up Date,Follow-up sent\nAcme,Dev,2024-01-05,2024-01-12,2024-01-13\n")
    assert events(log.rows[0])[1:] == [("follow_up", None, 13)]
    assert codes(log.rows[0]) == ["follow-up-not-counted"]


def test_events_stand_in_time_and_a_wrong_order_is_told():
    row = read("Company,Title,Applied,Rejected\nAcme,Dev,2024-01-05,2024-01-02\n").rows[0]
    assert [event.when for event in row.events] == [date(2024, 1, 2), date(2024, 1, 5)]
    assert codes(row) == ["order"]


STATUSES = {
    "application": "Applied|applied|Submitted|CV sent|Beworben|Candidature envoyée|✅ Applied|Application Submitted",
    "rejection": "Rejected|Not selected|Rejected after interview|Absage|Refusé|Auto rejected|Not hired|Declined|Failed",
    "ghost": "Ghosted|No Response|applicationIgnored|unresponsive|Keine Rückmeldung|Sans réponse|Closed - No response",
    "lead": "Wishlist|Bookmarked|Saved|Applying|To Apply|Didn't apply|Need to apply|Interested|Not Applied",
    "interview": "Phone Screen|initialScreen|interview2|Onsite|Final Round|Technical Interview|Vorstellungsgespräch",
    "employer_message": "Interview Scheduled|Response received|Heard back|Shortlisted|Eingeladen|employer_message",
    "acknowledgement": "auto-reply|Application received|Application viewed|Acknowledged",
    "request": "OA|Online Assessment|recruiterOutreach|Take-home|HackerRank",
    "submission": "OA completed|Submitted take home|Coding challenge done",
    "offer": "Offer|Offer Received|Negotiating|Zusage",
    "verbal_offer": "Verbal Offer",
    "acceptance": "Accepted|Offer Accepted|Hired|Accepted offer",
    "decline": "Declined offer|Offer declined|Offer Rejected",
    "withdrawal": "Withdrawn|withdrew|I withdrew|Not interested",
    "position_closed": "Position closed|Position Removed|Job filled|Expired",
    "hold": "On Hold|Hiring freeze",
    "follow_up": "Followed up",
    "pending": "In Progress|Under Review|Waiting|Pending|En attente|Resume Screening",
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in STATUSES.items() for text in texts.split("|")]
)
def test_status_words(kind, text):
    assert [meaning.kind for meaning in read_status(text)] == [kind]


def test_compound_and_unknown_status_words():
    assert [meaning.kind for meaning in read_status("Inter + Rejec")] == ["interview", "rejection"]
    assert read_status("Purple") == read_status("") == read_status("Closed") == ()


HEADERS = {
    "applied_at": "Date Applied|Applied On|dateApplied|Bewerbungsdatum|Date de candidature|Date sent",
    "responded_at": "Date of 1st Response|Response?|Heard Back?|Rückmeldung am|Réponse",
    "status_at": "Status Date|date_outcome|Decision Date|Stage Date",
    "updated_at": "Last contact|Last Updated",
    "stage": "1st Interview|Interview Date|Rejection Date|Phone Screen|Withdrawn|Final Interview|Ghosted?",
    "plan": "Follow up date|Next Follow-Up|Reminder",
    "notes": "Notes|Interview Notes|Feedback|Bemerkungen",
    "contact_name": "Recruiter|Contact Person|Ansprechpartner",
    "url": "Job URL|Link to Job Posting|Lien",
}


@pytest.mark.parametrize(
    ("ours", "header"), [(ours, name) for ours, all_ in HEADERS.items() for name in all_.split("|")]
)
def test_headers(ours, header):
    found = recognise(header)
    assert found
    assert found.ours == ours


@pytest.mark.parametrize("header", ["Interviewer", "Interview Time", "Number of interviews", "Resume", ""])
def test_headers_that_say_nothing(header):
    assert recognise(header) is None
