"""Public holidays by region, from the `holidays` library, made predictable: the same answer in whatever order asked."""

from collections.abc import Container
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from typing_extensions import override

if TYPE_CHECKING:
    from holidays import HolidayBase

# To ask the library it must load every calendar: half a second and 9 MiB. A test holds this list to what it has.
_REGIONS: Final = tuple(sorted(Path(__file__).with_name("regions.txt").read_text("utf-8").split()))
_KNOWN: Final = frozenset(_REGIONS)


def is_region(code: str) -> bool:
    """Say whether `code` (`US`, `DE-BY`) is one of `regions()`."""
    return code in _KNOWN


def regions() -> tuple[str, ...]:
    """List every region, sorted: a country, or one of its subdivisions, both by ISO 3166."""
    return _REGIONS


class _Calendar(Container[date]):
    """The public holidays of one region; a year is worked out when first asked for and kept."""

    def __init__(self, region: str) -> None:
        import holidays  # noqa: PLC0415 - takes a fifth of a second, which start-up can do without

        country, _, subdivision = region.partition("-")
        # The language only spares a look at the environment: names are not used.
        self._source: HolidayBase = holidays.country_holidays(country, subdivision or None, language="en_US")
        self._years: dict[int, frozenset[date]] = {}
        self._lock = Lock()

    @override
    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        found = self._years.get(day.year)
        return day in (self._expand(day.year) if found is None else found)

    def _expand(self, year: int) -> frozenset[date]:
        # The source keeps the year it works on in itself, so two threads must not fill it at once.
        with self._lock:
            date(year, 1, 1) in self._source  # noqa: B015 - asking is what fills the year
            found = frozenset(day for day in self._source if day.year == year)
            self._years[year] = found
        return found


@cache
def _calendar(region: str) -> _Calendar:
    if not is_region(region):
        raise ValueError("not a region")
    return _Calendar(region)


def public_holidays(region: str | None) -> Container[date]:
    """Return a region's public holidays, to ask with `in`; none without a region."""
    return () if region is None else _calendar(region)
