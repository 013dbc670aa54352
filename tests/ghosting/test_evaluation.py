"""The evaluation on three real searches, by the command that anybody can run on their own logs."""

from pathlib import Path

import pytest

from app.cli import main
from app.ghosting.evaluation import Case, lines
from app.ghosting.vocabulary import Wait

DATA = Path(__file__).parents[1] / "logbook" / "data"
LOGS = sorted(str(path) for path in DATA.iterdir() if path.suffix != ".md")


def table(text: str) -> dict[str, dict[str, float]]:
    """The Brier scores, by landmark and way."""
    rows = text.split("\n\n", maxsplit=1)[0].splitlines()[1:]
    names = ["day", "waits", "answered", "constant", "30 days", "Kaplan-Meier", "outlook", "learnt"]
    return {row.split()[0]: dict(zip(names, map(float, ["0", *row.split()[1:]]), strict=True)) for row in rows[1:]}


def test_it_beats_the_thirty_day_rule_and_a_constant_on_people_it_has_not_seen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["evaluate", *LOGS]) == 0
    out, err = capsys.readouterr()
    found = table(out)
    assert list(found) == ["7", "14", "21", "30", "45", "all"]
    assert found["all"]["waits"] > 900
    assert found["all"]["outlook"] < found["all"]["Kaplan-Meier"] < found["all"]["30 days"] < found["all"]["constant"]
    for day in ("7", "14", "21", "30", "45"):
        assert found[day]["outlook"] < found[day]["30 days"], day
    assert err.count("answered") == 3


@pytest.mark.parametrize("log", LOGS, ids=lambda path: Path(path).stem)
def test_what_was_learnt_from_one_log_alone_beats_the_rule_there(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", log]) == 0
    out, err = capsys.readouterr()
    assert "One log only" in err
    assert table(out)["all"]["learnt"] < table(out)["all"]["30 days"]


def test_what_cannot_be_judged_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = tmp_path / "short.csv"
    short.write_text("company,title,date applied\nA,B,2026-03-01\n")
    assert main(["evaluate", str(short)]) == 1
    assert "no wait" in capsys.readouterr().err
    empty = tmp_path / "empty.csv"
    empty.write_text("company,title,date applied\nA,B,\n")
    assert main(["evaluate", str(empty)]) == 1
    assert main(["evaluate", str(tmp_path / "missing.csv")]) == 1


class TestByHand:
    LOG = (
        Case(Wait.APPLICATION, 3, answered=True, until=200),
        Case(Wait.APPLICATION, 10, answered=True, until=200),
        Case(Wait.APPLICATION, 40, answered=True, until=200),
        Case(Wait.APPLICATION, 200, answered=False, until=200),
    )

    def test_each_way_is_asked_of_those_who_are_silent_by_then(self) -> None:
        found = {line.landmark: line for line in lines([self.LOG, self.LOG])}
        assert {day: (line.n, line.came) for day, line in found.items() if day} == {
            7: (6, pytest.approx(2 / 3)),
            14: (4, 0.5),
            21: (4, 0.5),
            30: (4, 0.5),
            45: (2, 0.0),
        }
        assert found[7].expected["constant"] == 0.75
        assert (found[21].expected["30 days"], found[30].expected["30 days"]) == (0.75, 0.0)
        # Of four 3/4 are silent after 3 days, 1/2 after 10, 1/4 after 40 and ever after.
        assert found[7].expected["Kaplan-Meier"] == pytest.approx((3 / 4 - 1 / 4) / (3 / 4))
        assert found[14].expected["Kaplan-Meier"] == pytest.approx((1 / 2 - 1 / 4) / (1 / 2))
        assert found[45].expected["Kaplan-Meier"] == 0.0
        assert found[45].brier["30 days"] == 0.0

    def test_a_log_that_ends_soon_after_tells_nothing_of_a_silence(self) -> None:
        young = (*self.LOG, Case(Wait.APPLICATION, 36, answered=False, until=36))
        found = {line.landmark: line.n for line in lines([young, self.LOG])}
        assert (found[7], found[14]) == (6, 4)
