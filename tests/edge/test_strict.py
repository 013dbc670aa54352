"""The strict reader against the corpus' kinds of hostile input, their siblings, and arbitrary bytes."""

import json
import time
from enum import StrEnum
from typing import Annotated, Literal, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import MISSING, Field, model_validator

from app.http.strict import media_type_ok, parse_body, parse_query, query_pairs
from app.kit.errors import AppError, DuplicateKey, Malformed, MalformedJson, RuleBroken, TooComplex
from app.kit.fields import Currency, Day, Email, Id, Instant, Items, Line, Phone, Region, Text, Url, Whole, Zone
from app.kit.schema import In, Patch, rule_error

Name = Annotated[str, Line(200)]


class Work(StrEnum):
    EMPLOYED = "employed"
    STUDENT = "student"


class ClientIn(In):
    id: Id | None = None
    name: Name
    email: Email | None = None
    time_zone: Zone
    region: Region | None = None
    employment_status: Work
    hours_free_per_week: Annotated[int, Whole(0, 168)] | None = None
    goals: Annotated[tuple[Name, ...], Items(20)] = ()
    archived: bool = False


class ClientPatch(Patch):
    name: Name | MISSING = MISSING
    region: Region | MISSING | None = MISSING
    goals: Annotated[tuple[Name, ...], Items(20)] | MISSING = MISSING


