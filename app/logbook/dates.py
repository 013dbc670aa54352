import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from app.logbook.errors import DateOrderNeeded
from app.logbook.model import DateOrder, When
from app.logbook.text import fold

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero ene janeiro gennaio januari janv",
            "feb february februar fevrier febrero fevereiro febbraio februari fev fevr",
            "mar march marz mars marzo marco maart mrz maerz mrt",
            "apr april avril abril aprile avr abr",
            "may mai mayo maio maggio mei mag",
            "jun june juni juin junio junho giugno giu",
            "jul july juli juillet julio julho luglio juil lug",
            "aug august aout agosto augustus ago",
            "sep sept september septembre septiembre setembro settembre set",
            "oct october oktober octobre octubre outubro ottobre okt ott out",
            "nov november novembre noviembre novembro",
            "dec december dezember decembre diciembre dezembro dicembre dez dic",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?P<name>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?![a-z])\.?"
_YEAR = r"(?P<y>\d{4}|'?\d{2})(?!\d)"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.)?"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b[.,]*\s+)?"
_SHAPES = tuple(
    re.compile(_WEEKDAY + shape)
    for shape in (
        r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)",
        r"(?P<y>\d{4})\s?[\u5e74]\s?(?P<m>\d{1,2})\s?[\u6708]\s?(?P<d>\d{1,2})\s?[\u65e5]",
        r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?![\d.])",
        rf"{_DAY}[\s/-]*(?:of |de |d')?{_MONTH},?[\s/-]*(?:de )?{_YEAR}(?!:|\s?[ap]m\b)",
        rf"{_MONTH}[\s/-]*{_DAY}(?:,\s*|[\s/-]+)(?:\d\d:\d\d:\d\d (?:[a-z]{{3,4}} )?)?{_YEAR}(?!:|\s?[ap]m\b)",
        rf"(?P<y>\d{{4}})[\s/-]+{_MONTH}[\s/-]+{_DAY}",
        r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)\s?(?P<c>\d{4}|\d{2})(?![\d/:])",
    )
)
_STAMPS = (
    re.compile(r"(?P<ms>[1-4]\d{12})(?:\.0)?"),
    re.compile(r"(?P<s>[1-4]\d{9})(?:\.\d+)?"),
    re.compile(r"(?P<serial>[345]\d{4})(?:\.\d+)?"),  # a spreadsheet's day number, 1982 to 2064
)
_TIME = re.compile(
    r"(?:[t,]|\s*(?:\bat\b|\bum\b|@))?\s*(?P<h>\d{1,2})(?:[:h](?P<mi>\d{2}))?(?::(?P<sec>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    r"(?:\s?(?:(?P<zulu>z|utc|gmt)(?![a-z]))?(?:(?P<sign>[+-])(?P<zh>\d{2}):?(?P<zm>\d{2}))?)?"
    r"(?:\s?\(?(?:[ecmp][sd]t|cest|cet|bst|ist|[a-z ]{3,40} time)\b\)?)?"
)
_NUMERIC = re.compile(r"(?<![\d/-])(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-])")
_START = re.compile(r"(?<!\w)(?:\d+|[a-z]+)")
_LONGEST = 160
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_MONTHS_A_YEAR, _LONGEST_MONTH, _NOON = 12, 31, 12
_PIVOT = 69  # as POSIX has it: 69 to 99 are nineteen-hundreds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SERIAL_EPOCH = date(1899, 12, 30)


class BadDate(ValueError):
    """Looks like a date and is none."""


class Found(NamedTuple):
    when: When
    end: int


class Scan(NamedTuple):
    whens: tuple[When, ...]
    words: bool
    bad: bool


def decide_order(used: Iterable[str], others: Iterable[str]) -> DateOrder | None:
    """Tell the order of the file's dates, or None where none is needed.

    `used`: all cells of the columns that become interactions; `others`: cells that may bear witness if those do not.
    Raises DateOrderNeeded where a date can be read both ways and nothing in the file tells, or where dates contradict.
    """
    proofs, ambiguous = _witness(used)
    if ambiguous and not proofs:
        proofs, _ = _witness(others)
    if DateOrder.YMD in proofs:
        proofs.discard(DateOrder.DMY)  # 24/03/05 looks day first until another date shows where the year stands
    if len(proofs) > 1:
        raise DateOrderNeeded("Some dates have the day first and some the month: say which order holds (date_order).")
    if ambiguous and not proofs:
        raise DateOrderNeeded("No date tells whether the day or the month comes first: say which (date_order).")
    return proofs.pop() if proofs else None


