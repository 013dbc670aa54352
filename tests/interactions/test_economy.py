"""How many statements a request costs: each is a round trip while an opportunity is locked."""

import pytest

from tests.support import build
from tests.support.api import Api
from tests.support.statements import sent

WHEN = "2026-03-02T10:00:00Z"


@pytest.fixture
def opportunity(api: Api) -> str:
    return str(build.opportunity(api)["id"])


def test_recording_takes_eight(api: Api, opportunity: str) -> None:
    """Lock, insert; policy with facts, timeline; steps out, steps in; waits out and in; audit."""
    path = f"/v1/opportunities/{opportunity}/interactions"
    with sent(api.house) as seen:
        api.ok(api.post(path, {"kind": "application", "occurred_at": WHEN}), 201)
    assert len(seen) == 8, seen


def test_recording_fifty_takes_no_more(api: Api, opportunity: str) -> None:
    items = [{"kind": "application", "occurred_at": WHEN}] * 50
    with sent(api.house) as seen:
        api.ok(api.post(f"/v1/opportunities/{opportunity}/interactions/batch", {"items": items}), 201)
    assert len(seen) == 8, seen


def test_only_what_moves_the_timeline_recomputes(api: Api, opportunity: str) -> None:
    """Lock both, keep the former, change, audit; five more to recompute."""
    url = f"/v1/interactions/{build.interaction(api, opportunity, 'application', WHEN)['id']}"
    with sent(api.house) as seen:
        api.ok(api.patch(url, {"summary": "Words", "visibility": "coaches"}, version=1))
    assert len(seen) == 5, seen
    with sent(api.house) as seen:
        api.ok(api.patch(url, {"reply_by": "2026-03-20"}, version=2))
    assert len(seen) == 10, seen


@pytest.mark.parametrize(
    "path",
    [
        "/v1/queue",
        "/v1/radar",
        "/v1/opportunities/{0}/interactions",
        "/v1/opportunities/{0}/assessment",
        "/v1/opportunities/{0}/status-history",
    ],
)
def test_reads_take_one(api: Api, opportunity: str, path: str) -> None:
    build.interaction(api, opportunity, "request", WHEN)
    # The first verdict that a process gives in a practice fetches what is learnt from then on with every other.
    api.ok(api.get("/v1/opportunities"))
    with sent(api.house) as seen:
        api.ok(api.get(path.format(opportunity)))
    assert len(seen) == 1, seen
