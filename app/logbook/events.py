from datetime import UTC, date, datetime, timedelta

from app.logbook.aliases import VAGUE
from app.logbook.dates import Scan, scan
from app.logbook.draft import Draft
from app.logbook.fields import is_no, is_yes
from app.logbook.model import DateOrder, Event, Told, When
from app.logbook.status_rules import GHOST, LEAD, NOT_EVENTS, Meaning
from app.logbook.statuses import read_status
from app.logbook.text import LINE, cut, key, line
from app.logbook.timeline import ANSWERS, KINDS, Timeline, day

_CLOSING = frozenset({"rejection", "position_closed", "withdrawal", "acceptance", "decline"})
_MAX_DAYS = 3_650
_VAGUE_DATES = frozenset(VAGUE["applied_at"].split())


def read_events(draft: Draft, order: DateOrder | None) -> Told:
    """Read what happened by a row. Problems go to the draft."""
    log = Timeline(draft, order)
    _from_log(log)
    _from_own_log(log)
    logged = frozenset(event.kind for event in log.events)
    _from_columns(log, logged)
    _from_responses(log)
    told = [(header, text) for header, text in draft.all("status") if not _is_number(text)]
    log.statuses[:0] = told
    raw = "; ".join(dict.fromkeys(text for _, text in log.statuses)) or _last_logged(draft)
    _settle(log)
    _tick_off(log)
    _plans(draft)
    if any(event.guessed for event in log.events):
        draft.warn(
            "guessed-interaction", None, "What happened, or when, is worked out from the words of the log: check it."
        )
    status = cut(line(raw) or "", LINE) or None
    return Told(tuple(sorted(log.events, key=_in_time)), status, _one_date(log, "status_at") if log.ghosted else None)


def _from_log(log: Timeline) -> None:
    for entry in log.draft.record.log:
        meanings = read_status(entry.status)
        found = log.dates(entry.status, entry.when)
        if not meanings:
            log.draft.warn("unknown-status", None, "A step of the status log is not known to us: kept in the notes.")
            log.draft.keep(entry.status, entry.when)
        for meaning in meanings:
            if meaning.kind == GHOST:
                log.mark_ghosted(entry.status, entry.when)
            elif meaning.kind not in NOT_EVENTS and found.whens:
                log.add(meaning, found.whens[0])


def _from_own_log(log: Timeline) -> None:
    """Read a line of our own job-search log, which names the interaction exactly."""
    for header, text in log.draft.all("interaction_kind"):
        when = _one_date(log, "status_at")
        if text in KINDS and when:
            log.add(Meaning(text), when)
        elif text not in KINDS:
            log.draft.warn("not-in-list", header, "Not a kind of interaction.")


def _from_columns(log: Timeline, logged: frozenset[str]) -> None:
    draft = log.draft
    told = set(logged)  # a log tells the same more exactly; a second date of that kind would be a second act
    for at, meaning in draft.layout.events:
        if at not in draft.record.cells or meaning.kind in told:
            continue
        header, text = draft.layout.headers[at], draft.record.cells[at]
        found = log.dates(header, text)
        if found.whens:
            _dated(log, header, text, meaning, found)
        elif not found.bad:
            _undated(log, header, text, meaning)
        # One application by the clearest header; "Applied: no" unmakes that of a bare "Date" beside it.
        if meaning.kind == "application" and (found.whens or is_no(text)):
            told.add(meaning.kind)
            log.vague = (header, text) if key(header) in _VAGUE_DATES else None


def _dated(log: Timeline, header: str, text: str, meaning: Meaning, found: Scan) -> None:
    if meaning.kind == GHOST:
        log.mark_ghosted(header, text)
        return
    if found.words:
        log.draft.keep(header, text)
    for when in found.whens:
        log.add(meaning, when)


def _undated(log: Timeline, header: str, text: str, meaning: Meaning) -> None:
    """Read a tick, a cross, or words in a column of dates."""
    if is_no(text):
        return
    if meaning.kind == GHOST:
        log.mark_ghosted(header, text)
    elif is_yes(text):
        log.ticks.append((header, meaning))
    elif read_status(text):
        log.statuses.append((header, text))
    else:
        log.draft.warn("bad-date", header, "Not a date with day, month and year: kept in the notes.")
        log.draft.keep(header, text)


def _from_responses(log: Timeline) -> None:
    draft = log.draft
    for header, text in draft.all("responded_at"):
        found = log.dates(header, text)
        log.responses += found.whens
        if found.whens or found.bad or is_no(text):
            continue
        if read_status(text):
            log.statuses.append((header, text))
        elif is_yes(text):
            log.ticks.append((header, Meaning("employer_message")))
        else:
            draft.keep(header, text)


