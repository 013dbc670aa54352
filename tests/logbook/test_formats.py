from datetime import UTC, date, datetime

import pytest

from app.logbook import DateOrder, LogFormat, NotALog, Row, read


def events(row: Row):
    return [(event.kind, event.when) for event in row.events]


def test_linkedin_applications_drop_what_is_private():
    log = read(
        "Application Date,Contact Email,Contact Phone Number,Company Name,Job Title,Job Url,Resume Name,"
        "Question And Answers\n"
        '"3/7/24, 2:22 PM",me@mail.example,+1 555 0100,Acme,Developer,https://www.linkedin.com/jobs/view/1,mine.pdf,'
        '"Do you? | Yes"\n'
    )
    assert (log.format, log.date_order) == (LogFormat.LINKEDIN_APPLICATIONS, DateOrder.MDY)
    row = log.rows[0]
    assert events(row) == [("application", datetime(2024, 3, 7, 14, 22))]  # noqa: DTZ001 - local wall time
    assert (row.company, row.title, row.url) == ("Acme", "Developer", "https://www.linkedin.com/jobs/view/1")
    assert not any(secret in repr(log) for secret in ("mail.example", "0100", "mine.pdf", "Do you"))


def test_linkedin_saved_are_leads():
    log = read(
        'Saved Date,Job Url,Job Title,Company Name\n"3/7/24, 2:22 PM",https://www.linkedin.com/jobs/view/1,Dev,Acme\n'
    )
    assert log.format is LogFormat.LINKEDIN_SAVED
    assert log.rows[0].events == ()


def test_linkedin_connections_begin_below_their_notes():
    log = read(
        'Notes:\n"When exporting, you may notice that some addresses are missing, see settings."\n\n'
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ada,Invented,https://www.linkedin.com/in/ada,ada@acme.example,Acme,CTO,05 Mar 2024\n,,,,,,06 Mar 2024\n"
    )
    assert log.format is LogFormat.LINKEDIN_CONNECTIONS
    person = log.rows[0].contact
    assert person
    assert (person.name, person.email, person.company, person.title) == (
        "Ada Invented",
        "ada@acme.example",
        "Acme",
        "CTO",
    )
    assert person.connected_on == date(2024, 3, 5)
    assert log.rows[1].skip == "nameless"


def test_teal_csv_and_json():
    as_csv = read(
        "company_name,role,location,url,salary_min,salary_max,salary_currency,applied_at,statusName,added_at\n"
        "Acme,Dev,Berlin,https://acme.example/1,60000,80000.50,EUR,2024-03-05T10:00:00Z,Applied,2024-03-01T10:00:00Z\n"
    )
    as_json = read(
        '[{"company_name":"Acme","role":"Dev","location":"Berlin","url":"https://acme.example/1","salary_min":60000,'
        '"salary_max":80000.50,"salary_currency":"EUR","applied_at":"2024-03-05T10:00:00Z",'
        '"status":{"id":3,"name":"Applied"},"added_at":"2024-03-01T10:00:00Z"}]'
    )
    for log in (as_csv, as_json):
        assert log.format is LogFormat.TEAL
        row = log.rows[0]
        assert events(row) == [("application", datetime(2024, 3, 5, 10, tzinfo=UTC))]
        assert (row.salary_min, row.salary_max, row.currency) == (6_000_000, 8_000_050, "EUR")
        assert row.source_status == "Applied"
        assert not row.problems


def test_simplify_has_a_status_at_its_date():
    head = "Job Title,Company Name,Location,Job URL,Status,Status Date,Applied Date,Archived,Notes,job_type\n"
    log = read(
        head + "Dev,Acme,NYC,https://a.example/1,Rejected,2024-04-01,2024-03-01,No,hm,Full-time\n"
        "Dev,Beta,NYC,https://a.example/2,Interviewing,2024-04-01,2024-03-01,No,,\n"
        "Dev,Gamma,NYC,https://a.example/3,Saved,2024-04-01,,No,,\n"
        "Dev,Delta,NYC,https://a.example/4,Applied,2024-03-01,2024-03-01,No,,\n"
    )
    assert log.format is LogFormat.SIMPLIFY
    rejected, interviewing, saved, applied = log.rows
    assert events(rejected) == [("application", date(2024, 3, 1)), ("rejection", date(2024, 4, 1))]
    assert (rejected.notes, rejected.kind) == ("hm", None)
    assert [(event.kind, event.guessed) for event in interviewing.events] == [
        ("application", False),
        ("interview", True),
    ]
    assert saved.events == ()
    assert events(applied) == [("application", date(2024, 3, 1))]


def test_simplify_a_mark_of_silence_stands_at_the_day_of_the_status():
    head = "Job Title,Company Name,Job URL,Status,Status Date,Applied Date\n"
    log = read(head + "Dev,Acme,https://a.example/1,Ghosted,2024-04-20,2024-03-03\n", log_format=LogFormat.SIMPLIFY)
    row = log.rows[0]
    assert events(row) == [("application", date(2024, 3, 3))]
    assert (row.silent_on, row.notes) == (date(2024, 4, 20), "Status: Ghosted")


