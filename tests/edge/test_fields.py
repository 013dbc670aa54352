"""Every field type of API.md: what it takes, what it makes of it, which code it refuses with, how it is described."""

import json
import re
import unicodedata
import warnings
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated
from uuid import UUID

import holidays
import pytest
from holidays.registry import EntityLoader
from hypothesis import given
from hypothesis import strategies as st
from pydantic import MISSING, TypeAdapter, ValidationError

from app.http.strict import parse_body
from app.kit.errors import Malformed, RuleBroken
from app.kit.faults import faults, pointer, readable
from app.kit.fields import (
    Currency,
    Day,
    Email,
    HostName,
    Id,
    Instant,
    Items,
    Line,
    Phone,
    Region,
    Text,
    Url,
    Whole,
    Zone,
    instant_text,
    parse_id,
    time_zones,
)
from app.kit.regions import is_region, public_holidays, regions
from app.kit.schema import In, Out, Patch

Name = Annotated[str, Line(200)]


class Holder(In):
    line: Name | None = None
    text: Annotated[str, Text(4000)] | None = None
    hours: Annotated[int, Whole(0, 168)] | None = None
    whole: Annotated[int, Whole()] | None = None
    at: Instant | None = None
    day: Day | None = None
    id: Id | None = None
    email: Email | None = None
    url: Url | None = None
    host: HostName | None = None
    zone: Zone | None = None
    region: Region | None = None
    phone: Phone | None = None
    currency: Currency | None = None
    tags: Annotated[list[Name], Items(2)] | None = None


def read(field: str, source: str) -> object:
    """Return the value read, or the code (or 400) with which it is refused, in angle brackets."""
    try:
        return getattr(parse_body(Holder, f'{{"{field}":{source}}}'.encode("utf-8", "surrogatepass")), field)
    except Malformed:
        return "<400>"
    except RuleBroken as error:
        assert error.faults[0].pointer.startswith(f"/{field}")  # noqa: PT017 - the helper serves tables of both kinds
        return f"<{error.faults[0].code}>"


def words(text: str) -> list[str]:
    return text.split()


