"""A random timeline, told to the API in a random way, and the same facts kept for the engine."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.ghosting.calendar import Calendar
from app.ghosting.history import Step, history
from app.ghosting.observed import Observed
from app.ghosting.policy import Policy
from app.ghosting.timeline import Interaction, Timeline
from app.ghosting.vocabulary import MEETING_KINDS, STAGE_KINDS, Kind, Stage
from app.ghosting.waits import waits
from app.kit.fields import instant_text
from app.kit.regions import public_holidays
from app.kit.zones import zone
from tests.ghosting.strategies import STARTS, ZONES
from tests.support import build
from tests.support.api import Api

REGIONS = (None, None, "US", "DE-BY", "JP", "IN")
FIELDS = ("kind", "occurred_at", "ends_at", "arranged_at", "reply_by", "stage")
UNRELATED = ({"summary": "Words"}, {"channel": "email"}, {"visibility": "coaches"})

Said = dict[str, Any]


class Player:
    """Plays one timeline; `facts` is what is true of it, by id, void ones left out."""

    def __init__(self, api: Api, random: Random) -> None:
        self.api, self.random = api, random
        self.start = random.choice(STARTS)
        self.facts: dict[str, Said] = {}
        self.versions: dict[str, int] = {}
        self.has_contact = random.random() < 0.5
        self.contact = build.contact(api)["id"]
        self.where = {"time_zone": random.choice(ZONES), "region": random.choice(REGIONS)}
        self.client = build.client(api, **self.where)
        named = {"contact_ids": [self.contact]} if self.has_contact else {}
        self.opportunity = build.opportunity(api, self.client["id"], **named)
        self.path = f"/v1/opportunities/{self.opportunity['id']}"

    def play(self, moves: int) -> None:
        """Make `moves` random moves, the clock running or jumping in between."""
        kinds: tuple[tuple[Callable[[], None], int], ...] = (
            (self.record, 9),
            (self.record_batch, 3),
            (self.edit, 4),
            (self.void, 2),
            (self.move_house, 1),
            (self.meet_somebody, 1),
        )
        for _ in range(moves):
            self.api.house.clock.now = self.moment()
            self.random.choices([move for move, _ in kinds], [weight for _, weight in kinds])[0]()

    def steps(self, policy: Policy) -> tuple[Step, ...]:
        """Ask the engine itself."""
        return history(self.timeline(), policy, self.calendar())

    def waits(self) -> list[Observed]:
        """What this timeline teaches, as the engine sees it."""
        client, company, calendar = self.client["id"], self.opportunity["company_id"], self.calendar()
        return [Observed(client, company, calendar, waited) for waited in waits(self.timeline(), calendar)]

    def calendar(self) -> Calendar:
        time_zone, region = self.where["time_zone"], self.where["region"]
        assert time_zone is not None
        return Calendar(zone(time_zone), public_holidays(region))

    def timeline(self) -> Timeline:
        acts = tuple(
            Interaction(
                UUID(i),
                said["kind"],
                said["occurred_at"],
                said["ends_at"],
                said["arranged_at"],
                said["reply_by"],
                said["stage"],
            )
            for i, said in self.facts.items()
        )
        return Timeline(acts, self.has_contact)

    def moment(self) -> datetime:
        """Some instant around the timeline: rarely far off, often shared with another."""
        if self.facts and self.random.random() < 0.25:
            shared: datetime = self.random.choice([said["occurred_at"] for said in self.facts.values()])
            return shared
        days = self.random.choice((1, 20, 90, 90, 400))
        return self.start + timedelta(seconds=self.random.randint(0, days * 86_400))

    def record(self) -> None:
        said = self._draft()
        self._keep(said, build.interaction(self.api, self.opportunity["id"], **self._sent(said)))

    def record_batch(self) -> None:
        drafts = [self._draft() for _ in range(self.random.randint(1, 6))]
        sent = {"items": [self._sent(said) for said in drafts]}
        made = self.api.ok(self.api.post(f"{self.path}/interactions/batch", sent), 201)["items"]
        for said, one in zip(drafts, made, strict=True):
            self._keep(said, one)

    def edit(self) -> None:
        if not self.facts:
            return
        i = self.random.choice(sorted(self.facts))
        changes = dict(self.random.choice(UNRELATED))
        if self.random.random() < 0.7:
            said = self._draft()
            if said["occurred_at"] == said["arranged_at"]:
                said["arranged_at"] = None
            changes |= {name: self._wire(said[name]) for name in FIELDS}
            self.facts[i] = said
        changed = self.api.ok(self.api.patch(f"/v1/interactions/{i}", changes, version=self.versions[i]))
        self.versions[i] = changed["version"]

    def void(self) -> None:
        if self.facts:
            i = self.random.choice(sorted(self.facts))
            assert self.api.delete(f"/v1/interactions/{i}").status_code == 204
            del self.facts[i]

    def move_house(self) -> None:
        self.where = {"time_zone": self.random.choice(ZONES), "region": self.random.choice(REGIONS)}
        url = f"/v1/clients/{self.client['id']}"
        self.client = self.api.ok(self.api.patch(url, self.where, version=self.client["version"]))

    def meet_somebody(self) -> None:
        self.has_contact = not self.has_contact
        named = {"contact_ids": [self.contact] if self.has_contact else []}
        self.opportunity = self.api.ok(self.api.patch(self.path, named, version=self.opportunity["version"]))

    def _draft(self) -> Said:
        kind = self.random.choice(tuple(Kind))
        occurred_at = self.moment()
        said: Said = dict.fromkeys(FIELDS) | {"kind": kind, "occurred_at": occurred_at}
        if kind in MEETING_KINDS:
            said["ends_at"] = self._maybe(lambda: occurred_at + timedelta(hours=self.random.randint(0, 60)))
            said["arranged_at"] = self._maybe(lambda: min(self.moment(), occurred_at))
        said["reply_by"] = self._maybe(lambda: self.start.date() + timedelta(self.random.randint(-5, 95)))
        if kind in STAGE_KINDS:
            said["stage"] = self._maybe(lambda: self.random.choice(tuple(Stage)))
        return said

    def _maybe(self, make: Callable[[], Any]) -> Any:
        return make() if self.random.random() < 0.3 else None

    def _sent(self, said: Said) -> Said:
        """Say only what there is to say, now and then under an id of our own and in another offset."""
        sent = {name: self._wire(value) for name, value in said.items() if value is not None}
        if self.random.random() < 0.3:
            sent["id"] = str(UUID(int=self.random.getrandbits(128)))
        return sent | self.random.choice(({}, {}, *UNRELATED))

    def _keep(self, said: Said, made: Said) -> None:
        now = self.api.house.clock.now
        if said["kind"] in MEETING_KINDS and said["arranged_at"] is None and said["occurred_at"] > now:
            said["arranged_at"] = now
        self.facts[made["id"]] = said
        self.versions[made["id"]] = 1

    @staticmethod
    def _wire(value: Any) -> Any:
        if isinstance(value, datetime):
            return instant_text(value.astimezone(UTC))
        return value.isoformat() if isinstance(value, date) else value