def test_the_day_of_saving_is_told():
    log = read('Saved Date,Job Url,Job Title,Company Name\n"3/7/24, 2:22 PM",https://a.example/1,Cook,Acme\n')
    assert log.rows[0].saved_on == datetime(2024, 3, 7, 14, 22)  # noqa: DTZ001  # local wall time, as written


def test_a_connection_whose_address_is_none():
    head = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    log = read(head + "Ada,Stone,,bad mail,Acme,CTO,05 Mar 2024\n", log_format=LogFormat.LINKEDIN_CONNECTIONS)
    assert [problem.code for problem in log.rows[0].problems] == ["bad-email"]


def test_huntr_and_a_status_without_a_date():
    log = read(
        "Title,Company,List,URL,Location,Date Added,Notes\nDev,Acme,Applied,https://a.example/1,Remote,2024-03-01,\n"
    )
    assert log.format is LogFormat.HUNTR
    row = log.rows[0]
    assert (row.source_status, row.events, row.notes) == ("Applied", (), "List: Applied")
    assert [problem.code for problem in row.problems] == ["no-date"]


def test_a_declared_format_wins():
    text = "Title,Company,List,URL,Date Added\nDev,Acme,Applied,https://a.example/1,2024-03-01\n"
    assert read(text, log_format=LogFormat.GENERIC).format is LogFormat.GENERIC


def test_our_own_log_comes_back():
    log = read(
        "date,company,position,kind,channel,contact,stage,outcome\r\n"
        "2024-01-01,Acme,Dev,application,portal,,applied,\r\n2024-01-08,Acme,Dev,reply,email,,applied,\r\n"
        "2024-01-09,Acme,Dev,danced,email,,applied,\r\n"
    )
    assert [events(row) for row in log.rows] == [
        [("application", date(2024, 1, 1))],
        [("reply", date(2024, 1, 8))],
        [],
    ]
    assert log.rows[2].problems[0].code == "not-in-list"


def test_json_shapes():
    nested = read(
        '{"jobs":[{"job":{"title":"Dev","company":{"name":"Acme"}},"dateApplied":1709632800000,'
        '"timeline":[{"event":"Phone Screen","date":"2024-03-10"},'
        '{"event":"Rejected","date":{"$date":"2024-03-20T00:00:00Z"}},'
        '{"event":"Frobnicated","date":"2024-03-21"}],"notes":[{"text":"a","date":"2024-03-01"},"b"],"tags":["x"]}]}'
    ).rows[0]
    assert (nested.company, nested.title) == ("Acme", "Dev")
    assert events(nested) == [
        ("application", datetime(2024, 3, 5, 10, tzinfo=UTC)),
        ("interview", date(2024, 3, 10)),
        ("rejection", datetime(2024, 3, 20, tzinfo=UTC)),
    ]
    assert [problem.code for problem in nested.problems] == ["unknown-status"]
    assert nested.notes == "a\nb\nFrobnicated: 2024-03-21"
    listed = read(
        '[{"company":"Acme","position":"Dev","applied_on":"2024-03-01","statusDates":{"offer":"2024-03-20"},'
        '"interviews":[{"type":"final round","date":"2024-03-09T10:00:00"}]}]'
    ).rows[0]
    assert [(event.kind, event.stage) for event in listed.events] == [
        ("application", None),
        ("interview", "final_round"),
        ("offer", None),
    ]
    lines = read('{"company":"Acme","title":"A"}\n{"company":"Beta","title":"B"}\n')
    by_id = read('{"k1":{"company":"Acme","title":"A"},"k2":{"company":"Beta","title":"B"}}')
    assert [row.company for row in lines.rows] == [row.company for row in by_id.rows] == ["Acme", "Beta"]


def test_a_field_named_twice_in_json_is_refused():
    for text in (
        '[{"company": "A", "title": "B", "title": "C"}]',
        '{"company": "A", "title": "B", "title": "C"}\n' * 2,
    ):
        with pytest.raises(NotALog, match="twice"):
            read(text)


def test_a_number_too_large_for_one_stays_as_it_was_written():
    (row,) = read('[{"company": "A", "title": "B", "salary_min": 1e400, "salary_currency": "EUR"}]').rows
    assert (row.salary_min, row.notes) == (None, "salary_min: 1e400")


def test_what_cannot_be_stored_is_told_of():
    marked = "A" + "\u0301" * 12
    (row,) = read(f'Company,Title,Location,Notes,Ours\nA\x1bB,B\u202eC,{marked},"one\ntwo",\x00\n').rows
    assert (row.company, row.title, row.notes) == ("AB", "BC", "one\ntwo")
    assert [(problem.code, problem.column) for problem in row.problems] == [
        ("bad-character", "Company"),
        ("bad-character", "Title"),
        ("bad-character", "Location"),
    ]
