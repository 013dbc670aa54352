"""Radar and queue take one statement each, however large the caseload.

What these statements read, of a practice that Postgres does not know yet, is counted in `tests/tenancy/test_work.py`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tests.guidance.test_queue import STORIES, tell
from tests.support import build
from tests.support.api import Api

DOOR = ("FROM api_key", "UPDATE api_key", "rate_count_caller")
QUESTIONS = ("/v1/radar", "/v1/radar?as_of=2026-05-01T00:00:00Z", "/v1/queue")


@contextmanager
def statements(api: Api) -> Iterator[list[str]]:
    """Note the statements by which the application answers, without those by which it lets callers in."""
    engine = api.house.app.state.house.sessions.kw["bind"].sync_engine
    found: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if not any(part in statement for part in DOOR):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


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
                with statements(api) as asked:
                    caller.ok(caller.get(path))
                # An assistant's queue asks once more which interactions may be named.
                assert len(asked) <= (2 if (role, path) == ("assistant", "/v1/queue") else 1), (role, path, asked)