CHARACTERS = words(r"""
a\u0000b \udc00\ud800 a\ud800b \udfff a\ufffeb a\uffffb a\ufdd0 a\ufdef \ud83f\udffe a\udbff\udfff a\u0080b
a\u0085b a\u009f a\u001bb a\u007f a\u0008 a\u000b a\u000c a\u000d a\r\n
""")
ONE_LINE = words(r"a\u2066b a\u2069 a\u202ab a\u202e a\nb a\tb")
INVISIBLE = [" ", "   ", "\u3000\u00a0", "\u2028", *words(r"""
\u200b \u200b\u200c\u200d \u00ad\u2060\ufeff \u3164 \u115f\u1160 \uffa0 \u2800 \u0301 \ufe0f \u034f \ue000
\u0378 \u180e \u200e\u200f \udb40\udc41 \u17b4
""")]  # fmt: skip
TEXTS = [*words(r"""
{{7*7}} ${jndi:ldap://x} +1 @SUM(A1) <b> =1+1 %s%n - _ . نص a\u200db \u2028x 日本語 \ud83d\udc68\u200d\ud83d\udc69
क्षि \u0e01\u0e34\u0e49 \\\\' \ufffd \u202fx
"""), "'; drop table clients; --", " a ", "x" * 200]  # fmt: skip
INTEGERS = {
    "<wrong-type>": [*words("1.5 true false [] {} 1e-1"), '"12"', '" 1_2 "', '"nan"', '""'],
    "<out-of-range>": [
        *words("9223372036854775808 9007199254740992 -9007199254740993 1e400 -1e400 169 -1 1E3 168.5 1e308"),
        "7" * 5000,
        "-" + "7" * 5000,
        "9" * 400 + ".0",
        "1" + "0" * 100000,
    ],
    "<400>": words("NaN Infinity -Infinity 01 -01 +1 1. .5 0x10 1_000 1e --1 nan \uff11"),
}
BAD_INSTANTS = words("""
2026-01-01 0001-01-01T00:00:00+14:00 9999-12-31T23:59:59-14:00 10000-01-01T00:00:00Z infinity -infinity now
epoch 1700000000 2026-01-01T00:00:00 2026-01-01T00:00:00+24:00 2026-01-01T00:00:00+14:01
2026-01-01T00:00:00-14:30 2026-01-01T00:00:00-00:00 2026-01-01T00:00:00.1234567Z 2026-01-01T00:00:00.Z
2026-01-01t00:00:00Z 2026-01-01T00:00:00z 2026-01-01T24:00:00Z 2026-01-01T00:00Z 2026-01-01T00:00:60Z
2201-01-01T00:00:00Z 1899-12-31T23:59:59Z 2026-01-01T00:00:00,5Z 2026-02-30T00:00:00Z 2026-01-01T00:00:00+0100
2026-01-01T00:00:00+01 20260101T000000Z 2026-W10-3T00:00:00Z 2026-01-01T00:00:00Z\\n ٢٠٢٦-01-01T00:00:00Z
2200-12-31T23:59:59-01:00 1900-01-01T00:30:00+01:00 -2026-01-01T00:00:00Z 2026-01-01T00:00:00+01:60
2026-13-01T00:00:00Z 2026-00-01T00:00:00Z 2025-02-29T00:00:00Z 2026-01-01T00:00:00ZZ
2026-01-01T00:00:00+01:00[Europe/Berlin] P1D
""")  # fmt: skip
BAD_EMAILS = words(r"""
a a@b a@b\r\nBcc:x@y.z \"a\"@c.de a@@b.de a@b@c.de @b.de a@ a\uff20b.de a@[127.0.0.1] a@[IPv6:::1] a@b..de a@.de
a@b.de. .a@b.de a.@b.de a..b@c.de Ann<a@b.de> a@-b.de a@b_c.de a@b.de\u0000 a@b\u0000.de <a@b.de> mailto:a@b.de
a@b.de,c@d.de a\u200b@b.de a@\u200b.de a@xn--.de a@b.d\u2066e a(x)@b.de \ud83d\ude00@ a;b@c.de
""")
BAD_URLS = words(r"""
javascript:alert(1) http://[::1]/ http://u:p@x.de/ http://u@x.de http://@x.de/ ftp://x.de/ http:// https://
http:///x http:x.de http:/x.de //x.de/a x.de /a http://x.de:0/ http://x.de:/ http://x.de:65536/ http://x.de:8a/
http://127.0.0.1/ http://0x7f.1/ http://2130706433/ http://x..de/ http://.x.de/ http://x.de./ http://x_y.de/
http://-x.de/ http://x.de\\@y.de/ http:\\\\x.de http://x.de/\u0000 http://x.de/\n http://x.de/a\tb
http://x.de/\u202e http://%78.de/ http://x.de%00/ data:text/html,x http://?x http://#x file:///etc/passwd
http://x.de/<b> http://x\uff0fde/ http://\u200b/ gopher://x.de https:\u2044\u2044x.de http://x.de/\"
http://127.0.0.1 http://1.2.3.4.5/ http://x.0x1/ http://x.de/\u0085 http://x.de/\ufffe
""")
GOOD_URLS = words(r"""
http://x.de https://x.de/ HTTPS://X.DE/Path?q=1&r=[a]#frag http://x.de:8080 https://bücher.de/ä
https://xn--bcher-kva.de/ http://localhost/ https://a.b.c.example.co.uk/x?y=http://z@w https://x.de/%E2%82%AC
https://x.de?a https://x.de#a https://x.de/a@b:c https://3m.com/
""")


@pytest.mark.parametrize("field", ["line", "text"])
def test_text(field: str) -> None:
    assert {source: read(field, f'"{source}"') for source in CHARACTERS} == dict.fromkeys(CHARACTERS, "<bad-character>")
    assert {source: read(field, f'"{source}"') for source in INVISIBLE} == dict.fromkeys(INVISIBLE, "<not-visible>")
    for source in TEXTS:
        assert read(field, f'"{source}"') == unicodedata.normalize("NFC", json.loads(f'"{source}"'))
    assert [read(field, source) for source in ('""', "1", "[]", "true")] == ["<empty>", *["<wrong-type>"] * 3]


