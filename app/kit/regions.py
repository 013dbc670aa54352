"""Public holidays by region, from the `holidays` library, made predictable: the same answer in whatever order asked."""

import re
from collections.abc import Container
from datetime import date
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Final

from typing_extensions import override

if TYPE_CHECKING:
    from holidays import HolidayBase

# The library also knows names such as "Augsburg"; only codes of the forms of ISO 3166 are offered.
_REGION: Final = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
_SUBDIVISION: Final = re.compile(r"[A-Z0-9]{1,3}")


@cache
def _countries() -> frozenset[str]:
    from holidays.registry import EntityLoader  # noqa: PLC0415 - takes a fifth of a second, which start-up can do without

    return frozenset(EntityLoader.get_country_codes(include_aliases=False))


@cache
def _subdivisions(country: str) -> frozenset[str]:
    import holidays  # noqa: PLC0415 - as above

    return frozenset(filter(_SUBDIVISION.fullmatch, getattr(holidays, country).subdivisions))


def is_region(code: str) -> bool:
    """Say whether `code` (`US`, `DE-BY`) is one of `regions()`, without loading them all."""
    if not _REGION.fullmatch(code):
        return False
    country, _, subdivision = code.partition("-")
    return country in _countries() and (not subdivision or subdivision in _subdivisions(country))


@cache
def regions() -> tuple[str, ...]:
    """List every region, sorted; the first call loads all calendars and takes a few tenths of a second."""
    countries = _countries()
    inside = (f"{country}-{code}" for country in countries for code in _subdivisions(country))
    return tuple(sorted([*countries, *inside]))


class _Calendar(Container[date]):
    """The public holidays of one region; a year is worked out when first asked for and kept."""

    def __init__(self, region: str) -> None:
        import holidays  # noqa: PLC0415 - as above

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
