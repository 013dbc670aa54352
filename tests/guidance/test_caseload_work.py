"""Radar and queue take one statement each, however large the caseload.

What these statements read, of a practice that Postgres does not know yet, is counted in `tests/tenancy/test_work.py`.
"""

from tests.guidance.test_queue import STORIES, tell
from tests.support import build
from tests.support.api import Api
from tests.support.statements import sent

QUESTIONS = ("/v1/radar", "/v1/radar?as_of=2026-05-01T00:00:00Z", "/v1/queue")


def test_radar_and_queue_take_one_statement(api: Api) -> None:
    callers = {"owner": api, **{role: api.as_role(role) for role in ("coach", "assistant")}}
    person = build.client(api, coach_ids=[caller.member_id for caller in callers.values()])["id"]
    for story in STORIES.values():
        tell(api, person, story)
    build.client(api)
    for coach_access in ("practice", "assigned"):
        version = api.ok(api.get("/v1/practice"))["version"]
        api.ok(api.patch("/v1/practice", {"coach_access": coach_access}, version=version))
        for role, caller in callers.items():
            for path in QUESTIONS:
                with sent(api.house) as asked:
                    caller.ok(caller.get(path))
                # An assistant's queue asks once more which interactions may be named.
                assert len(asked) <= (2 if (role, path) == ("assistant", "/v1/queue") else 1), (role, path, asked)
