"""Which meetings took place, and how it stands with the thanks (GHOSTING.md, sections 3 and 6)."""

from datetime import UTC, datetime

import pytest

from app.ghosting.meetings import NONE, Meetings, meetings
from app.ghosting.policy import DEFAULT_POLICY
from tests.support.timelines import UTC_WITHOUT_HOLIDAYS, moment, name, t


def told(*lines: str, at: str = "40d") -> Meetings:
    return meetings(t(*lines), DEFAULT_POLICY, UTC_WITHOUT_HOLIDAYS, at=moment(at))


def held(*lines: str, at: str = "40d") -> list[int]:
    return sorted(i.int for i in told(*lines, at=at).held)


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        (("application 0d", "note 1d"), []),
        (("interview 0d", "meeting 2d"), [1, 2]),
        (("interview 9d arranged=-9d",), [1]),
        (("interview 50d arranged=-50d",), []),
        (("interview 9d arranged=-9d", "position_closed 3d"), []),
        (("interview 9d arranged=-9d", "position_closed 3d", "employer_message 5d"), []),
        (("interview 9d arranged=-9d", "position_closed 9d"), []),
        (("interview 0d", "rejection 1d"), []),
        (("interview 0d", "rejection 1d", "meeting 3d"), [3]),
        (("interview 0d", "no_show 1h"), []),
        (("interview 0d", "no_show 5d"), [1]),
        (("interview 0d", "no_show 5d", "no_show 6d", "thank_you 7d"), [1]),
    ],
)
def test_a_meeting_takes_place_unless_it_was_struck_or_nobody_came(lines: tuple[str, ...], numbers: list[int]) -> None:
    assert held(*lines) == numbers


def test_thanks_that_came_back_do_not_count() -> None:
    met = ("interview 0d", "thank_you 4h")
    assert [sent.id for sent in told(*met).thanks] == [name(2)]
    assert told(*met, "bounce 5h").thanks == ()
    again = told(*met, "bounce 5h", "thank_you 6h")
    assert [sent.id for sent in again.thanks] == [name(4)]
    assert [sent.id for sent in told(*met, "thank_you 6h", "bounce 7h", "no_show 8d", "no_show 9d").thanks] == [name(2)]


def test_the_latest_meeting_asks_for_thanks_of_its_own_until_the_process_ends() -> None:
    found = told("interview 0d", "thank_you 1d", "interview 5d ends=1h")
    assert (found.latest and found.latest.interaction.id, found.thanks) == (name(3), ())
    assert found.late_from == datetime(2026, 3, 10, tzinfo=UTC)
    assert told("interview 0d", "withdrawal 1d") == told() == NONE
    assert told("interview 0d", at="-1d") == NONE
