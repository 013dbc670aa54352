"""The exports we know by name: how to tell them, what their headers mean, and what of them is dropped."""

from collections.abc import Iterable
from typing import NamedTuple

from app.logbook.model import DateOrder, LogFormat


class Format(NamedTuple):
    """`needs`: one of these sets of header keys must be there; `columns`: theirs -> ours; `drops`: never read."""

    name: LogFormat
    needs: tuple[frozenset[str], ...]
    columns: dict[str, str]
    drops: frozenset[str] = frozenset()
    date_order: DateOrder | None = None


def _keys(*sets: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(names.split()) for names in sets)


FORMATS: tuple[Format, ...] = (
    Format(
        LogFormat.LINKEDIN_CONNECTIONS,
        _keys("firstname lastname connectedon"),
        {
            "firstname": "first_name",
            "lastname": "last_name",
            "url": "contact_url",
            "emailaddress": "contact_email",
            "company": "contact_company",
            "position": "contact_title",
            "connectedon": "connected_on",
        },
    ),
    Format(
        LogFormat.LINKEDIN_APPLICATIONS,
        _keys(
            "applicationdate companyname jobtitle joburl",
            "applicationdate companyname jobtitle resumename",
            "applicationdate companyname jobtitle questionandanswers",
        ),
        {"applicationdate": "applied_at", "companyname": "company", "jobtitle": "title", "joburl": "url"},
        frozenset({"contactemail", "contactphonenumber", "resumename", "questionandanswers"}),
        DateOrder.MDY,
    ),
    Format(
        LogFormat.LINKEDIN_SAVED,
        _keys("saveddate joburl jobtitle companyname"),
        {"saveddate": "saved_at", "joburl": "url", "jobtitle": "title", "companyname": "company"},
        date_order=DateOrder.MDY,
    ),
    Format(
        LogFormat.TEAL,
        _keys(
            "companyname role appliedat addedat",
            "companyname role statusname",
            "companyname role addedat",
            "companyname role salarycurrency",
        ),
        {
            "companyname": "company",
            "role": "title",
            "location": "location",
            "url": "url",
            "salarymin": "salary_min",
            "salarymax": "salary_max",
            "salarycurrency": "currency",
            "appliedat": "applied_at",
            "statusname": "status",
            "addedat": "saved_at",
        },
    ),
    Format(
        LogFormat.SIMPLIFY,
        _keys("jobtitle companyname applieddate statusdate", "jobtitle companyname applieddate archived"),
        {
            "jobtitle": "title",
            "companyname": "company",
            "location": "location",
            "joburl": "url",
            "applieddate": "applied_at",
            "status": "status",
            "statusdate": "status_at",
            "notes": "notes",
        },
        frozenset({"archived", "datearchived", "jobtype"}),
    ),
    Format(
        LogFormat.HUNTR,
        _keys(
            "title companyname listname",
            "title company list",
            "title employer list",
            "title company listname",
            "title company jobposturl",
            "jobtitle company list",
        ),
        {
            "title": "title",
            "companyname": "company",
            "company": "company",
            "employer": "company",
            "listname": "status",
            "list": "status",
            "url": "url",
            "joburl": "url",
            "jobposturl": "url",
            "location": "location",
            "dateadded": "saved_at",
            "datesaved": "saved_at",
            "notes": "notes",
        },
    ),
    Format(  # our own job-search log: one line an interaction, so the date is that of the kind beside it
        LogFormat.GENERIC,
        _keys("date company position kind channel contact stage outcome"),
        {
            "date": "status_at",
            "company": "company",
            "position": "title",
            "kind": "interaction_kind",
            "contact": "contact_name",
        },
        frozenset({"channel", "stage", "outcome"}),
    ),
)
GENERIC = Format(LogFormat.GENERIC, (), {})


def recognise_format(header_keys: Iterable[str]) -> Format:
    """Find the first format whose needs these keys of all headers meet, else the generic one."""
    present = frozenset(header_keys)
    return next((form for form in FORMATS if any(need <= present for need in form.needs)), GENERIC)


def format_named(name: LogFormat) -> Format:
    """Find the format of that name."""
    return GENERIC if name is LogFormat.GENERIC else next(form for form in FORMATS if form.name is name)
