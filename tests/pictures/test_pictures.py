"""The pictures as the service answers them: facts, instants, who sees what, and the headers they come with."""

import base64
import hashlib
from typing import Any

import pytest

from tests.pictures.svg import Picture
from tests.support import build
from tests.support.api import Api


def picture(api: Api, path: str, **query: str) -> Picture:
    answer = api.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    return Picture(answer.content)


@pytest.fixture
def role(api: Api) -> dict[str, Any]:
    contact = build.contact(api)["id"]
    made = build.opportunity(api, title="Head of Design", company_name="Söhne & <Co>", contact_ids=[contact])
    build.interaction(api, made["id"], "application", "2026-02-16T09:00:00Z")
    build.interaction(api, made["id"], "interview", "2026-03-09T09:00:00Z", summary="Nobody draws this")
    void = build.interaction(api, made["id"], "request", "2026-03-10T09:00:00Z")["id"]
    api.ok(api.delete(f"/v1/interactions/{void}"), 204)
    build.interaction(api, made["id"], "meeting", "2026-03-20T09:00:00Z", arranged_at="2026-03-14T09:00:00Z")
    return made


def timeline(made: dict[str, Any]) -> str:
    return f"/v1/opportunities/{made['id']}/timeline.svg"


def search(made: dict[str, Any]) -> str:
    return f"/v1/clients/{made['client_id']}/search.svg"


def test_the_timeline_tells_what_is_recorded(api: Api, role: dict[str, Any]) -> None:
    found = picture(api, timeline(role))
    told = found.desc.splitlines()
    assert told[0] == "Head of Design at Söhne & <Co>. Scheduled as of 16 Mar 2026."
    assert told[-4:] == [
        "3 entries:",
        "16 Feb 2026: Application",
        "9 Mar 2026: Interview",
        "20 Mar 2026: Meeting (to come)",
    ]
    history = api.ok(api.get(f"/v1/opportunities/{role['id']}/status-history"))["items"]
    runs = next(line for line in told if line.startswith("Statuses: "))
    assert runs.count(" from ") == len(history)
    assert b"Nobody draws this" not in found.raw


def test_a_past_instant_knows_nothing_of_what_came_later(api: Api, role: dict[str, Any]) -> None:
    found = picture(api, timeline(role), as_of="2026-03-04T12:00:00Z")
    assert "Interview" not in found.desc
    assert "Meeting" not in found.desc
    assert "As of 4 Mar 2026" in found.texts
    assert "Follow-up window 23 Feb – 2 Mar 2026" in found.texts  # noqa: RUF001  # a dash between dates
    assert "Ghosted from 19 Mar 2026" in found.texts
    assert not found.all("rect", "ahead")
    arranged = picture(api, timeline(role), as_of="2026-03-14T10:00:00Z")
    assert "20 Mar 2026: Meeting (to come)" in arranged.desc


def test_a_future_instant_foresees_what_happens_if_nobody_writes(api: Api, role: dict[str, Any]) -> None:
    found = picture(api, timeline(role), as_of="2026-05-01T12:00:00Z")
    assert "Ghosted as of 1 May 2026." in found.desc
    assert "20 Mar 2026: Meeting" in found.desc.splitlines()


def test_a_window_that_was_used_is_not_drawn(api: Api) -> None:
    made = build.opportunity(api, contact_ids=[build.contact(api)["id"]])
    build.interaction(api, made["id"], "interview", "2026-03-06T09:00:00Z")
    assert "Follow-up window" in picture(api, timeline(made)).desc
    build.interaction(api, made["id"], "follow_up", "2026-03-13T09:00:00Z")
    assert "Follow-up window" not in picture(api, timeline(made)).desc


def test_what_is_for_coaches_is_neither_drawn_nor_counted_for_others(api: Api, role: dict[str, Any]) -> None:
    build.interaction(api, role["id"], "offer", "2026-03-12T09:00:00Z", visibility="coaches")
    for who in (api, api.as_role("coach")):
        found = picture(who, timeline(role))
        assert "12 Mar 2026: Offer" in found.desc
        assert "4 entries:" in found.desc
    for who in (api.as_role("assistant"), api.as_client(role["client_id"])):
        found = picture(who, timeline(role))
        assert "Offer" not in found.desc
        assert "Offer" not in found.texts
        assert "3 entries:" in found.desc


