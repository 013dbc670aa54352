"""One practice, many eyes: whom a coach, an assistant and a client's login see, each wall holding alone.

And what is marked `coaches`: no road leads an assistant or a client to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support import api as support
from tests.support import build
from tests.support.api import Api, House
from tests.support.database import Server
from tests.tenancy.walls import CANARY, WALLS, call, declared, leaks, standing, take_down, told

#: What hangs on a client beside the search.
GUIDED = ("next-actions", "wins", "development-activities")
EYES = ("coach", "assistant", "client")
SECRET = "Between Coaches Example"
#: When the hidden interactions were: their instants are in no answer as the last activity.
HIDDEN_AT = ("2026-03-12T03:03:03", "2026-03-13T04:04:04")


@dataclass(frozen=True)
class Scene:
    """Somebody of a practice, what of it is hidden from them, and what is their own."""

    owner: Api
    who: Api
    hidden: dict[str, str]
    own: dict[str, str]


def scene(house: House, eyes: str) -> Scene:
    """Make two clients with one of everything; `eyes` belong to the second one, or are assigned to them."""
    owner = support.new_practice(house)
    # Companies and contacts are the whole practice's, save for clients.
    hidden = build.everything(owner, CANARY, outsiders=None if eyes == "client" else "Known Example")
    build.interaction(owner, hidden["opportunities"], "request", "2026-03-15T12:00:00Z", summary=CANARY)
    build.client(owner, name=CANARY)  # of whom nothing is open: the radar would show them
    own = build.everything(owner, "Own Example")
    if eyes == "client":
        return Scene(owner, owner.as_client(own["clients"]), hidden, own)
    del hidden["companies"], hidden["contacts"]
    who = owner.as_role(eyes)
    owner.ok(owner.patch(f"/v1/clients/{own['clients']}", {"coach_ids": [who.member_id]}, version=1))
    owner.ok(owner.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
    return Scene(owner, who, hidden, own)


def secrets(house: House, eyes: str) -> Scene:
    """Make a client's search in which the latest turns are known to coaches only; `eyes` may see all the rest."""
    owner = support.new_practice(house)
    own = build.everything(owner, "Own Example")
    met, asked = (
        build.interaction(
            owner, own["opportunities"], kind, f"{when}Z", summary=SECRET, visibility="coaches", contact_id=contact
        )["id"]
        for kind, when, contact in zip(("interview", "request"), HIDDEN_AT, (None, own["contacts"]), strict=True)
    )
    other = build.opportunity(owner, own["clients"])["id"]
    thanked = build.interaction(
        owner, other, "interview", "2026-03-15T10:00:00Z", visibility="coaches", summary=SECRET
    )["id"]
    void = build.interaction(owner, other, "note", "2026-03-01T10:00:00Z", visibility="coaches", summary="Old")["id"]
    owner.ok(owner.patch(f"/v1/interactions/{void}", {"summary": SECRET}, version=1))
    assert owner.delete(f"/v1/interactions/{void}").status_code == 204
    who = owner.as_client(own["clients"]) if eyes == "client" else owner.as_role(eyes)
    return Scene(owner, who, {"met": met, "asked": asked, "thanked": thanked, "void": void}, {**own, "other": other})


@dataclass(frozen=True)
class World:
    """Every scene, behind the same walls."""

    scenes: dict[str, Scene]
    secrets: dict[str, Scene]


def world(server: Server, walls: str) -> Iterator[World]:
    with standing(server) as (house, database):
        readers = ("assistant", "client")
        made = World({eyes: scene(house, eyes) for eyes in EYES}, {eyes: secrets(house, eyes) for eyes in readers})
        take_down(house, database, walls)
        yield made


@pytest.fixture(scope="module", params=WALLS)
def walled(server: Server, request: pytest.FixtureRequest) -> Iterator[World]:
    yield from world(server, request.param)


@pytest.fixture(scope="module")
def bare(server: Server) -> Iterator[World]:
    yield from world(server, "none")