def test_lines_and_directions_only_in_long_text() -> None:
    assert {read("line", f'"{source}"') for source in ONE_LINE} == {"<bad-character>"}
    assert [read("text", f'"{source}"') for source in ONE_LINE] == [json.loads(f'"{source}"') for source in ONE_LINE]


def test_lengths_count_code_points_after_nfc() -> None:
    assert read("line", json.dumps("\U0001f600" * 200)) == "\U0001f600" * 200
    assert read("line", json.dumps("e\u0301" * 200)) == "é" * 200
    assert read("line", json.dumps("\u03b1\u0313\u0300\u0345" * 200)) == "\u1f82" * 200
    for long in ("x" * 201, "\U0001f600" * 201, "e\u0301" * 201, "\u0958" * 101, "x" * 200_000):
        assert read("line", json.dumps(long)) == "<too-long>"


def test_marks_in_a_row() -> None:
    assert read("line", json.dumps("x" + "\u0301" * 10)) == "x" + "\u0301" * 10
    assert read("line", json.dumps("a" + "\u0301" * 11)) == "á" + "\u0301" * 10  # NFC comes first
    for many in ("x" + "\u0301" * 11, "x" + "\u0488" * 11, "x" + "\u0301\u0323" * 300, "ab" + "\U000e0100" * 11):
        assert read("line", json.dumps(many)) == "<bad-character>"
    assert read("text", json.dumps("a" + "\u0301\u0323" * 7_000)) == "<bad-character>"


def test_marks_are_where_the_search_looks() -> None:
    assert all(unicodedata.category(chr(code))[0] != "M" for code in range(0x300))


@given(st.text(max_size=60))
def test_accepted_text_reads_back_as_itself(text: str) -> None:
    once = read("text", json.dumps(text))
    assert isinstance(once, str)
    if once[:1] != "<":
        assert read("text", json.dumps(once)) == once == unicodedata.normalize("NFC", text)


def test_integers() -> None:
    for code, sources in INTEGERS.items():
        assert {source[:20]: read("hours", source) for source in sources} == dict.fromkeys(
            (s[:20] for s in sources), code
        )
    good = words("-0 0 1.0 1e1 -0.0 168 16.8e1 null")
    assert [repr(read("hours", source)) for source in good] == words("0 0 1 10 0 168 168 None")
    assert [read("whole", source) for source in ("9007199254740991", "-9007199254740991")] == [2**53 - 1, 1 - 2**53]


def test_instants() -> None:
    sources = [*BAD_INSTANTS, "2026-01-01 00:00:00Z", " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z ", ""]
    assert {source: read("at", f'"{source}"') for source in sources} == dict.fromkeys(sources, "<bad-date-time>")
    assert {read("at", source) for source in words("1700000000 1700000000000 1.5 true [] {}")} == {"<wrong-type>"}
    assert read("at", '"2026-01-01T05:30:00.5+05:30"') == datetime(2026, 1, 1, 0, 0, 0, 500000, UTC)
    for good in words(
        "1900-01-01T00:00:00Z 2200-12-31T23:59:59.999999Z 2024-02-29T12:00:00+14:00 1899-12-31T23:30:00-01:00"
    ):
        found = read("at", f'"{good}"')
        assert found == datetime.fromisoformat(good)
        assert isinstance(found, datetime)
        assert found.tzinfo is UTC


def test_days() -> None:
    bad = [
        *words(
            "2026-W10-3 26-3-4 2026-02-30 20260304 2026-063 1899-12-31 2201-01-01 2026-3-4 2026-03-04T00:00:00Z now"
        ),
        "",
    ]
    assert {source: read("day", f'"{source}"') for source in bad} == dict.fromkeys(bad, "<bad-date>")
    assert [read("day", source) for source in ("20260304", "true")] == ["<wrong-type>"] * 2
    assert [read("day", f'"{day}"') for day in ("1900-01-01", "2200-12-31")] == [date(1900, 1, 1), date(2200, 12, 31)]


