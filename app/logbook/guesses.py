"""What a log's free words say of an opportunity's source and kind, and of a contact's role."""

import re

from app.logbook.text import words

_SOURCES: tuple[tuple[str, str], ...] = (
    ("recruiter", r"recruit|head ?hunter|agency|staffing|inbound|personalvermittl|sourced by"),
    ("referral", r"referr|empfehl|coopta|employee|insider"),
    ("networking", r"""
        network|friend|family|colleague|coworker|alumni|meet ?up|event|conference|career fair|job fair|contact|bekannt
        mentor|professor|reseau|sales call
    """),
    ("job_board", r"""
        linked ?in|indeed|glassdoor|zip ?recruiter|monster|dice|wellfound|angel ?list|otta|welcome to the jungle
        built ?in|hacker ?news|hn\b|stepstone|xing|simplify|reed|total ?jobs|seek|naukri|handshake|simplyhired
        jobright|hired|work ?at ?a ?startup|y ?combinator|usa ?jobs|gov\w* ?jobs|job ?board|jobs?$
        remote ?ok|we work remotely|himalayas|flex ?jobs|craigslist|google|ripple ?match|apec|france travail|pole emploi
        infojobs|arbeitsagentur|swooped|teal|huntr|lever|greenhouse|otter ?jobs|career ?builder|the muse
        snag ?a ?job|cord|levels|engmgr
    """),
    ("applied", r"""
        company|website|web ?site|direct|career|e ?mail|cold|own|walk ?in|initiativ|spontan|site|homepage|in person
        portal|applied
    """),
)  # fmt: skip
_KINDS: tuple[tuple[str, str], ...] = (
    ("internship", r"intern(ship)?\b|praktik|stage$|stagiaire|werkstudent|co op\b|apprentice|trainee"),
    ("gig", r"gig|freelance|per diem|zero hours|minijob|one off"),
    ("contract", r"contract|temp\b|temporary|fixed term|befrist|cdd|interim|c2c|w2|1099|consultan|seasonal"),
    ("permanent", r"perm|full ?time|part ?time|regular|unbefrist|festanstell|vollzeit|teilzeit|cdi|fte|direct hire"),
)
_IN_A_TITLE = re.compile(
    r"\b(intern|internship|praktikant|praktikantin|praktikum|werkstudent|werkstudentin|stagiaire)\b"
)


def _table(rules: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile("|".join(part.strip() for part in rule.strip().splitlines())), name) for name, rule in rules
    )


_SOURCE_TABLE, _KIND_TABLE = _table(_SOURCES), _table(_KINDS)


def read_source(text: str) -> str:
    """Sort how a job was found, in the client's words, into our list; `other` where it fits none."""
    plain = words(text)
    return next((source for pattern, source in _SOURCE_TABLE if pattern.search(plain)), "other")


def read_kind(text: str | None, title: str) -> str | None:
    """Tell the kind of work by a column of it, else by the title; None where neither says."""
    plain = words(text or "")
    if _IN_A_TITLE.search(words(title)) and not plain:
        return "internship"
    return next((kind for pattern, kind in _KIND_TABLE if pattern.search(plain)), None)


def read_role(header: str) -> str:
    """Tell the role of a contact by the header that names them."""
    plain = words(header)
    if "recruiter" in plain:
        return "recruiter"
    return "hiring_manager" if "manager" in plain else "other"