def references(scene: Scene) -> list[str]:
    """List the bodies in which somebody could name a record that is hidden from them."""
    hidden, own = scene.hidden, scene.own
    body = {"title": "T", "kind": "permanent", "source": "applied", "client_id": own["clients"], "company_name": "X"}
    tries: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/v1/opportunities", {**body, "client_id": hidden["clients"]}),
        ("POST", "/v1/picture-links", {"picture": "client_search", "id": hidden["clients"]}),
        ("POST", "/v1/picture-links", {"picture": "opportunity_timeline", "id": hidden["opportunities"]}),
        *build.guided(hidden["clients"], None),
        *build.guided(own["clients"], hidden["opportunities"]),
    ]
    if scene.who.role == "coach":
        tries += [("POST", "/v1/imports", {"client_id": hidden["clients"], "content": "company,title\nA,B\n"})]
    if scene.who.role == "client":
        bare = {name: value for name, value in body.items() if name != "company_name"}
        contact = {"contact_id": hidden["contacts"]}
        note = {"kind": "note", "occurred_at": "2026-03-01T00:00:00Z"}
        path = f"/v1/opportunities/{own['opportunities']}"
        tries += [
            ("POST", "/v1/opportunities", {**bare, "company_id": hidden["companies"]}),
            ("POST", "/v1/opportunities", {**body, "contact_ids": [hidden["contacts"]]}),
            ("PATCH", path, {"contact_ids": [own["contacts"], hidden["contacts"]]}),
            ("PATCH", path, {"company_id": hidden["companies"]}),
            ("POST", f"{path}/interactions", {**note, **contact}),
            ("POST", f"{path}/interactions/batch", {"items": [note, {**note, **contact}]}),
        ]
    found = []
    for method, path, sent in tries:
        answer = scene.who.request(method, path, json=sent, headers={"If-Match": '"1"'} if method == "PATCH" else {})
        if (answer.status_code, answer.json().get("code")) != (422, "unknown-reference"):
            found.append(f"{method} {path} {sorted(sent)}")
    return found


@pytest.mark.parametrize("eyes", EYES)
def test_who_is_not_theirs_is_not_there(walled: World, eyes: str) -> None:
    scene = walled.scenes[eyes]
    assert leaks(scene.who, scene.hidden, coach_id=scene.owner.member_id) == []
    if eyes != "assistant":
        assert references(scene) == []
    for kind, target in scene.hidden.items():
        assert scene.owner.get(f"/v1/{kind}/{target}").status_code == 200, f"{kind} was changed by {eyes}"


@pytest.mark.parametrize("eyes", EYES)
def test_what_is_theirs_is_there(walled: World, eyes: str) -> None:
    scene = walled.scenes[eyes]
    for kind in ("clients", "companies", "contacts", "opportunities", "interactions", *GUIDED):
        assert scene.own[kind] in {item["id"] for item in _listed(scene, kind)}, kind
        assert scene.who.get(f"/v1/{kind}/{scene.own[kind]}").status_code == 200, kind
    assert sum(scene.who.get("/v1/queue").json()["counts"].values()) == 1
    if eyes != "client":
        radar = scene.who.ok(scene.who.get("/v1/radar", params={"scope": "practice"}))
        assert radar["counts"]["clients"] == 1


def _listed(scene: Scene, kind: str) -> list[Any]:
    path = f"/v1/opportunities/{scene.own['opportunities']}/interactions" if kind == "interactions" else f"/v1/{kind}"
    return scene.who.walk(path)


@pytest.mark.parametrize("eyes", EYES)
def test_with_both_walls_away_those_tests_see_the_leak(bare: World, eyes: str) -> None:
    scene = bare.scenes[eyes]
    leaked = leaks(scene.who, scene.hidden, coach_id=scene.owner.member_id)
    found = {answer.partition(" by ")[0] for answer in leaked}
    kinds = (
        "clients",
        "opportunities",
        "interactions",
        *GUIDED,
        *(("companies", "contacts") if eyes == "client" else ()),
    )
    expected = {f"GET /v1/{kind}/{{id}}" for kind in kinds}
    expected |= {f"GET /v1/{kind}" for kind in kinds if kind != "interactions"}
    expected |= {"GET /v1/opportunities/{id}/assessment/explain"}
    expected |= {"GET /v1/queue", "GET /v1/opportunities/{id}/interactions", "GET /v1/opportunities/{id}/assessment"}
    expected |= {"GET /v1/imports", "GET /v1/imports/{id}/rows"} if eyes == "coach" else set()
    expected |= {"GET /v1/radar"} if eyes != "client" else set()
    assert expected <= found
    if eyes != "assistant":
        assert references(scene)


