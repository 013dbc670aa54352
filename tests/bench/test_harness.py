"""The parts of the benchmark that could measure something else than they say."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import recorded, targets
from bench.drive import Driven
from bench.measure import Measured
from bench.replayed import Sent, fresh

LOG = """2026-11-23 09:24:38.356 UTC [31796] LOG:  statement: BEGIN; SET LOCAL ROLE app_tenant
2026-11-23 09:24:38.357 UTC [31796] LOG:  execute __asyncpg_stmt_4__: INSERT INTO t (a, b)
\tVALUES ($1::UUID, $2)
2026-11-23 09:24:38.357 UTC [31796] DETAIL:  Parameters: $1 = '01a207b8-c0cb-76e0-b2ef-48e06b55a709', $2 = 'it''s', $3 = NULL
2026-11-23 09:24:38.359 UTC [31796] LOG:  statement: COMMIT;
"""  # noqa: E501  # as the log has it


def test_the_log_tells_statements_and_parameters_word_for_word(tmp_path: Path) -> None:
    log = tmp_path / "postgres.log"
    log.write_text(LOG)
    assert recorded.entries(log, 0) == [
        Sent("BEGIN; SET LOCAL ROLE app_tenant", None),
        Sent("INSERT INTO t (a, b)\nVALUES ($1::UUID, $2)", ["01a207b8-c0cb-76e0-b2ef-48e06b55a709", "it's", None]),
        Sent("COMMIT;", None),
    ]


def test_a_replay_renews_what_the_request_made_and_nothing_else() -> None:
    made, known = "01a207b8-c0cb-76e0-b2ef-48e06b55a709", "01980000-0001-7000-8000-000000000000"
    own, shared = "\\x" + "ab" * 32, "\\x" + "cd" * 32
    one, other = [Sent("s", [made, known, own, shared])], [Sent("s", [known, shared])]
    assert fresh([one, other], since=datetime(2026, 11, 23, tzinfo=UTC)) == [sorted([made, own]), []]


def test_a_median_of_rounds_has_its_noise() -> None:
    measured = Measured("list", "10k", "service")
    for cpu in (1.0, 3.0, 2.0):
        measured.add(Driven([0.1] * 10, 1.0), (0.0, 0.0), (cpu, 0.0))
    assert measured.cpu == pytest.approx(0.2)
    assert measured.noise == pytest.approx(0.5)
    assert measured.plain()["rate"] == 10


@pytest.mark.parametrize(("cpu", "is_met", "is_far_off"), [(1.3, True, False), (1.5, False, False), (2.5, False, True)])
def test_a_ratio_that_is_far_off_fails_a_quick_run(cpu: float, *, is_met: bool, is_far_off: bool) -> None:
    found = []
    for kind, seconds in (("service", cpu), ("bare", 1.0)):
        measured = Measured("list", "10k", kind)
        measured.add(Driven([0.1], 1.0), (0.0, 0.0), (seconds, 0.0))
        found.append(measured)
    (target,) = targets.judge(found, {})
    assert (target.is_met, target.is_far_off) == (is_met, is_far_off)
