import pytest

from app.logbook import MAX_ROWS, NotALog, TooManyRows, UnknownColumn, decode, read
from app.logbook.errors import LogError


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(mark, end):
    lines = ["Company|Title|Applied", 'Acme|"Dev, senior; 1\t2"|2024-03-01', "", '"Beta\nLtd"|Ops|2024-03-02']
    log = read(end.join(lines).replace("|", mark) + end)
    assert [(row.number, row.company) for row in log.rows] == [(1, "Acme"), (3, "Beta Ltd")]
    assert log.rows[0].title == "Dev, senior; 1 2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(encoding):
    text = (
        "Firma;Stelle;Beworben am;Status;Rückmeldung am;Gehalt\r\n"
        "Müller;Entwickler;05.03.2024;Absage;20.03.2024;60.000 €\r\n"
    )
    row = read(decode(text.encode(encoding))).rows[0]
    assert (row.company, row.salary_min, row.currency) == ("Müller", 6_000_000, "EUR")
    assert [event.kind for event in row.events] == ["application", "rejection"]


def test_decode_never_fails():
    assert decode(b"\x81\x8d") == "\ufffd\ufffd"
    assert decode(b"\xef\xbb\xbfa") == "a"
    assert decode(b"") == ""


def test_header_stands_below_a_title_and_beside_excel_hints():
    assert read("sep=;\nCompany;Title\nAcme;Dev\n").rows[0].company == "Acme"
    log = read("My search 2024,,,\n,,,\nCompany,Role,Date,Status\nAcme,Dev,2024-01-01,Applied\n")
    assert [event.kind for event in log.rows[0].events] == ["application"]
    assert read("|Company|Title|\n|---|---|\n|Acme|Dev|\n").rows[0].title == "Dev"


def test_formula_guard_is_taken_off():
    row = read("Company,Title,Notes\n'=Acme,'+Dev,'quoted'\n").rows[0]
    assert (row.company, row.title, row.notes) == ("=Acme", "+Dev", "'quoted'")


@pytest.mark.parametrize("blank", ["", " ", "N/A", "n/a", "null", "None", "-", "---", "\u200b"])
def test_missing(blank):
    row = read(f"Company,Title,Location,Date Applied\nAcme,Dev,{blank},{blank}\n").rows[0]
    assert (row.location, row.events, row.problems) == (None, (), ())


def test_rows_that_are_no_opportunities():
    log = read(
        "Company,Title,Applied,Archived\n,Dev,2024-01-01,\nAcme,,2024-01-01,\n,,,x\n,,FALSE,\nCompany,Title,Applied,Archived\n"
    )
    assert [[problem.severity for problem in row.problems] for row in log.rows[:2]] == [["error"], ["error"]]
    assert [row.problems[0].column for row in log.rows[:2]] == ["Company", "Title"]
    assert [row.skip for row in log.rows[2:]] == ["blank", "blank", "header-again"]


def test_columns_not_used_are_told():
    assert read("Company,Title,Shoe size\nAcme,Dev,43\n").warnings[0] == "Columns not used: Shoe size."


def test_fields_that_do_not_fit_are_kept_in_the_notes():
    row = read(
        "Company,Title,Link,Location,Contact,Salary\n"
        f'{"A" * 250},Dev,ask Bob,{"L" * 201},"Ann, Recruiter (555-0100)",$25/hr\n'
    ).rows[0]
    assert [problem.code for problem in row.problems] == ["too-long", "bad-url", "too-long", "bad-format"]
    assert (len(row.company or ""), len(row.location or ""), row.url, row.contact) == (200, 200, None, None)
    for kept in ("A" * 250, "Link: ask Bob", "L" * 201, "(555-0100)", "$25/hr"):
        assert kept in (row.notes or "")


@pytest.mark.parametrize(
    ("cell", "url"),
    [
        ("https://a.example/1?x=1", "https://a.example/1?x=1"),
        ("a.example/jobs/1", "https://a.example/jobs/1"),
        ("[Acme](https://a.example/1)", "https://a.example/1"),
        ("see https://a.example/1 now", "https://a.example/1"),
        ("https://me:pw@a.example/1", None),
        ("https://a.example:99999/1", None),
        ("ftp://a.example/1", None),
        ("javascript:alert(1)", None),
        ("https://a.example/" + "x" * 2050, None),
    ],
)
def test_urls(cell, url):
    assert read(f"Company,Title,URL\nAcme,Dev,{cell}\n").rows[0].url == url