def roads(scene: Scene) -> list[str]:
    """List the answers that tell of a hidden interaction: its words or its id."""
    who, words = scene.who, [SECRET, *scene.hidden.values()]
    questions: list[tuple[str, dict[str, str]]] = []
    for op in declared(who.house):
        if op.method == "GET" and op.path.startswith("/v1/"):
            questions += [(op.path.replace("{id}", target), {}) for target in _targets(scene, op.path)]
    practice = {"scope": "practice"} if who.role != "client" else {}
    questions += [("/v1/queue", {**practice, "as_of": f"2026-03-{day:02}T12:00:00Z"}) for day in (12, 13, 15, 20, 31)]
    if practice:
        questions += [("/v1/radar", {**practice, "as_of": f"2026-{month:02}-20T12:00:00Z"}) for month in (3, 4, 5)]
    for key in ("opportunities", "other"):
        path = f"/v1/opportunities/{scene.own[key]}"
        questions += [(f"{path}/interactions", {"include_voided": "true", "sort": "-occurred_at"})]
        questions += [(f"{path}/interactions", {"kind": kind}) for kind in ("interview", "request", "note")]
        days = (2, 12, 13, 15, 31)
        questions += [(f"{path}/assessment/explain", {"as_of": f"2026-03-{day:02}T12:00:00Z"}) for day in days]
        questions += [(f"{path}/assessment", {"as_of": f"2026-03-{day:02}T12:00:00Z"}) for day in days]
    return told(who, words, questions)


def _targets(scene: Scene, path: str) -> list[str]:
    if "{id}" not in path:
        return [""] if path.count("{") == 0 else []
    kind = path.split("/")[2]
    found = [scene.own[kind]] if kind in scene.own else []
    return [*found, scene.own["other"]] if kind == "opportunities" else found


def doors(scene: Scene) -> list[str]:
    """List what tells a hidden interaction, asked for by its id, from a missing one."""
    found = []
    for op in declared(scene.who.house):
        if op.path.startswith("/v1/interactions/{id}"):
            missing = call(scene.who, op, "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a")
            found += [f"{op.method} {name}" for name, i in scene.hidden.items() if call(scene.who, op, i) != missing]
    for tag in ('"1"', "*"):
        for name, i in scene.hidden.items():
            if scene.who.get(f"/v1/interactions/{i}", headers={"If-None-Match": tag}).status_code != 404:
                found.append(f"If-None-Match {name}")
    return found


def writings(scene: Scene) -> list[str]:
    """List the answers to changes and refusals that tell of a hidden interaction."""
    who, path = scene.who, f"/v1/opportunities/{scene.own['opportunities']}"
    note = {"kind": "note", "occurred_at": "2026-03-05T12:00:00Z", "summary": "Own"}
    hidden = {**note, "visibility": "coaches"}
    made = who.ok(who.post(f"{path}/interactions", note), 201)
    answers = [
        who.post(f"{path}/interactions/batch", {"items": [note, note]}),
        who.post(f"{path}/interactions/batch", {"items": [note, hidden]}),
        who.post(f"{path}/interactions", hidden),
        who.patch(f"/v1/interactions/{made['id']}", {"summary": "Changed"}, version=1),
        who.patch(f"/v1/interactions/{made['id']}", {"visibility": "coaches"}, version=2),
        who.patch(f"/v1/interactions/{made['id']}", {"summary": "Late"}, version=1),
        who.get(path),
        who.patch(path, {"location": "Elsewhere"}, version=1),
        who.get("/v1/opportunities"),
    ]
    words = [SECRET, *scene.hidden.values(), *(f'"last_activity_at":"{when}' for when in HIDDEN_AT)]
    return [f"{a.request.method} {a.request.url.path}" for a in answers if any(word in a.text for word in words)]


@pytest.mark.parametrize("eyes", ["assistant", "client"])
def test_no_road_leads_to_what_is_for_coaches(walled: World, eyes: str) -> None:
    scene = walled.secrets[eyes]
    assert doors(scene) == []
    assert roads(scene) == []
    assert writings(scene) == []
    for hidden in scene.hidden.values():
        assert SECRET in scene.owner.get(f"/v1/interactions/{hidden}").text


@pytest.mark.parametrize("eyes", ["assistant", "client"])
def test_with_both_walls_away_the_roads_are_open(bare: World, eyes: str) -> None:
    scene = bare.secrets[eyes]
    found = {question.partition(" by ")[0] for question in roads(scene)}
    opportunity = f"GET /v1/opportunities/{scene.own['opportunities']}"
    expected = {f"{opportunity}/interactions", f"{opportunity}/assessment", "GET /v1/queue", "GET /v1/wins"}
    expected |= {f"{opportunity}/assessment/explain"}
    expected |= {f"GET /v1/clients/{scene.own['clients']}/export"} if eyes == "client" else set()
    assert expected <= found
    assert writings(scene)
    assert {f"GET {name}" for name in scene.hidden} <= set(doors(scene))
