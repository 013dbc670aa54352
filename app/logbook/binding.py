from collections.abc import Mapping
from typing import NamedTuple

from app.logbook.aliases import EVENT_COLUMNS, VAGUE
from app.logbook.columns import OUR_COLUMNS, Binding, recognise
from app.logbook.errors import NotALog, UnknownColumn
from app.logbook.formats import Format
from app.logbook.status_rules import Meaning
from app.logbook.text import key

_VAGUE = {ours: frozenset(names.split()) for ours, names in VAGUE.items()}
_TICK = frozenset({"applied", "application"})  # beside a bare "Date" it holds yes or no
_NEXT_DEPTH = 1_000


class Layout(NamedTuple):
    """Which header is which column: `columns` by our name, the best header first; `events` those of dated steps."""

    headers: tuple[str, ...]
    columns: dict[str, tuple[int, ...]]
    events: tuple[tuple[int, Meaning], ...]
    unused: tuple[int, ...]


def bind(headers: tuple[str, ...], form: Format, mapping: Mapping[str, str]) -> Layout:
    """Headers, their format and the caller's wishes in; the layout out. Raises UnknownColumn or NotALog."""
    found = _mapped(headers, mapping)
    for at, header in enumerate(headers):
        binding = None if at in found else _bound(header, form)
        if binding and binding.ours not in mapping:
            found[at] = binding
    _names(headers, found)
    _without_vague(headers, found)
    ranked = sorted(found, key=lambda at: (found[at].rank, at))
    columns: dict[str, tuple[int, ...]] = {}
    for at in ranked:
        ours = found[at].ours
        columns[ours] = (*columns.get(ours, ()), at)
    if not {"company", "title", "first_name"} & columns.keys():
        raise NotALog("No header names a company or a job: name them with `mapping`.")
    events = [(at, meaning) for at in ranked if (meaning := found[at].meaning) is not None]
    unused = [at for at, header in enumerate(headers) if at not in found and header and key(header) not in form.drops]
    return Layout(headers, columns, tuple(events), tuple(unused))


def _mapped(headers: tuple[str, ...], mapping: Mapping[str, str]) -> dict[int, Binding]:
    found: dict[int, Binding] = {}
    keys = [key(header) for header in headers]
    for ours, theirs in mapping.items():
        if ours not in OUR_COLUMNS:
            raise UnknownColumn("This is none of our columns.", ours)
        if not key(theirs) or key(theirs) not in keys:
            raise UnknownColumn("The file has no such header.", ours)
        found[keys.index(key(theirs))] = Binding(ours, -1, EVENT_COLUMNS.get(ours))
    return found


def _bound(header: str, form: Format) -> Binding | None:
    """By the format, else by the aliases; of a nested field the whole path first, then ever shorter ends of it."""
    name = key(header)
    if name in form.drops:
        return None
    if name in form.columns:
        ours = form.columns[name]
        return Binding(ours, -1, EVENT_COLUMNS.get(ours))
    path = header.split(".") if " " not in header else [header]
    for depth in range(len(path)):
        binding = recognise(".".join(path[depth:]))
        if binding:
            return binding._replace(rank=binding.rank + depth * _NEXT_DEPTH)
    return None


def _names(headers: tuple[str, ...], found: dict[int, Binding]) -> None:
    """Take a bare "Name" (the first column of Notion exports) for the company where only the job has a header."""
    titles = [at for at, binding in found.items() if binding.ours == "title"]
    bare = [at for at in titles if key(headers[at]) == "name"]
    if bare and len(titles) > len(bare) and not any(binding.ours == "company" for binding in found.values()):
        found[bare[0]] = Binding("company", 0)


def _without_vague(headers: tuple[str, ...], found: dict[int, Binding]) -> None:
    """Unbind a "Date" beside "Date applied", or a "State" beside "Status": it means something else there."""
    for ours, vague in _VAGUE.items():
        keys = {at: key(headers[at]) for at, binding in found.items() if binding.ours == ours and binding.rank >= 0}
        clear = [at for at, name in keys.items() if name not in vague]
        for at in [at for at, name in keys.items() if clear and name in vague - _TICK]:
            del found[at]
