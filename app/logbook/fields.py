import re
from decimal import Decimal
from typing import NamedTuple

from app.logbook import money
from app.logbook.draft import Draft
from app.logbook.guesses import read_kind, read_role, read_source
from app.logbook.model import ContactDraft
from app.logbook.text import LINE, cut, fold, line

_MAX_URL = 2_048
_MAX_PORT = 65_535
_MAX_REQUISITION = 100
_SHORTEST_REQUISITION = 5
_NAME_WORDS = 5
_WEB = re.compile(r"https?://[^\s<>\"|]+", re.IGNORECASE)
_BARE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,62})\.)+[a-z]{2,24}/\S+", re.IGNORECASE)
_GOOD_URL = re.compile(
    r"https?://(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)*[^\W_](?:[\w-]{0,61}[^\W_])?\.?(?::(?P<port>\d{1,5}))?(?:[/?#][^\s\\]*)?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"https?://$|\[[^\[\]]*\]\((?:https?://)?$", re.IGNORECASE)
_BRACKETS = '()[]<>"|.,; '
_EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")
_MAX_EMAIL = 254
_NOTION = re.compile(r"\s*\(https?://(?:www\.)?notion\.(?:so|site)/[^)]*\)")
_YES = "y yes true x 1 1.0 \u2713 \u2714 \u2705 \u2611 \u2611\ufe0f \u2714\ufe0f ja oui si sim done checked ok"
_NO = "n no false 0 0.0 \u2717 \u2718 \u274c \u2610 nein non nao nee unchecked nope"
YES, NO = frozenset(_YES.split()), frozenset(_NO.split())


class Pay(NamedTuple):
    low: int | None = None
    high: int | None = None
    currency: str | None = None


def is_yes(text: str) -> bool:
    """Whether a cell is a tick."""
    return fold(text).strip() in YES


def is_no(text: str) -> bool:
    """Whether a cell is a cross."""
    return fold(text).strip() in NO


def read_name(draft: Draft, ours: str) -> str | None:
    """Read the company or the title; a missing one is an error of the row."""
    value = draft.one_line(ours)
    if value is None:
        headers = [draft.layout.headers[at] for at in draft.layout.columns.get(ours, ())]
        draft.warn("required", headers[0] if headers else ours, f"The row names no {ours}.", "error")
        return None
    return _NOTION.sub("", value) or value


def read_url(draft: Draft) -> str | None:
    """Read the link of the job; what is none is dropped with a warning and kept in the notes."""
    for header, text in draft.all("url"):
        found = web_address(text)
        if found:
            if not _is_all(text, found):
                draft.warn(
                    "bad-url", header, "More than a web address: the address is taken, all of it is in the notes."
                )
                draft.keep(header, text)
            return found
        draft.warn("bad-url", header, "Not a web address: kept in the notes.")
        draft.keep(header, text)
    return None


def _is_all(text: str, url: str) -> bool:
    """Tell whether a cell says no more than the address that was found in it, as a link of Markdown may."""
    before, _, after = (line(text) or "").partition(url.removeprefix("https://"))
    return not after.strip(_BRACKETS) and not _LABEL.sub("", before).strip(_BRACKETS)


def web_address(text: str) -> str | None:
    """Find the first absolute web address in a text that the API takes, else None."""
    plain = line(text) or ""
    match = _WEB.search(plain)
    url = match[0] if match else None
    if url is None and _BARE.fullmatch(plain):
        url = "https://" + plain
    if url is None:
        return None
    # Markdown links and brackets around: their closing sign is no part of the address.
    if url.endswith(")") and url.count("(") < url.count(")"):
        url = url.rstrip(")")
    good = _GOOD_URL.fullmatch(url) if len(url) <= _MAX_URL else None
    return url if good and int(good["port"] or 0) <= _MAX_PORT else None


def read_requisition(draft: Draft) -> str | None:
    """Read the employer's number of the job. A small number is the line's own: two logs may count differently."""
    value = draft.one_line("requisition_id", _MAX_REQUISITION)
    return None if value and value.isdigit() and len(value) < _SHORTEST_REQUISITION else value


def read_source_and_keep(draft: Draft) -> str | None:
    """How the job was found; the client's own words go to the notes."""
    referral_header, referral = draft.first("referral")
    referred = bool(referral) and not is_no(referral)
    if referred and not is_yes(referral):
        draft.keep(referral_header, referral)
    header, text = draft.first("source")
    if header:
        draft.keep(header.strip(), text)
    if referred:
        return "referral"
    return read_source(text) if header else None


def read_work(draft: Draft, title: str) -> str | None:
    """Read the kind of work."""
    return read_kind(draft.first("kind")[1], title)


def read_pay(draft: Draft, usual: str | None) -> Pay:
    """Salary in minor units. `usual`: the one currency of the file, for amounts that name none."""
    cells = [draft.first(ours) for ours in ("salary_min", "salary_max", "salary")]
    filled = [(header, text) for header, text in cells if header]
    if not filled:
        return Pay()
    told = draft.first("currency")[1]
    pays = [money.read_pay(text) if header else None for header, text in cells]
    low = pays[0].low if pays[0] else (pays[2].low if pays[2] else None)
    high = pays[1].low if pays[1] else (pays[2].high if pays[2] else None)
    currency = money.read_currency(told) or next((pay.currency for pay in pays if pay and pay.currency), usual)
    problem = _pay_problem(low, high, currency)
    if problem:
        for header, text in filled:
            draft.keep(header, text)
        draft.warn(problem[0], filled[0][0], problem[1])
        return Pay()
    return _in_minor(low, high, currency or "")


def _pay_problem(low: Decimal | None, high: Decimal | None, currency: str | None) -> tuple[str, str] | None:
    if low is None and high is None:
        return "bad-format", "Not read as a yearly salary: kept in the notes."
    if currency is None:
        return "no-currency", "No currency is named: the salary is kept in the notes."
    if low is not None and high is not None and low > high:
        return "order", "The lower salary is the higher one: both are kept in the notes."
    return None


def _in_minor(low: Decimal | None, high: Decimal | None, currency: str) -> Pay:
    return Pay(
        None if low is None else money.minor(low, currency),
        None if high is None else money.minor(high, currency),
        currency,
    )


def read_contact(draft: Draft) -> ContactDraft | None:
    """Read the person named beside an opportunity; what does not look like a name goes to the notes."""
    header, text = draft.first("contact_name")
    name = line(text) or "" if header else ""
    email = address(name) or address(draft.first("contact_email")[1])
    if email and email == name:
        return ContactDraft(email, email=email, role=read_role(header or ""))
    if header and (not _is_name(name) or len(name) > LINE):
        if not is_yes(name) and not is_no(name):
            draft.keep(header, text)
        return None
    if not header:
        return None
    url, title = web_address(draft.first("contact_url")[1]), draft.one_line("contact_title")
    return ContactDraft(name, url=url, email=email, title=title, role=read_role(header))


def address(text: str) -> str | None:
    """Find an e-mail address that the API takes, else None."""
    match = _EMAIL.search((line(text) or "")[:_MAX_EMAIL])
    return match[0] if match else None


def read_person(draft: Draft) -> ContactDraft | None:
    """Read a connection of LinkedIn, without the day; None if nameless, as members who hid themselves are."""
    name = " ".join(part for ours in ("first_name", "last_name") if (part := draft.one_line(ours)))
    if not name:
        return None
    url = web_address(draft.first("contact_url")[1])
    email = address(draft.first("contact_email")[1])
    company, title = draft.one_line("contact_company"), draft.one_line("contact_title")
    return ContactDraft(cut(name, LINE), url=url, email=email, company=company, title=title)


def _is_name(text: str) -> bool:
    """Tell a few words of letters from an address, number, tick or sentence."""
    plain = text.replace(".", "").replace("'", "").replace("-", "").replace(",", "").replace("\u2019", "")
    parts = plain.split()
    return 1 <= len(parts) <= _NAME_WORDS and all(p.isalpha() for p in parts) and not (is_yes(text) or is_no(text))
