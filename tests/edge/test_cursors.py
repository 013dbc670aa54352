"""Cursors of every list (API.md C9): signed, bound to practice, caller, filters and sort, and granting nothing."""

import base64
from typing import Any

import pytest

from tests.edge.places import fine, operations
from tests.edge.test_corpus import OPERATIONS
from tests.support import build, doors
from tests.support.api import Api

#: Every list; the feed of changes has a token of another kind, and tests of its own.
LISTS = sorted(
    name
    for name, one in OPERATIONS.items()
    if any(p.get("name") == "cursor" for p in one.get("parameters", [])) and name != "listChanges"
)


#: Lists of what a client has set or noted.
GUIDANCE: dict[str, tuple[str, dict[str, str]]] = {
    "listNextActions": ("/v1/next-actions", {"title": "Call"}),
    "listWins": ("/v1/wins", {"title": "Won", "occurred_on": "2026-03-02"}),
    "listDevelopmentActivities": ("/v1/development-activities", {"title": "Course", "kind": "course"}),
}


def filled(api: Api, name: str) -> str:
    """Make a list with at least three items, and return its path."""
    path = fine(api, operations(api.house)[name]).path
    if name == "listImportRows":
        rows = "".join(f"A{n},B,2026-03-01\n" for n in range(3))
        log = {"client_id": build.client(api)["id"], "content": f"company,title,date applied\n{rows}"}
        return f"/v1/imports/{api.ok(api.post('/v1/imports', log), 201)['id']}/rows"
    if name == "listInteractions":
        for day in range(1, 4):
            build.interaction(api, path.split("/")[3], "note", f"2026-03-0{day}T10:00:00Z")
        return path
    if name == "listPolicyVersions":
        for days in (10, 11, 12):
            policy = api.ok(api.get("/v1/policy"))
            body = {key: value for key, value in policy.items() if key not in {"version", "created_at", "created_by"}}
            api.ok(api.put("/v1/policy", {**body, "undated_hold_days": days}, version=policy["version"]))
        return path
    for number in range(3):
        _one_more(api, name, f"Name {number}")
    return path


def _one_more(api: Api, name: str, name_of: str) -> None:
    made = build.everything(api, name_of)
    build.interaction(api, made["opportunities"], "request", "2026-03-02T12:00:00Z")
    doors.invite(api)
    build.client(api)  # without any opening, which the radar tells
    if name in GUIDANCE:
        path_of, body = GUIDANCE[name]
        api.ok(api.post(path_of, {"client_id": made["clients"], **body}), 201)
    if name == "listApiKeys":
        login = api.signed_in()
        login.ok(login.post("/v1/api-keys", {"name": "Spare", "scopes": ["clients:read"]}), 201)


def refused(api: Api, path: str, **query: Any) -> bool:
    """Say whether a cursor is refused, and in the right way."""
    answer = api.get(path, params=query)
    assert answer.status_code in {200, 400, 404}, answer.text
    return answer.status_code == 404 or (answer.status_code == 400 and answer.json()["code"] == "invalid-cursor")


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_opens_nothing_but_the_list_it_was_issued_for(api: Api, stranger: Api, name: str) -> None:
    path = filled(api, name)
    first = api.get(path, params={"limit": 1})
    page = api.ok(first)
    cursor = page["next_cursor"]
    assert cursor
    assert first.links["next"]["url"].endswith(f"cursor={cursor}")
    second = api.ok(api.get(path, params={"cursor": cursor, "limit": 2}))
    assert second["items"]
    assert second["items"] != page["items"]
    # The size of a page is not part of what it is bound to; everything else is.
    assert api.ok(api.get(path, params={"cursor": cursor, "limit": 200}))["next_cursor"] is None
    for other in (api.as_role("admin"), stranger):
        assert refused(other, path, cursor=cursor), other.role
    own = operations(api.house)[name].query
    assert own is not None
    filters = {
        "q": "Name", "archived": "true", "include_voided": "true", "coach_id": api.member_id, "kind": "note",
        "role": "other", "status": "waiting", "stage": "lead", "as_of": "2026-03-01T00:00:00Z", "scope": "practice",
        "client_id": api.member_id, "company_id": api.member_id, "outcome": "accepted", "actor_id": api.member_id,
        "resource_type": "client", "resource_id": api.member_id, "after": "2026-03-01T00:00:00Z",
        "before": "2027-03-01T00:00:00Z",
    }  # fmt: skip
    if name in GUIDANCE:
        filters |= {"after": "2026-03-01", "before": "2027-03-01", "status": "planned", "state": "open"}
        filters |= {"opportunity_id": api.member_id, "due_before": "2027-03-01"}
    for filter_name in sorted(set(own.model_fields) - {"limit", "cursor", "sort"}):
        assert refused(api, path, cursor=cursor, **{filter_name: filters[filter_name]}), filter_name
    if "sort" in own.model_fields:
        for order in own.model_fields["sort"].annotation:  # type: ignore[union-attr]  # an enumeration
            assert refused(api, path, cursor=cursor, sort=order.value), order
    for tampered in tampering(cursor):
        assert refused(api, path, cursor=tampered), tampered


def tampering(cursor: str) -> list[str]:
    """Return cursors that are nearly this one."""
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    flipped = [bytes([*raw[:at], raw[at] ^ 1, *raw[at + 1 :]]) for at in range(0, len(raw), 7)]
    spelt = [base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in flipped]
    shorter = [
        cursor[:-1],
        cursor[1:],
        cursor[: len(cursor) // 2],
        f"{cursor}A",
        f"{cursor}=",
        f" {cursor}",
        cursor * 2,
    ]
    return [one for one in [*spelt, *shorter, cursor.swapcase(), "A" * len(cursor)] if one != cursor]


def test_there_are_lists_to_try() -> None:
    assert len(LISTS) >= 12


def test_a_walk_goes_on_however_the_id_in_its_path_is_spelled(api: Api) -> None:
    path = filled(api, "listInteractions")
    first = api.ok(api.get(path, params={"limit": 1}))
    kind, ident = path.split("/")[2:4]
    again = f"/v1/{kind}/{ident.upper()}/interactions"
    assert api.get(again, params={"limit": 1, "cursor": first["next_cursor"]}).status_code == 200