class InteractionIn(In):
    kind: Literal["employer_message", "interview", "note"]
    occurred_at: Instant
    ends_at: Instant | None = None
    arranged_at: Instant | None = None
    reply_by: Day | None = None
    summary: Annotated[str, Text(10_000)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at is not None and self.ends_at < self.occurred_at:
            raise rule_error("order", "ends_at must not lie before occurred_at", "ends_at")
        if self.arranged_at is not None and self.arranged_at > self.occurred_at:
            raise rule_error("order", "arranged_at must not lie after occurred_at", "arranged_at")
        return self


class Batch(In):
    items: Annotated[tuple[InteractionIn, ...], Items(500, at_least=1)]


class OpportunityIn(In):
    client_id: Id
    company_id: Id | None = None
    company_name: Name | None = None
    title: Name
    url: Url | None = None
    salary_min: Annotated[int, Whole(0)] | None = None
    salary_max: Annotated[int, Whole(0)] | None = None
    currency: Currency | None = None

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if (self.company_id is None) == (self.company_name is None):
            raise rule_error("exactly-one", "Give company_id or company_name.", "company_id")
        if self.salary_min is not None and self.salary_max is not None and self.salary_min > self.salary_max:
            raise rule_error("order", "salary_min must not exceed salary_max", "salary_min")
        return self


class ContactIn(In):
    name: Name
    phone: Phone | None = None


class Wait(In):
    typical_reply_days: Annotated[int, Whole(0, 730)]
    follow_up_needs_contact: bool


class PolicyIn(In):
    waits: dict[Name, Wait]
    skip_weekends: bool


class OpportunityQuery(In):
    client_id: Id | None = None
    status: Annotated[tuple[Work, ...], Items(20)] = ()
    number: tuple[Annotated[int, Whole(0, 9)], ...] | None = None
    as_of: Instant | None = None
    on: Day | None = Field(default=None, alias="from")
    q: Annotated[str, Line(100)] | None = None
    sort: Literal["title", "-title"] = "title"
    archived: bool = False
    limit: Annotated[int, Whole(1, 200)] = 50


CLIENT = '"name":"A","time_zone":"UTC","employment_status":"employed"'
EVENT = '"kind":"employer_message","occurred_at":"2026-03-04T10:00:00Z"'
JOB = '"client_id":"00000000-0000-7000-8000-000000000001","company_name":"Acme","title":"T"'


def status(model: type[In], raw: bytes | str) -> int:
    try:
        parse_body(model, raw if isinstance(raw, bytes) else raw.encode())
    except Malformed:
        return 400
    except RuleBroken as error:
        shown = json.dumps([fault.pointer + fault.message for fault in error.faults], ensure_ascii=False).encode()
        return 422 if shown != b"[]" else 500
    return 200


def codes(model: type[In], raw: str) -> list[tuple[str, str]]:
    with pytest.raises(RuleBroken) as caught:
        parse_body(model, raw.encode())
    return [(fault.pointer, fault.code) for fault in caught.value.faults]


def words(text: str) -> list[str]:
    return text.split()


# Written without spaces inside an item; `~` stands for the fields that a client, or an interaction, needs.
BAD_CLIENTS = words(r"""
{~,"__proto__":{"role":"owner"}} {~,"$ref":"#/x"} {~,"practice_id":"00000000-0000-7000-8000-000000000001"}
{~,"version":1} {~,"role":"owner"} {~,"created_at":"2026-01-01T00:00:00Z"}
{~,"id":"{00000000-0000-7000-8000-000000000001}"} {~,"":1} {~,"id":"00000000000070008000000000000001"}
{~,"id":"urn:uuid:00000000-0000-7000-8000-000000000001"} {~,"Name":"a"} {~,"id":1} {~,"region":"ZZ"}
{~,"region":"de-by"} {~,"region":"DE-"} {~,"region":"Germany"} {~,"region":"DE-Augsburg"} {~,"archived":1}
{~,"archived":"true"} {~,"archived":null} {~,"goals":"x"} {~,"goals":{}} {~,"goals":[null]} {~,"goals":null}
{~,"model_config":{}} {~,"email":["a@b.de"]} {~,"hours_free_per_week":"1"} {~,"model_fields_set":[]}
{"name":null,"time_zone":"UTC","employment_status":"employed"} {"name":"A","time_zone":"UTC","employment_status":1}
{"name":"A","time_zone":"UTC","employment_status":null} {"name":"A","time_zone":"UTC","employment_status":"EMPLOYED"}
{"name":"A","time_zone":"UTC","employment_status":["employed"]}
{"name":"A","time_zone":1,"employment_status":"employed"} [] "x" null true 1 1e400 {} "\ud800" {"\ud800":1}
{"a":{"b":["\udfff"]}} {~,"goals":["\ud800"]}
""")
BROKEN = words(r"""
{~}x {~,} {~}{} {~}, {'name':'A'} {"name":"A","na\u006de":"B"} {"waits":{"application":{},"application":{}}} {/**/}
nul {] }{ {"name":"\x41"} {"name":"\u12"} {name:1} {"a":1"b":2} {"name":" [{"a":1,"a":1}] {"x":1e400,"x":2}
{"a":[1e400,1e400} {"a":NaN} {"a":-Infinity} {"a":01} {"a":"\ud800","a":1} {,} {"a"} {"a":} {"a":1,,"b":2} True
""")
BAD_EVENTS = words("""
{~,"reply_by":"2026-W10-3"} {~,"reply_by":"26-3-4"} {~,"reply_by":"2026-02-30"} {~,"reply_by":20260304}
{~,"reply_by":""} {~,"reply_by":"20260304"} {~,"reply_by":"1899-12-31"} {~,"reply_by":"2201-01-01"}
{~,"reply_by":"2026-03-04T00:00:00Z"} {~,"reply_by":"2026-3-4"} {~,"reply_by":true} {~,"reply_by":"2026-03-04Z"}
{~,"reply_by":"2026-063"} {~,"reply_by":"now"} {~,"ends_at":"2026-03-04T09:00:00Z"}
{~,"arranged_at":"2026-03-05T09:00:00Z"} {~,"voided_at":"2026-03-04T10:00:00Z"}
{"kind":7,"occurred_at":"2026-03-04T10:00:00Z"} {"kind":"ghosted","occurred_at":"2026-03-04T10:00:00Z"}
{"kind":null,"occurred_at":"2026-03-04T10:00:00Z"} {"kind":"Note","occurred_at":"2026-03-04T10:00:00Z"}
""")
BAD_JOBS = words("""
{~,"salary_min":2,"salary_max":1,"currency":"EUR"} {~,"currency":"eur"} {~,"currency":"ZZZ"} {~,"currency":978}
{~,"company_id":"00000000-0000-7000-8000-000000000001"} {~,"url":"javascript:alert(1)"} {~,"salary_min":-1}
""")
BODIES: list[tuple[type[In], str, int, list[str]]] = [
    (ClientIn, CLIENT, 400, BROKEN),
    (ClientIn, CLIENT, 400, ["", " \n\t ", "\ufeff{}", "\x00", "\xa0{}", '{"name":"a\nb"}', '{"a":' * 100_000]),
    (ClientIn, CLIENT, 400, ['{"name":' + "[" * 33 + "]" * 33 + "}", "[" * 100_000 + "]" * 100_000]),
    (ClientIn, CLIENT, 422, [*BAD_CLIENTS, "[" * 32 + "]" * 32, '{"name":[' + "0," * 9_997 + "0]}"]),
    (ClientIn, CLIENT, 200, ["{~}", " \r\n{~}\t", '{~,"email":"a@EXAMPLE.com","region":"DE-BY"}']),
    (
        ClientIn,
        CLIENT,
        200,
        ['{~,"id":"00000000-0000-7000-8000-00000000DEAD"}', '{~,"goals":["[[[[","]{{{{{","\\"["]}'],
    ),
    (InteractionIn, EVENT, 422, [*BAD_EVENTS, '{~,"summary":"a\\rb"}', '{~,"reply_by":" 2026-03-04"}']),
    (InteractionIn, EVENT, 200, ['{~,"reply_by":"2200-12-31","summary":"a\\n\\tb\\u202e"}']),
    (OpportunityIn, JOB, 422, BAD_JOBS),
    (OpportunityIn, JOB, 200, ['{~,"salary_min":1,"salary_max":1.0,"currency":"EUR","url":"https://x.de/?a=[b]#c"}']),
    (ClientPatch, "", 422, words('{} {"name":null} {"goals":null} {"id":"x"} {"region":""} {"name":"a","x":1} []')),
    (ClientPatch, "", 200, words('{"region":null} {"goals":[]} {"name":"B"}')),
    (Batch, "", 422, [*words('{"items":[]} {"items":[1]} {"items":null}'), json.dumps({"items": [{}] * 501})]),
]
BAD_QUERIES = words("""
q=%00 limit=-1 limit=0 limit=201 limit=1&limit=2 limit=5&limit=5 lmit=1 limit=%2B5 limit=+5 limit=5.0 limit=1e1 limit=
limit limit=0x5 limit=5_0 limit=%D9%A5 limit=%20 as_of=now as_of=2026-01-01T00:00:00 as_of=2026-01-01T00:00:00+00:00
as_of= as_of=1700000000 sort=practice_id sort= client_id=1 client_id=
client_id=%7B00000000-0000-7000-8000-000000000001%7D q= q=%20 q=%ff q=%ED%A0%80 q=%zz q=% %ff=1 q=%EF%BF%BE q=a%0Ab
fields=id status=ghosted status=employed&status= status=employed,student archived=1 archived=True archived=
archived=true&archived=true from=2026-W10-3 on=2026-01-01 LIMIT=5 limit[]=5 limit%00=5 = ?limit=5 number=10 number=a
constructor=1 status[$ne]=employed status=EMPLOYED q=a&q=b client_id=null
""")
GOOD_QUERIES = words("""
& q=_ q=%5C q=%25 q=a+b q=%2B q=a%26b=c q=ü limit=200 limit=007 status=employed&status=student archived=true
archived=false as_of=2026-01-01T00:00:00%2B00:00 as_of=2026-01-01T00:00:00Z from=2026-01-01
client_id=00000000-0000-7000-8000-00000000DEAD number=1&number=2 number=-0 sort=-title status=employed&status=employed
""")


@pytest.mark.parametrize(
    ("model", "source", "expected"),
    [(model, item.replace("~", common), code) for model, common, code, items in BODIES for item in items],
)
def test_body(model: type[In], source: str, expected: int) -> None:
    assert status(model, source) == expected


@pytest.mark.parametrize(
    "raw", [b'{"name":"a\xff\xfeb"}', b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", b'{"name":"\xed\xa0\x80"}', b"\xc0\x80"]
)
def test_bytes_that_are_not_plain_utf_8(raw: bytes) -> None:
    assert status(ClientIn, raw) == 400


def query_status(raw: str) -> int:
    try:
        parse_query(OpportunityQuery, query_pairs(raw.encode()))
    except RuleBroken as error:
        return 422 if all(fault.where == "query" and fault.pointer[:1] != "/" for fault in error.faults) else 500
    return 200


@pytest.mark.parametrize(
    "source", [*BAD_QUERIES, "q=" + "a" * 101, "limit=" + "9" * 5000, "x" * 5000, "&status=student" * 21]
)
def test_bad_query(source: str) -> None:
    assert query_status(source) == 422


@pytest.mark.parametrize("source", ["", *GOOD_QUERIES])
def test_good_query(source: str) -> None:
    assert query_status(source) == 200


def test_query_values_and_codes() -> None:
    found = parse_query(
        OpportunityQuery, query_pairs(b"q=a+b%2B&number=1&number=2&from=2026-01-01&limit=007&archived=true")
    )
    assert (found.q, found.number, str(found.on), found.limit, found.archived) == (
        "a b+",
        (1, 2),
        "2026-01-01",
        7,
        True,
    )
    with pytest.raises(RuleBroken) as caught:
        parse_query(OpportunityQuery, query_pairs(b"limit=1&limit=2&lmit=3"))
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
        ("limit", "repeated-parameter"),
        ("lmit", "unknown-parameter"),
    ]


@pytest.mark.parametrize(
    ("error", "raw"),
    [
        (MalformedJson, '{"a":NaN}'),
        (TooComplex, "[" * 100_000 + "]" * 100_000),
        (DuplicateKey, '{"a":{"b":1,"\\u0062":2}}'),
        (TooComplex, '{"a":' + "[" * 32 + "]" * 32 + "}"),
        (TooComplex, '{"a":[' + "0," * 9_998 + "0]}"),
    ],
)
def test_which_400(error: type[AppError], raw: str) -> None:
    with pytest.raises(error):
        parse_body(ClientIn, raw.encode())


def test_values_are_counted_exactly() -> None:
    # 10,000 with the body itself
    many = json.dumps({"name": [{}, [], [[]], "a,b[{", '\\"[,', {"k": "v"}] + [0] * 9_990})
    assert status(ClientIn, many) == 422
    assert status(ClientIn, many.replace('"v"', "[0]")) == 400


def test_hostile_nesting_is_refused_within_50_ms_of_work() -> None:
    for raw in (b"[" * 100_000, b'{"a":' * 40_000, b"[]," * 80_000, b"]" * 250_000, b'"a",' * 60_000, b'"\\' * 120_000):
        begin = time.process_time()
        with pytest.raises(Malformed):
            parse_body(ClientIn, raw)
        assert time.process_time() - begin < 0.05


def test_codes_and_pointers() -> None:
    assert codes(ClientIn, "{}") == [
        ("/name", "required"),
        ("/time_zone", "required"),
        ("/employment_status", "required"),
    ]
    more = {
        "name": "",
        "region": 5,
        "email": "x",
        "hours_free_per_week": 1.5,
        "goals": ["a", "\u200b", None],
        "~a/b": 1,
    }
    body = json.dumps({"time_zone": "x", "employment_status": "x", **more})
    assert sorted(codes(ClientIn, body)) == [
        ("/email", "bad-email"),
        ("/employment_status", "not-in-list"),
        ("/goals/1", "not-visible"),
        ("/goals/2", "not-nullable"),
        ("/hours_free_per_week", "wrong-type"),
        ("/name", "empty"),
        ("/region", "wrong-type"),
        ("/time_zone", "bad-time-zone"),
        ("/~0a~1b", "unknown-field"),
    ]
    assert codes(ClientIn, "[]") == [("", "wrong-type")]
    assert codes(ClientPatch, "{}") == [("", "empty")]
    assert codes(ClientPatch, '{"name":null}') == [("/name", "not-nullable")]
    assert codes(ClientPatch, json.dumps({"goals": ["x"] * 21})) == [("/goals", "too-many")]
    both = f'{{{JOB},"company_id":"00000000-0000-7000-8000-000000000001"}}'
    assert codes(OpportunityIn, both) == [("/company_id", "exactly-one")]
    good = json.loads(f"{{{EVENT}}}")
    late = {**good, "ends_at": "2026-03-04T09:00:00Z"}
    assert codes(Batch, json.dumps({"items": [good, late, {**good, "kind": 7}]})) == [
        ("/items/1/ends_at", "order"),
        ("/items/2/kind", "wrong-type"),
    ]
    assert codes(Batch, '{"items":[]}') == [("/items", "empty")]
    assert codes(PolicyIn, '{"waits":{"a":{"typical_reply_days":1e9}," ":{}},"skip_weekends":1}') == [
        ("/waits/a/typical_reply_days", "out-of-range"),
        ("/waits/a/follow_up_needs_contact", "required"),
        ("/waits/ ", "not-visible"),
        ("/waits/ /typical_reply_days", "required"),
        ("/waits/ /follow_up_needs_contact", "required"),
        ("/skip_weekends", "wrong-type"),
    ]
    assert codes(ClientIn, '{"a":[0,{"b":1e400}],"c":"\\ud800"}') == [
        ("/a/1/b", "out-of-range"),
        ("/c", "bad-character"),
    ]


def test_an_answer_holds_at_most_20_faults_and_no_values() -> None:
    with pytest.raises(RuleBroken) as caught:
        parse_body(ClientIn, json.dumps({f"secret{n}" * 99: "hunter2" for n in range(5_000)}).encode())
    assert len(caught.value.faults) == 20
    assert "hunter2" not in repr(caught.value.faults)
    assert len(repr(caught.value.faults)) < 6_000


def test_a_patch_knows_what_was_sent() -> None:
    assert parse_body(ClientPatch, b'{"region":null,"goals":["a"]}').changes() == {"region": None, "goals": ("a",)}
    assert parse_body(ClientPatch, b'{"name":"e\xcc\x81"}').changes() == {"name": "é"}
    with pytest.raises(TypeError):
        type("Wrong", (Patch,), {"__annotations__": {"name": str}, "name": ""})


@pytest.mark.parametrize(
    ("value", "post", "patch"),
    [
        ("application/json", True, True),
        ("Application/JSON ; Charset=UTF-8", True, True),
        ('application/json; charset="utf-8"', True, True),
        ("application/json;", True, True),
        ("application/merge-patch+json", False, True),
        (None, False, False),
        ("", False, False),
        ("text/plain", False, False),
        ("application/json; charset=latin-1", False, False),
        ("application/json; charset=utf-8; charset=utf-8", False, False),
        ("application/json; version=1", False, False),
        ("application/json, text/plain", False, False),
    ],
)
def test_media_types(value: str | None, post: bool, patch: bool) -> None:  # noqa: FBT001 - a table of cases
    assert media_type_ok(value, patch=False) is post
    assert media_type_ok(value, patch=True) is patch


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["UTC", "employed", "A"])
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
CLIENTS = st.dictionaries(st.sampled_from(list(ClientIn.model_fields)), TREES)


@given(
    st.binary(max_size=200)
    | st.text('[]{}",:\\ud8e01-.+ \x00\ufeffNaI').map(str.encode)
    | CLIENTS.map(lambda tree: json.dumps(tree).encode())
)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for model in (ClientIn, ClientPatch):
        status(model, raw)


@given(st.binary(max_size=100), st.sampled_from([b"", b"q=", b"limit=", b"status=", b"as_of=", b"number="]))
def test_any_query_is_read_or_refused(raw: bytes, start: bytes) -> None:
    try:
        parse_query(OpportunityQuery, query_pairs(start + raw))
    except RuleBroken as error:
        json.dumps([fault.pointer for fault in error.faults]).encode()
