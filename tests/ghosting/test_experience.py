"""What a practice has seen, summed up: whatever is remembered, it is what all waits say one by one."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from app.ghosting.calendar import Calendar
from app.ghosting.experience import Experiences
from app.ghosting.observed import Observed, summed
from app.ghosting.outlook import Experience
from app.ghosting.vocabulary import Wait
from app.ghosting.waits import Ending, Waited

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
CALENDARS = [Calendar(ZoneInfo(name), frozenset()) for name in ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago")]
KINDS = (Wait.APPLICATION, Wait.CONTACT)


def made(random: Random, client: str) -> Observed:
    calendar = CALENDARS[int(client) % len(CALENDARS)]
    began = NOW + timedelta(hours=random.randint(-24 * 90, 24 * 10))
    over = began + timedelta(hours=random.randint(0, 24 * 30)) if random.random() < 0.6 else None
    end = () if over is None else (over, calendar.local_date(over), random.choice(list(Ending)))
    waited = Waited(random.choice(KINDS), began, calendar.local_date(began), None, *end)
    return Observed(client, random.choice("ABC"), calendar, waited)


def same(found: Experience, expected: Experience) -> bool:
    return (found.n, found.replies, found.exposure) == pytest.approx((expected.n, expected.replies, expected.exposure))


@pytest.mark.parametrize("seed", range(8))
def test_sums_are_those_of_all_waits_whoever_changed_and_whenever(seed: int) -> None:
    random = Random(seed)  # noqa: S311
    seen, people = Experiences(), dict[str, list[Observed]]()
    for turn in range(12):
        now = NOW + timedelta(days=turn)
        changed = {
            name: [made(random, name) for _ in range(random.randint(0, 6))] for name in random.sample("1234567", 3)
        }
        people |= changed
        seen = seen.replaced(changed, now=now)
        everything = [one for observed in people.values() for one in observed]
        assert seen.size == len(everything)
        for at in (
            now,
            now,
            now - timedelta(days=random.randint(1, 90)),
            now + timedelta(hours=random.randint(1, 900)),
        ):
            for wait in KINDS:
                assert same(seen.practice(wait, at), summed(wait, everything, at))


class TestEmployer:
    """Fewer than five clients could be recognised, so to each only their own waits count."""

    def seen(self, clients: int, each: int, ending: Ending | None = None) -> Experiences:
        began = NOW - timedelta(days=20)
        end = (NOW - timedelta(days=9), (NOW - timedelta(days=9)).date(), ending) if ending else ()
        waited = Waited(Wait.APPLICATION, began, began.date(), None, *end)
        people = {str(n): [Observed(str(n), "A", CALENDARS[0], waited)] * each for n in range(clients)}
        return Experiences().replaced(people, now=NOW)

    @pytest.mark.parametrize(("clients", "each", "n"), [(1, 4, 4), (4, 4, 4), (5, 1, 5), (6, 4, 24)])
    def test_counts_everybodys_from_five_clients_on(self, clients: int, each: int, n: int) -> None:
        assert self.seen(clients, each).employer(Wait.APPLICATION, "A", "0", NOW).n == n

    def test_what_never_arrived_makes_no_client(self) -> None:
        assert self.seen(5, 1, Ending.BOUNCE).employer(Wait.APPLICATION, "A", "0", NOW).n == 0

    def test_other_employers_and_other_kinds_do_not_count(self) -> None:
        seen = self.seen(6, 4)
        assert seen.employer(Wait.APPLICATION, "B", "0", NOW).n == 0
        assert seen.employer(Wait.CONTACT, "A", "0", NOW).n == 0

    def test_a_stranger_there_learns_nothing_below_five(self) -> None:
        assert self.seen(4, 4).employer(Wait.APPLICATION, "A", "9", NOW).n == 0


def test_an_answered_wait_counts_on_and_one_cut_short_does_not() -> None:
    began, over = NOW - timedelta(days=40), NOW - timedelta(days=30)
    days = {}
    for ending in Ending:
        waited = Waited(Wait.APPLICATION, began, began.date(), None, over, over.date(), ending)
        days[ending] = Observed("1", "A", CALENDARS[0], waited).days(NOW)
    assert days == {
        Ending.REPLY: 40,
        Ending.HOLD: 10,
        Ending.NO_SHOW: 10,
        Ending.CANDIDATE: 10,
        Ending.BOUNCE: None,
    }