def test_a_link_of_many_jobs_is_none_of_one():
    log = read(
        "Company,Title,URL\nAcme,Dev,https://b.example/\nBeta,Ops,https://b.example/\nAcme,Dev,https://b.example/2\n"
    )
    assert [row.url for row in log.rows] == [None, None, "https://b.example/2"]
    assert log.rows[0].problems[0].code == "shared-url"


@pytest.mark.parametrize(
    ("cells", "pay"),
    [
        ("65k-80k,USD", (6_500_000, 8_000_000, "USD")),
        ('"$65,000",', (6_500_000, None, "USD")),
        ("55.000 €,", (5_500_000, None, "EUR")),
        ("¥5000000,JPY", (5_000_000, None, "JPY")),
        ("65-80k,GBP", (6_500_000, 8_000_000, "GBP")),
        ("15 LPA,INR", (150_000_000, None, "INR")),
        ("60000,", (None, None, None)),
        ('"120,000 - 100,000",USD', (None, None, None)),
        ("25,USD", (None, None, None)),
        ("competitive,USD", (None, None, None)),
    ],
)
def test_salaries(cells, pay):
    row = read(f"Company,Title,Salary,Currency\nAcme,Dev,{cells}\n").rows[0]
    assert (row.salary_min, row.salary_max, row.currency) == pay


def test_source_kind_and_contact():
    row = read(
        "Company,Title,Source,Job Type,Recruiter,Recruiter Email\n"
        "Acme,Dev,Wellfound,Full-time,Ann Invented,ann@acme.example\n"
    ).rows[0]
    assert (row.source, row.kind, row.notes) == ("job_board", "permanent", "Source: Wellfound")
    assert row.contact
    assert (row.contact.name, row.contact.email, row.contact.role) == ("Ann Invented", "ann@acme.example", "recruiter")
    assert read("Company,Title,Referral\nAcme,Dev Intern,Yes\n").rows[0].source == "referral"
    assert read("Company,Title\nAcme,Dev Intern\n").rows[0].kind == "internship"


@pytest.mark.parametrize(("cell", "kept"), [("R-123", "R-123"), ("4711001", "4711001"), ("12", None)])
def test_requisition_ids(cell, kept):
    assert read(f"Company,Title,Job ID\nAcme,Dev,{cell}\n").rows[0].requisition_id == kept


def test_mapping():
    text = "Wer,Was,Wann,Status\nAcme,Dev,2024-01-01,2024-02-01\n"
    row = read(text, mapping={"company": "Wer", "title": "was", "applied_at": "Wann", "rejected_at": "STATUS"}).rows[0]
    assert [event.kind for event in row.events] == ["application", "rejection"]
    for ours, theirs in (("company", "Nobody"), ("compny", "Wer"), ("a/b~", "Wer")):
        with pytest.raises(UnknownColumn) as caught:
            read(text, mapping={"title": "Was", ours: theirs})
        assert caught.value.pointer == "/mapping/" + ours.replace("~", "~0").replace("/", "~1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "hello",
        "a,b\n1,2\n",
        "Company,Title\n",
        "[]",
        "{}",
        "[1]",
        "[[]]",
        '{"a":1}',
        "[NaN]",
        "[",
        '[{"a":1}]',
        "[" * 9999,
    ],
)
def test_no_log(text):
    with pytest.raises(NotALog) as caught:
        read(text)
    assert isinstance(caught.value, LogError)


def test_too_many_rows():
    assert len(read("Company,Title\n" + "Acme,Dev\n" * MAX_ROWS).rows) == MAX_ROWS
    with pytest.raises(TooManyRows):
        read("Company,Title\n" + "Acme,Dev\n" * (MAX_ROWS + 1))
    with pytest.raises(TooManyRows):
        read("[" + ",".join(['{"company":"A","title":"B"}'] * (MAX_ROWS + 1)) + "]")