def test_ids() -> None:
    good = "0000000A-0000-7000-8000-00000000DEAD"
    assert read("id", f'"{good}"') == UUID(good) == parse_id(good)
    assert parse_id("00000000-0000-0000-0000-000000000000") == UUID(int=0)
    for bad in (
        f"{{{good}}}",
        f"urn:uuid:{good}",
        good.replace("-", ""),
        good[:-1],
        good + "0",
        f" {good}",
        f"{good}\\n",
        "",
        "1",
    ):
        assert read("id", f'"{bad}"') == "<bad-format>"
        assert parse_id(bad) is None
    assert parse_id("00000000-0000-7000-8000-00000000000٣") is None
    assert read("id", "1") == "<wrong-type>"


def test_emails() -> None:
    assert {source: read("email", f'"{source}"') for source in BAD_EMAILS} == dict.fromkeys(BAD_EMAILS, "<bad-email>")
    assert read("email", '"\\"a b\\"@c.de"') == "<bad-email>"
    assert read("email", json.dumps("a" * 250 + "@b.de")) == "<too-long>"
    assert read("email", json.dumps("a" * 249 + "@b.de")) == "a" * 249 + "@b.de"
    assert read("email", json.dumps("a@" + "ä" * 60 + ".de" * 60)) == "<bad-email>"
    good = {
        "a@EXAMPLE.com": "a@example.com",
        "A.b+c@Bücher.DE": "A.b+c@xn--bcher-kva.de",
        "a@b.test": "a@b.test",
        "a@b.invalid": "a@b.invalid",
        "ü@x.de": "ü@x.de",
    }
    for source, result in good.items():
        assert read("email", json.dumps(source)) == result == read("email", json.dumps(result))


def test_urls_and_host_names() -> None:
    assert {read("url", f'"{source}"') for source in BAD_URLS} == {"<bad-url>", "<bad-character>"}
    assert [read("url", f'"{source}"') for source in GOOD_URLS] == GOOD_URLS
    assert read("url", json.dumps("https://x.de/" + "a" * 2_036)) == "<too-long>"
    assert read("url", json.dumps("https://x.de/" + "a" * 2_035)) == "https://x.de/" + "a" * 2_035
    assert read("url", json.dumps("https://" + "a." * 120 + "toolong" * 3)) == "<bad-url>"
    bad = [
        *words("http://x.de x.de/ x.de:80 a..b .a a. -a.de a_b.de 127.0.0.1 [::1] a@b.de x.de? 1 0x1 ä\u200b.de xn--a"),
        "a\x00b",
        "",
        "a b.de",
    ]
    assert {source: read("host", json.dumps(source)) for source in bad} == dict.fromkeys(bad, "<bad-format>")
    assert [read("host", json.dumps(name)) for name in ("Example.COM", "Bücher.de")] == [
        "example.com",
        "xn--bcher-kva.de",
    ]


