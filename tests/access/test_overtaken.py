"""A request that writes is overtaken by who may see what: wherever that falls, it is done, or refused and undone.

The other change is made right before one statement of the request after another. tests/soak/test_races.py leaves it to
chance, on a real server.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx2 as httpx
import pytest

from tests.access.test_assignments import assign, set_access
from tests.support import build, steps
from tests.support.api import Api
from tests.support.database import Database
from tests.support.statements import overtaken

WHEN = "2026-03-09T10:00:00Z"
ROLE = {"company_name": "Bolt", "title": "Smith", "kind": "permanent", "source": "applied"}
LOG = "company,title,date applied\nAcme,Baker,2026-03-01\n"

UNASSIGN = "delete from client_coach where client_id = $1"
CLOSE = "update practice set coach_access = 'assigned' where id = $1"


@dataclass
class Scene:
    """A coach, and what they may write on."""

    owner: Api
    coach: Api
    client: str
    made: Mapping[str, str]


@pytest.fixture
def scene(api: Api) -> Scene:
    coach = api.as_role("coach")
    client = build.client(api)
    assign(api, client, coach)
    role = build.opportunity(api, client["id"])["id"]
    act = build.interaction(api, role, "application", WHEN)["id"]
    made = {"role": role, "act": act}
    for path in ("next-actions", "wins"):
        body = {"client_id": client["id"], "title": "T", "opportunity_id": role}
        made[path] = api.ok(api.post(f"/v1/{path}", body | _dated(path)), 201)["id"]
    body = {"client_id": client["id"], "title": "T", "kind": "course", "opportunity_ids": [role]}
    made["activity"] = api.ok(api.post("/v1/development-activities", body), 201)["id"]
    made["import"] = api.ok(api.post("/v1/imports", {"client_id": client["id"], "content": LOG}), 201)["id"]
    return Scene(api, coach, client["id"], made)


def _dated(path: str) -> dict[str, str]:
    return {"occurred_on": "2026-03-01"} if path == "wins" else {}


#: What makes a request ready to be sent.
Write = Callable[[Scene], Callable[[], httpx.Response]]


def _patch(path: str, change: dict[str, Any]) -> Write:
    def ready(scene: Scene) -> Callable[[], httpx.Response]:
        target = path.format(client=scene.client, **scene.made)
        version = scene.owner.ok(scene.owner.get(target))["version"]
        return partial(scene.coach.patch, target, change, version=version)

    return ready


def _post(path: str, body: dict[str, Any] | None = None) -> Write:
    def ready(scene: Scene) -> Callable[[], httpx.Response]:
        known = {"client_id": scene.client, "opportunity_id": scene.made["role"]}
        sent = body and {k: known.get(k, v) for k, v in body.items()}
        return partial(scene.coach.post, path.format(**scene.made), sent)

    return ready


def _delete(path: str) -> Write:
    return lambda scene: partial(scene.coach.delete, path.format(**scene.made))


_THEIRS = {"client_id": "", "title": "T"}
WRITES: dict[str, Write] = {
    "change client": _patch("/v1/clients/{client}", {"time_zone": "Asia/Tokyo"}),
    "open": _post("/v1/opportunities", {**ROLE, "client_id": ""}),
    "change opportunity": _patch("/v1/opportunities/{role}", {"title": "Cook"}),
    "delete opportunity": _delete("/v1/opportunities/{role}"),
    "record": _post("/v1/opportunities/{role}/interactions", {"kind": "reply", "occurred_at": WHEN}),
    "correct": _patch("/v1/interactions/{act}", {"occurred_at": "2026-03-08T10:00:00Z"}),
    "void": _delete("/v1/interactions/{act}"),
    "set action": _post("/v1/next-actions", {**_THEIRS, "opportunity_id": ""}),
    "finish action": _post(
        "/v1/next-actions/{next-actions}/done", {"interaction": {"kind": "reply", "occurred_at": WHEN}}
    ),
    "delete action": _delete("/v1/next-actions/{next-actions}"),
    "note win": _post("/v1/wins", {**_THEIRS, "occurred_on": "2026-03-01"}),
    "delete win": _delete("/v1/wins/{wins}"),
    "plan activity": _post("/v1/development-activities", {**_THEIRS, "kind": "course"}),
    "change activity": _patch("/v1/development-activities/{activity}", {"title": "U"}),
    "delete activity": _delete("/v1/development-activities/{activity}"),
    "preview": _post("/v1/imports", {"client_id": "", "content": LOG}),
    "commit": _post("/v1/imports/{import}/commit"),
}
#: Those that can be sent again after they succeeded.
AGAIN = {"open", "record", "set action", "note win", "plan activity", "preview"}
#: Those that compute what nobody but the system may write.
COMPUTING = ("change client", "open", "delete opportunity", "record", "correct", "void", "finish action", "commit")
#: Everything that these may write, as one number for all of its contents.
_STATE = " || ".join(
    f"coalesce((select md5(string_agg(md5(t::text), '' order by md5(t::text))) from {table} t "
    "where practice_id = $1), '')"
    for table in (
        *("client", "opportunity", "interaction", "interaction_revision", "ghosting_step", "silence", "next_action"),
        *("action_decision", "win", "development_activity", "activity_opportunity", "import_file", "import_row"),
        *("audit_event", "company"),
    )
)


@pytest.mark.parametrize("write", WRITES)
def test_a_coach_who_is_given_another_client_meanwhile(scene: Scene, database: Database, write: str) -> None:
    demand_done_or_undone(scene, database, write)


@pytest.mark.parametrize("write", ["record", "correct"])
def test_an_assistant_who_is_given_another_client_meanwhile(scene: Scene, database: Database, write: str) -> None:
    scene.coach = scene.owner.as_role("assistant")
    assign(scene.owner, {"id": scene.client}, scene.coach)
    demand_done_or_undone(scene, database, write)


def demand_done_or_undone(scene: Scene, database: Database, write: str) -> None:
    """Take the client away before each statement of a write in turn."""
    owner, before = scene.owner, 0
    set_access(owner, "assigned")
    while True:
        before += 1
        state = database.value(f"select {_STATE}", owner.practice_id)
        send = WRITES[write](scene)
        with overtaken(owner.house, database, UNASSIGN, scene.client, before=before) as heard:
            answer = send()
        changed = database.value(f"select {_STATE}", owner.practice_id) != state
        assert changed == answer.is_success, f"{answer.status_code} before {heard[before - 1 :][:1]}"
        assert answer.is_success or answer.status_code in {404, 422, 503}, answer.text
        assert ("retry-after" in answer.headers) == (answer.status_code == 503)
        if len(heard) < before or (answer.is_success and write not in AGAIN):
            break  # it was overtaken too late, or not at all
        assign(owner, {"id": scene.client}, scene.coach)
    assert before > 2


@pytest.mark.parametrize("write", COMPUTING)
def test_a_coach_who_stays_assigned_while_the_practice_closes(scene: Scene, database: Database, write: str) -> None:
    owner = scene.owner
    send = WRITES[write](scene)
    with overtaken(owner.house, database, CLOSE, owner.practice_id, before=2):
        answer = send()
    assert answer.is_success, answer.text
    assert steps.disagreements(owner.house, database) == []
