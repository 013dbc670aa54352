"""Shots at one operation, and what became of them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from tests.edge import verdict
from tests.edge.corpus import Entry
from tests.edge.places import Place, Request
from tests.edge.served import Answer
from tests.edge.target import Target
from tests.support.database import Database

REFUSED = 400
_TABLES = """select string_agg(format('(select count(*) from %I) as %I', relname, relname), ', ' order by relname)
  from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'rate_window'"""


@dataclass(frozen=True)
class Shot:
    """One spoilt request, and the statuses that are right for it; what is not said is as in the fine request."""

    entry: Entry = field(hash=False)
    allowed: set[int]
    place: Place | None
    path: str | None = None
    body: bytes | None = None
    lines: tuple[str, ...] = ()
    raw: bytes | None = None

    @property
    def may_be_served(self) -> bool:
        return min(self.allowed) < REFUSED


@dataclass
class Trial:
    """Shots at one operation."""

    target: Target
    database: Database
    request: Request
    wrong: list[str] = field(default_factory=list)
    fired: int = 0

    def run(self, shots: Iterable[Shot]) -> None:
        """Fire what must be refused, see that nothing was stored by it, then what may be served."""
        listed = list(shots)
        before = self._counts()
        for shot in listed:
            if not shot.may_be_served:
                self._judge(shot, self._fire(shot))
        if not self.wrong:
            assert self._counts() == before, "something refused was stored"
        for shot in listed:
            if shot.may_be_served:
                self._judge(shot, self._fire(shot))
        print(f"{self.request.op.id}: {self.fired} requests")  # noqa: T201  # the figure of a soak
        if self.wrong:
            pytest.fail("\n".join([f"{len(self.wrong)} of {self.fired} wrong", *self.wrong]), pytrace=False)

    def _fire(self, shot: Shot) -> Answer:
        if shot.raw is not None:
            return self.target.raw(shot.raw)
        request, body = self.request, shot.body
        if body is None and request.body is not None:
            body = json.dumps(request.body).encode()
        names = {line.split(":")[0].lower() for line in shot.lines}
        lines = [line for line in request.lines if line.split(":")[0].lower() not in names]
        return self.target.send(request.op.method, shot.path or request.path, *lines, *shot.lines, body=body)

    def _judge(self, shot: Shot, answer: Answer) -> None:
        self.fired += 1
        at = shot.place.pointer if shot.place else (shot.path or "").partition("?")[0][-60:]
        told = f"{shot.entry['id']} ({shot.entry['note']}) at {at}: {answer.status}"
        if answer.status not in shot.allowed:
            self.wrong.append(f"{told} instead of {sorted(shot.allowed)} {answer.body[:300]!r}")
        elif (shape := verdict.misshapen(answer)) is not None:
            self.wrong.append(f"{told}, {shape}")
        elif answer.status == 422 and shot.place is not None and not verdict.points_at(answer, shot.place):
            self.wrong.append(f"{told}, names {answer.problem['errors']}")
        if answer.status == 200 and self.request.tag is not None:
            # A control has made a new version, which the next one must name.
            self.request.tag = answer.headers.get("etag", self.request.tag)

    def _counts(self) -> dict[str, int]:
        return dict(self.database.fetch(f"select {self.database.value(_TABLES)}")[0])