def test_zones_regions_phones_currencies() -> None:
    for zone in (
        "EST5EDT;x",
        "Mars/Base",
        "europe/berlin",
        "",
        "localtime",
        "Factory",
        "../x",
        "/etc/localtime",
        "+01:00",
        "posix/UTC",
    ):
        assert read("zone", json.dumps(zone)) == "<bad-time-zone>"
    assert {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata"} <= time_zones()
    for region in ("ZZ", "de-by", "DE-", "DE-XX", "", "DEU", "DE_BY", "Germany", "DE-Augsburg", "DE-BY\n", "UK"):
        assert read("region", json.dumps(region)) == "<bad-region>"
    for phone in ("call me", "+" + "1" * 32, "+", "()", "1+1", "٣", "1\n", "tel:1", "1.2"):
        assert read("phone", json.dumps(phone)) == "<bad-format>"
    assert read("phone", '"+49 (0)30 123-45"') == "+49 (0)30 123-45"
    assert [read("currency", f'"{code}"') for code in ("EUR", "eur", "ZZZ", "DEM", "")] == [
        "EUR",
        *["<not-in-list>"] * 4,
    ]
    assert [read("tags", source) for source in ('["a","b","c"]', '"a"', '{"a":1}', '["a",""]')] == words(
        "<too-many> <wrong-type> <wrong-type> <empty>"
    )


def test_regions_are_those_that_the_calendars_have() -> None:
    countries = set(EntityLoader.get_country_codes(include_aliases=False))
    parts = {f"{country}-{part}" for country in countries for part in getattr(holidays, country).subdivisions}
    # The library also knows names such as "Augsburg"; only codes of the forms of ISO 3166 are offered.
    iso = {code for code in {*countries, *parts} if re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", code)}
    assert set(regions()) == iso  # app/kit/regions.txt lists them, a country to the line
    assert list(regions()) == sorted(iso)


def test_regions_are_all_usable_in_every_year() -> None:
    assert {"US", "DE", "DE-BY", "GB-SCT", "US-CA"} <= set(regions())
    assert all(map(is_region, regions()))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # and no question may raise anything else either
        asked = {region: date(2026, 12, 25) in public_holidays(region) for region in regions()}
        for region in (code for code in regions() if "-" not in code):
            for year in (1900, 2035, 2101, 2210):
                _ = date(year, 7, 1) in public_holidays(region)
    assert (asked["US"], asked["DE-BY"], asked["TR"]) == (True, True, False)
    with pytest.raises(ValueError, match="region"):
        public_holidays("ZZ")


def test_holidays_do_not_depend_on_the_order_of_questions() -> None:
    bavaria, germany = public_holidays("DE-BY"), public_holidays("DE")
    epiphany = date(2027, 1, 6)
    assert (epiphany in bavaria, epiphany in germany, epiphany in public_holidays(None)) == (True, False, False)
    observed = date(2021, 12, 31)  # New Year's Day 2022, a Saturday
    assert observed in public_holidays("US")
    assert public_holidays("US") is public_holidays("US")
    assert "2026-12-25" not in germany


class Answer(Out):
    id: Id
    at: Instant
    day: Day | None
    many: tuple[Instant, ...] = ()


def test_answers() -> None:
    moment = datetime(2026, 1, 1, 5, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    answer = Answer(id=UUID("0000000A-0000-7000-8000-00000000DEAD"), at=moment, day=date(2026, 1, 2), many=(moment,))
    assert json.loads(answer.model_dump_json()) == {
        "id": "0000000a-0000-7000-8000-00000000dead",
        "at": "2026-01-01T00:00:00.000000Z",
        "day": "2026-01-02",
        "many": ["2026-01-01T00:00:00.000000Z"],
    }
    assert answer.model_dump()["at"] == moment
    assert instant_text(moment) == "2026-01-01T00:00:00.000000Z"
    assert Answer(id=answer.id, at=moment.replace(year=2203), day=date(2203, 1, 1)).at.year == 2203
    with pytest.raises(ValidationError):
        Answer(id=answer.id, at=moment.replace(tzinfo=None), day=None)
    for wrong in (datetime, datetime | None, list[datetime]):
        with pytest.raises(TypeError, match="Instant"):
            type("Wrong", (Out,), {"__annotations__": {"at": wrong}})


class HolderPatch(Patch):
    line: Name | MISSING = MISSING
    region: Region | MISSING | None = MISSING


def test_json_schemas_are_tidy() -> None:
    schema = Holder.model_json_schema()
    assert '"title"' not in json.dumps(schema["properties"])
    assert schema["additionalProperties"] is False
    assert schema["properties"]["line"]["anyOf"][0] == {
        "type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$",
    }  # fmt: skip
    assert schema["properties"]["tags"]["anyOf"][0]["maxItems"] == 2
    assert Answer.model_json_schema(mode="serialization")["properties"]["at"] == {
        "type": "string",
        "format": "date-time",
        "maxLength": 32,
    }
    assert HolderPatch.model_json_schema()["minProperties"] == 1
    assert "required" not in HolderPatch.model_json_schema()
    assert "MISSING" not in json.dumps(HolderPatch.model_json_schema())


def test_pointers() -> None:
    assert pointer(("items", 3, "a/b~c", "")) == "/items/3/a~1b~0c/"
    assert pointer(()) == ""
    assert readable("\ud800") == "?"
    assert len(readable("x" * 1_000)) == 101


def test_types_of_pydantic_have_our_codes_too() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(dict[str, int]).validate_python({"a": "x", "b": None}, strict=True)
    assert [fault.code for fault in faults(caught.value, where="body")] == ["wrong-type", "not-nullable"]