def _settle(log: Timeline) -> None:
    """Give every status a date, or tell that it has none; then what is left of the answers becomes messages."""
    meanings = [(header, text, meaning) for header, text in log.statuses for meaning in _known(log, header, text)]
    kinds = {meaning.kind for _, _, meaning in meanings}
    at_date = _one_date(log, "status_at")
    if LEAD in kinds:
        _not_applied(log)
    for place, (header, text, meaning) in enumerate(meanings, start=1):
        if meaning.kind == GHOST:
            log.mark_ghosted(header, text)
        elif meaning.kind not in NOT_EVENTS and not log.has(meaning):
            last = place == len(meanings)
            _date_it(log, header, text, meaning, at_date if last else None, answered=not kinds & {"interview", "offer"})
    if at_date and not (log.events or log.ghosted or log.statuses or log.draft.all("interaction_kind")):
        log.add(Meaning("application"), at_date, guessed=True)
    met = any(event.kind == "interview" for event in log.events)
    for when in log.responses:
        invited = "interview" in kinds and not met
        log.add(Meaning("employer_message", "interviewing" if invited else None), when, guessed=invited)
    _answered_before_silence(log)
    _check_order(log)


def _not_applied(log: Timeline) -> None:
    """Where the status says that nothing was sent, a bare "Date" is that of saving; a date of applying contradicts."""
    sent = [event for event in log.events if event.kind == "application"]
    if sent and log.vague:
        log.events = [event for event in log.events if event not in sent]
        log.draft.keep(*log.vague)
    elif sent:
        log.draft.warn("contradicts-status", None, "The status says not applied, and yet there is the day of applying.")


def _tick_off(log: Timeline) -> None:
    for header, meaning in log.ticks:
        if not log.has(meaning):
            log.draft.warn("no-date", header, "Ticked without a date: kept in the notes, nothing is made of it.")
            log.draft.keep(header, "yes")


def _known(log: Timeline, header: str, text: str) -> tuple[Meaning, ...]:
    meanings = read_status(text)
    if not meanings:
        log.draft.warn("unknown-status", header, "A status that is not known to us: kept in the notes.")
        log.draft.keep(header, text)
    return meanings


def _date_it(log: Timeline, header: str, text: str, meaning: Meaning, at_date: When | None, *, answered: bool) -> None:
    own = scan(text, log.order).whens
    if own or at_date:
        when = own[-1] if own else at_date
        log.add(meaning, when or date.min, guessed=not own and meaning.kind == "interview")
    elif meaning.kind == "interview" and log.responses:
        return  # the answer was the invitation; _settle makes it
    elif answered and meaning.kind in ANSWERS and _after_all(log, log.responses):
        log.add(meaning, log.responses.pop())
    elif (guess := _guessed_date(log, meaning)) is not None:
        log.draft.warn("guessed-date", header, "The day of this status is worked out from other columns.")
        log.add(meaning, guess, guessed=True)
    else:
        log.draft.warn("no-date", header, "This status has no date: kept in the notes, nothing is made of it.")
        log.draft.keep(header, text)


def _guessed_date(log: Timeline, meaning: Meaning) -> When | None:
    """Work out the day of an outcome by its distance from the application, or by when the row was last touched."""
    if meaning.kind == "application":
        return None
    applied = next((event.when for event in log.events if event.kind == "application"), None)
    days = log.draft.first("days_to_outcome")[1]
    if applied and meaning.kind in _CLOSING and days.isdigit() and int(days[:5]) <= _MAX_DAYS:
        guess: When | None = day(applied) + timedelta(days=int(days))
    else:
        guess = _one_date(log, "updated_at")
        # On the day of the application the row was touched for the application's sake.
        guess = guess if guess and day(guess) != (log.latest() or date.min) else None
    return guess if guess and _after_all(log, [guess]) else None


def _after_all(log: Timeline, whens: list[When]) -> bool:
    return bool(whens) and (log.latest() or date.min) <= day(whens[-1])


def _one_date(log: Timeline, ours: str) -> When | None:
    header, text = log.draft.first(ours)
    whens = log.dates(header, text).whens if header else ()
    return whens[0] if whens else None


def _answered_before_silence(log: Timeline) -> None:
    """Where the employer went silent after asking something, the client had answered: the silence is theirs."""
    last = max(log.events, key=_in_time, default=None)
    if log.ghosted and last and last.kind == "request":
        log.add(Meaning("reply"), last.when, guessed=True)


def _check_order(log: Timeline) -> None:
    applied = next((day(event.when) for event in log.events if event.kind == "application"), None)
    if applied and any(event.kind in _CLOSING and day(event.when) < applied for event in log.events):
        log.draft.warn("order", None, "It ends before it begins: one of the dates is wrong.")


def _plans(draft: Draft) -> None:
    for header, text in draft.all("plan"):
        if is_no(text):
            continue
        draft.keep(header, text)
        draft.warn(
            "follow-up-not-counted", header, "Read as a plan, not as a follow-up that was sent: kept in the notes."
        )


def _last_logged(draft: Draft) -> str:
    return draft.record.log[-1].status if draft.record.log else ""


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("%", "").isdigit()


def _in_time(event: Event) -> tuple[date, float]:
    if not isinstance(event.when, datetime):
        return event.when, _NOON
    moment = event.when
    return moment.date(), moment.replace(tzinfo=UTC).timestamp() % _DAY


_DAY, _NOON = 86_400.0, 43_200.0
