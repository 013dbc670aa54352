"""What people do in a practice, made from what their copy shows them."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tests.sync.device import PATHS
from tests.sync.world import Request

KINDS = ("application", "employer_message", "interview", "note", "rejection", "request")
#: What people make of advice.
GUIDANCE = ("development_activity", "next_action", "win")
Found = list[tuple[str, int]]


@dataclass
class View:
    """What somebody knows: ids and versions by type; and the words that they will use next."""

    words: Iterator[str]
    records: dict[str, Found]
    hidden: list[str] = field(default_factory=list)
    pick: int = 0
    coin: bool = False

    def one(self, type_: str) -> tuple[str, int] | None:
        """Return one of the records of a type."""
        found = self.records.get(type_, [])
        return found[self.pick % len(found)] if found else None

    def key(self) -> str:
        return f"key {next(self.words)}".replace(" ", "-")


def _ident(view: View) -> dict[str, str]:
    """Return an id of the caller's own, for two in three: the others let the service choose."""
    return {} if view.pick % 3 == 0 else {"id": str(uuid.uuid4())}


def _post(view: View, path: str, body: dict[str, Any], word: str) -> Request:
    return Request("POST", path, body, key=view.key(), makes=body.get("id"), words=(word,))


def new_client(view: View) -> Request:
    word = next(view.words)
    body = {"name": word, "time_zone": "UTC", "employment_status": "employed", **_ident(view)}
    return _post(view, "/v1/clients", body, word)


def new_contact(view: View) -> Request:
    word = next(view.words)
    return _post(view, "/v1/contacts", {"name": word, "role": "recruiter", **_ident(view)}, word)


def new_opportunity(view: View) -> Request | None:
    client, contact, word = view.one("client"), view.one("contact"), next(view.words)
    if client is None:
        return None
    body: dict[str, Any] = {"client_id": client[0], "title": word, "kind": "permanent", "source": "applied"}
    body |= {"company_name": f"Firm {view.pick % 3}", **_ident(view)}
    if view.coin and contact is not None:
        body["contact_ids"] = [contact[0]]
    return _post(view, "/v1/opportunities", body, word)


def _entry(view: View, word: str) -> dict[str, Any]:
    when = f"2026-03-{view.pick % 9 + 1:02}T10:00:00Z"
    secret = {"visibility": "coaches"} if view.coin else {}
    return {"kind": KINDS[view.pick % len(KINDS)], "occurred_at": when, "summary": word, **secret}


def new_interaction(view: View) -> Request | None:
    on, word = view.one("opportunity"), next(view.words)
    if on is None:
        return None
    return _post(view, f"/v1/opportunities/{on[0]}/interactions", _entry(view, word) | _ident(view), word)


def new_batch(view: View) -> Request | None:
    on, words = view.one("opportunity"), (next(view.words), next(view.words))
    if on is None:
        return None
    body = {"items": [_entry(view, word) for word in words]}
    return Request("POST", f"/v1/opportunities/{on[0]}/interactions/batch", body, key=view.key(), words=words)


def new_guidance(view: View) -> Request | None:
    client, on, word = view.one("client"), view.one("opportunity"), next(view.words)
    if client is None:
        return None
    type_ = GUIDANCE[view.pick % 3]
    body: dict[str, Any] = {"client_id": client[0], "title": word, **_ident(replace(view, pick=view.pick // 3))}
    body |= {"win": {"occurred_on": "2026-03-01"}, "development_activity": {"kind": "course"}}.get(type_, {})
    if view.coin and on is not None:
        body |= {"opportunity_ids": [on[0]]} if type_ == "development_activity" else {"opportunity_id": on[0]}
    return _post(view, PATHS[type_].removesuffix("/{}"), body, word)


def _patch(view: View, type_: str, path: str, body: dict[str, Any]) -> Request | None:
    found = view.one(type_)
    return None if found is None else Request("PATCH", path.format(found[0]), body, base=found[1])


def change_client(view: View) -> Request | None:
    body = {"time_zone": ("UTC", "Asia/Tokyo")[view.pick % 2]} if view.coin else {"goals": [next(view.words)]}
    return _patch(view, "client", "/v1/clients/{}", body)


def change_opportunity(view: View) -> Request | None:
    contact = view.one("contact")
    body: dict[str, Any] = {"location": next(view.words)}
    if view.coin:
        body = {"contact_ids": [contact[0]] if contact and view.pick % 2 else []}
    elif view.pick % 3 == 0:
        body = {"company_name": f"Firm {view.pick % 4}"}
    return _patch(view, "opportunity", "/v1/opportunities/{}", body)


def change_interaction(view: View) -> Request | None:
    body = {"occurred_at": f"2026-03-{view.pick % 9 + 1:02}T11:00:00Z"}
    if view.pick % 2:
        body = {"visibility": "coaches" if view.coin else "shared"}
    return _patch(view, "interaction", "/v1/interactions/{}", body)


def change_contact(view: View) -> Request | None:
    return _patch(view, "contact", "/v1/contacts/{}", {"notes" if view.coin else "title": next(view.words)})


def change_guidance(view: View) -> Request | None:
    type_, on, word = GUIDANCE[view.pick % 3], view.one("opportunity"), next(view.words)
    ids = [on[0]] if on and view.pick % 2 else []
    # Not their titles: those tell the model who made what.
    said: dict[str, dict[str, Any]] = {
        "development_activity": {"opportunity_ids": ids} if view.coin else {"notes": word},
        "next_action": {"opportunity_id": next(iter(ids), None)} if view.coin else {"due_on": "2026-04-01"},
        "win": {"opportunity_id": next(iter(ids), None)} if view.coin else {"note": word},
    }
    return _patch(view, type_, PATHS[type_], said[type_])


def _delete(view: View, type_: str, path: str) -> Request | None:
    found = view.one(type_)
    return None if found is None else Request("DELETE", path.format(found[0]), base=found[1])


def void(view: View) -> Request | None:
    return _delete(view, "interaction", "/v1/interactions/{}")


def remove_opportunity(view: View) -> Request | None:
    return _delete(view, "opportunity", "/v1/opportunities/{}")


def remove_contact(view: View) -> Request | None:
    return _delete(view, "contact", "/v1/contacts/{}")


def remove_guidance(view: View) -> Request | None:
    type_ = GUIDANCE[view.pick % 3]
    return _delete(view, type_, PATHS[type_])


def restore(view: View) -> Request | None:
    if not view.hidden:
        return None
    return Request("POST", f"/v1/opportunities/{view.hidden[view.pick % len(view.hidden)]}/restore", key=view.key())


#: What is done often stands here more than once.
DEEDS: dict[str, Callable[[View], Request | None]] = {
    made.__name__: made
    for made in (
        new_interaction,
        new_opportunity,
        new_client,
        new_contact,
        new_batch,
        new_guidance,
        change_client,
        change_opportunity,
        change_interaction,
        change_contact,
        change_guidance,
        void,
        remove_opportunity,
        remove_contact,
        remove_guidance,
        restore,
    )
}
OFTEN = ("new_interaction", "change_interaction", "remove_opportunity", "restore")