@lru_cache(maxsize=4096)
def scan(cell: str, order: DateOrder | None) -> Scan:
    """Find all dates in a cell, whether there are other words, and whether something only looks like a date."""
    text = fold(" ".join(cell[:_LONGEST].split()))
    stamp = next((match for shape in _STAMPS if (match := shape.fullmatch(text))), None)
    if stamp:
        return Scan((_stamp(stamp.groupdict()),), words=False, bad=False)
    whens: list[When] = []
    words = bad = False
    at = 0
    while start := _START.search(text, at):
        words = words or text[at : start.start()].strip(" ,;:.&+/|()-\n").isalpha()
        try:
            found = _find(text, start.start(), order)
        except BadDate:
            bad, found = True, None
        words = words or (found is None and not start[0].isdigit())
        at = found.end if found else start.end()
        whens += [found.when] if found else []
    return Scan(tuple(dict.fromkeys(whens)), words=words, bad=bad)


def _witness(cells: Iterable[str]) -> tuple[set[DateOrder], bool]:
    proofs: set[DateOrder] = set()
    ambiguous = False
    for cell in cells:
        for match in _NUMERIC.finditer(cell[:_LONGEST]):
            proof = _proof(int(match[1]), int(match[3]), match[4])
            proofs |= {proof} if proof else set()
            ambiguous = ambiguous or (proof is None and _two_ways(int(match[1]), int(match[3])))
    return proofs, ambiguous


def _find(text: str, at: int, order: DateOrder | None) -> Found | None:
    match = next((match for shape in _SHAPES if (match := shape.match(text, at))), None)
    return _with_time(text, match, order) if match else None


def _proof(first: int, second: int, year: str) -> DateOrder | None:
    if first > _LONGEST_MONTH and len(year) == len("24"):
        return DateOrder.YMD
    if _MONTHS_A_YEAR < first <= _LONGEST_MONTH and second <= _MONTHS_A_YEAR:
        return DateOrder.DMY
    if _MONTHS_A_YEAR < second <= _LONGEST_MONTH and first <= _MONTHS_A_YEAR:
        return DateOrder.MDY
    return None


def _two_ways(first: int, second: int) -> bool:
    return first != second and max(first, second) <= _MONTHS_A_YEAR


def _with_time(text: str, match: re.Match[str], order: DateOrder | None) -> Found:
    try:
        day = _day(match.groupdict(), order)
        clock = _TIME.match(text, match.end())
        # A bare number after a date is not an hour: it needs a colon, am or pm.
        if clock and (clock["mi"] or clock["half"]):
            return Found(_in_range(_at(day, clock)), clock.end())
        return Found(_in_range(day), match.end())
    except (ValueError, OverflowError) as error:
        raise BadDate(str(error)) from error


def _stamp(groups: dict[str, str | None]) -> When:
    if groups.get("ms"):
        return _EPOCH + timedelta(milliseconds=int(groups["ms"] or ""))
    if groups.get("s"):
        return _EPOCH + timedelta(seconds=int(groups["s"] or ""))
    return _SERIAL_EPOCH + timedelta(days=int(groups["serial"] or ""))


def _day(groups: dict[str, str | None], order: DateOrder | None) -> date:
    if groups.get("a"):
        return _numeric(int(groups["a"] or ""), int(groups["b"] or ""), groups["c"] or "", groups["sep"] or "", order)
    name = groups.get("name")
    month = _MONTHS[name] if name else int(groups["m"] or "")
    return date(_year(groups["y"] or ""), month, int(groups["d"] or ""))


def _numeric(first: int, second: int, last: str, sep: str, order: DateOrder | None) -> date:
    if sep == ".":  # only day-first countries write dots
        return date(_year(last), second, first)
    if order is DateOrder.YMD and len(last) == len("24"):
        return date(_year(f"{first:02}"), second, int(last))
    told = _proof(first, second, last) if order in (None, DateOrder.YMD) else order
    if told is DateOrder.DMY or (told is None and first == second):
        return date(_year(last), second, first)
    if told is DateOrder.MDY:
        return date(_year(last), first, second)
    raise BadDate("day and month in an order that was not told")


def _year(text: str) -> int:
    digits = text.lstrip("'")
    year = int(digits)
    if len(digits) > len("24"):
        return year
    return year + (1900 if year >= _PIVOT else 2000)


def _at(day: date, clock: re.Match[str]) -> datetime:
    hour = int(clock["h"])
    if clock["half"]:
        if not 1 <= hour <= _NOON:
            raise BadDate("no such hour")
        hour = hour % _NOON + (_NOON if clock["half"] == "p" else 0)
    micro = int((clock["f"] or "0")[:6].ljust(6, "0"))
    zone = UTC if clock["zulu"] else None
    if clock["sign"]:
        offset = timedelta(hours=int(clock["zh"]), minutes=int(clock["zm"]))
        zone = timezone(-offset if clock["sign"] == "-" else offset)
    return datetime.combine(day, time(hour, int(clock["mi"] or 0), int(clock["sec"] or 0), micro), zone)


def _in_range(when: When) -> When:
    instant = when.astimezone(UTC) if isinstance(when, datetime) and when.tzinfo else when
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise BadDate("too far from our time")
    return when