def test_the_search_counts_what_was_begun_by_then(api: Api) -> None:
    mara = build.client(api, name="Mara <Example>")["id"]
    acts: dict[str, list[tuple[str, str, dict[str, str]]]] = {
        "applied": [("application", "2026-01-05T09:00:00Z", {})],
        "job_board": [("application", "2026-03-12T09:00:00Z", {}), ("rejection", "2026-03-14T09:00:00Z", {})],
        "referral": [("interview", "2026-03-13T09:00:00Z", {"stage": "interviewing"})],
        "other": [],
    }
    for source, timeline_of in acts.items():
        made = build.opportunity(api, mara, source=source)
        for kind, when, more in timeline_of:
            build.interaction(api, made["id"], kind, when, **more)
    gone = build.opportunity(api, mara)
    api.ok(api.delete(f"/v1/opportunities/{gone['id']}"), 204)
    noise = build.opportunity(api)
    build.interaction(api, noise["id"], "application", "2026-03-01T09:00:00Z")
    found = picture(api, f"/v1/clients/{mara}/search.svg")
    assert found.desc.splitlines() == [
        "Today, 16 Mar 2026: 4 openings in the search of Mara <Example>.",
        "From: Direct 1, Job board 1, Other 1, Referral 1.",
        "Came as far as Applied: 3.",
        "Came as far as Screening: 1.",
        "Came as far as Interviewing: 1.",
        "No further than Openings: Not started 1.",
        "No further than Applied: Rejected 1, Ghosted 1.",
        "No further than Interviewing: Live 1.",
    ]
    before = picture(api, f"/v1/clients/{mara}/search.svg", as_of="2026-01-20T12:00:00Z")
    assert "No further than Applied: Live 1." in before.desc
    assert "As of 20 Jan 2026: 1 opening in" in before.desc
    empty = picture(api, f"/v1/clients/{build.client(api)['id']}/search.svg")
    assert "no openings yet" in empty.desc


def test_it_works_by_its_own_style_alone_and_may_be_shown_elsewhere(api: Api, role: dict[str, Any]) -> None:
    for path in (timeline(role), search(role)):
        answer = api.get(path)
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        style = base64.b64encode(hashlib.sha256(Picture(answer.content).style.encode()).digest()).decode()
        policy = answer.headers["content-security-policy"]
        assert policy == f"default-src 'none'; style-src 'sha256-{style}'; frame-ancestors 'none'; sandbox"
        assert answer.content == api.get(path).content, "the same facts, the same bytes"
        head = api.request("HEAD", path)
        assert (head.status_code, head.content) == (200, b"")
    assert "sha256" not in api.get("/v1/me").headers["content-security-policy"]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", 200),
        ("image/*", 200),
        ("*/*", 200),
        ("image/svg+xml;q=0.1", 200),
        ("application/json", 406),
        ("image/png", 406),
        ("image/svg+xml;q=0, */*", 406),
    ],
)
def test_whoever_takes_images_is_answered(api: Api, role: dict[str, Any], accept: str, status: int) -> None:
    answer = api.get(timeline(role), headers={"Accept": accept})
    assert answer.status_code == status
    if status == 406:
        assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_not_there_or_not_theirs_is_not_found(api: Api, stranger: Api, role: dict[str, Any]) -> None:
    other = build.opportunity(api)
    client = api.as_client(role["client_id"])
    for who, made in ((stranger, role), (client, other)):
        for path in (timeline(made), search(made)):
            assert who.get(path).status_code == 404
    assert client.get(timeline(role)).status_code == client.get(search(role)).status_code == 200
    api.ok(api.delete(f"/v1/opportunities/{role['id']}"), 204)
    assert api.get(timeline(role)).status_code == 404
    assert api.get(timeline(other), params={"as_of": "yesterday"}).status_code == 422
    assert api.get(timeline(other), params={"theme": "dark"}).status_code == 422


def test_many_interactions_are_clipped_and_counted(api: Api) -> None:
    made = build.opportunity(api)
    path = f"/v1/opportunities/{made['id']}/interactions"
    for month in ("01", "02"):
        items = [
            {"kind": "note", "occurred_at": f"2026-{month}-{1 + n // 24:02}T{n % 24:02}:00:00Z"} for n in range(300)
        ]
        api.ok(api.post(f"{path}/batch", {"items": items}), 201)
    found = picture(api, timeline(made))
    assert "600 entries:" in found.desc
    assert "+100 more" in found.texts
    assert len(found.raw) < 60_000
