"""Section 7 in numbers: worked by hand with a table of the normal distribution, and law 10."""

import itertools
import math
import re
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ghosting import outlook as model
from app.ghosting.outlook import (
    NOTHING,
    ON_HOLD,
    PRIORS,
    WORDS,
    WORDS_OF,
    Experience,
    Outlook,
    OutlookBasis,
    chance,
    experience,
    learnt,
    outlook,
)
from app.ghosting.vocabulary import Wait

WAITS = st.sampled_from(list(Wait))
DAYS = st.integers(0, 1000)
SEEN = st.builds(
    lambda wait, ages, share: experience(wait, ((days, 1) for days in ages), replies=round(share * len(ages))),
    WAITS,
    st.lists(DAYS, max_size=40),
    st.floats(0, 1),
)


class TestByHand:
    def test_an_application_after_ten_days(self) -> None:
        """ln 10.5 is 2.3514, 0.0150 deviations above the middle: 49.4 % of the answers are still to come."""
        assert model.silent_after(Wait.APPLICATION, 10) == pytest.approx(0.4940, abs=1e-4)
        assert model.answered_by(Wait.APPLICATION, 10) == pytest.approx(0.5060, abs=1e-4)
        # .476 * .4940 = .23515; .23515 / (.524 + .23515)
        assert chance(0.476, Wait.APPLICATION, 10) == pytest.approx(0.3098, abs=1e-4)

    def test_an_application_after_a_month(self) -> None:
        """ln 31.5 is 3.4500, 0.7832 deviations above: 21.7 %."""
        assert model.silent_after(Wait.APPLICATION, 31) == pytest.approx(0.2168, abs=1e-4)
        assert outlook(Wait.APPLICATION, 31).probability == pytest.approx(0.1645, abs=1e-4)

    def test_an_interview_after_a_week(self) -> None:
        """ln 7.5 is 2.0149, 0.1352 deviations above: 44.6 %; .94 * .4462 = .41946; / (.06 + .41946)."""
        assert outlook(Wait.INTERVIEWING, 7).probability == pytest.approx(0.8749, abs=1e-4)

    def test_cold_outreach_on_the_day(self) -> None:
        """ln 0.5 is -0.6931, 1.1665 deviations below: 87.8 %; .186 * .8783 = .16337; / (.814 + .16337)."""
        assert outlook(Wait.OUTREACH, 0).probability == pytest.approx(0.1672, abs=1e-4)

    def test_what_a_practice_learns(self) -> None:
        """Three answers where 2.5 would have come if all ever did: (3 + 20 * .476) / (2.5 + 20)."""
        assert learnt(0.476, Experience(5, 3, 2.5)) == pytest.approx(12.52 / 22.5)

    def test_it_never_learns_certainty(self) -> None:
        assert learnt(0.94, Experience(1000, 1000, 500.0)) == 0.98
        assert learnt(0.186, Experience(10_000, 0, 10_000.0)) == 0.02


def test_every_wait_has_its_prior() -> None:
    told = {wait: (prior.pi, prior.mu, prior.sigma) for wait, prior in PRIORS.items()}
    assert told[Wait.APPLICATION] == (0.476, 2.33, 1.43)
    assert told[Wait.OUTREACH] == (0.186, 0.73, 1.22)
    assert {told[wait] for wait in Wait if wait not in {Wait.APPLICATION, Wait.OUTREACH}} == {(0.94, 1.90, 0.85)}


class TestLevels:
    def test_without_waits_of_ones_own_the_published_ones_speak(self) -> None:
        assert outlook(Wait.APPLICATION, 10) == Outlook(chance(0.476, Wait.APPLICATION, 10), 1343, OutlookBasis.PRIOR)

    def test_then_the_practices(self) -> None:
        found = outlook(Wait.APPLICATION, 10, Experience(1, 1, 0.5))
        assert (found.n, found.basis) == (1, OutlookBasis.PRACTICE)
        assert found.probability == chance((1 + 20 * 0.476) / 20.5, Wait.APPLICATION, 10)

    def test_and_from_three_on_the_employers_with_the_practices_as_prior(self) -> None:
        practice = Experience(30, 10, 25.0)
        assert outlook(Wait.APPLICATION, 10, practice, Experience(2, 0, 2.0)).basis is OutlookBasis.PRACTICE
        found = outlook(Wait.APPLICATION, 10, practice, Experience(3, 0, 3.0))
        assert (found.n, found.basis) == (3, OutlookBasis.EMPLOYER)
        assert found.probability == chance(20 * learnt(0.476, practice) / 23, Wait.APPLICATION, 10)

    def test_a_silence_does_not_teach_about_itself(self) -> None:
        seen = experience(Wait.APPLICATION, [(10, 1)], replies=0)
        assert seen.without(Wait.APPLICATION, 10).n == 0
        assert outlook(Wait.APPLICATION, 10, seen.without(Wait.APPLICATION, 10)).basis is OutlookBasis.PRIOR
        assert NOTHING.without(Wait.APPLICATION, 10) == NOTHING


class TestWords:
    @pytest.mark.parametrize(("probability", "words"), [(0.5, 1), (0.4999, 2), (0.98, 0), (0.1, 3), (0.0, 4)])
    def test_words_go_by_the_probability(self, probability: float, words: int) -> None:
        assert Outlook(probability, 1, OutlookBasis.PRIOR).text(Wait.APPLICATION) == WORDS[words][1]

    def test_they_name_no_number_and_promise_nothing(self) -> None:
        texts = [text for wait in Wait for _, text in WORDS_OF.get(wait, WORDS)]
        assert not any(mark in text for text in texts for mark in "0123456789%")

    def test_they_leave_the_length_of_the_silence_to_the_advice_beside_them(self) -> None:
        for wait, days in itertools.product(Wait, (0, 5, 14, 31, 400)):
            text = outlook(wait, days).text(wait)
            assert not re.search("by now|after a silence|so long|no surprise", text), text

    def test_silence_after_a_message_out_of_the_blue_is_usual_from_the_first_day_on(self) -> None:
        assert outlook(Wait.OUTREACH, 0).text(Wait.OUTREACH) == outlook(Wait.OUTREACH, 5).text(Wait.OUTREACH)
        assert "out of the blue" in outlook(Wait.OUTREACH, 0).text(Wait.OUTREACH)

    def test_while_a_date_of_theirs_is_waited_for_the_silence_says_nothing(self) -> None:
        for wait, days in itertools.product(Wait, (0, 59)):
            assert outlook(wait, days).text(wait, on_hold=True) == ON_HOLD


@settings(max_examples=300, deadline=None, database=None)
@given(WAITS, DAYS, st.integers(1, 60), SEEN, SEEN)
def test_law_10_the_outlook_falls_with_the_days(
    wait: Wait, days: int, more: int, practice: Experience, employer: Experience
) -> None:
    now = outlook(wait, days, practice, employer).probability
    later = outlook(wait, days + more, practice, employer).probability
    assert 0 <= later < now <= 1


@settings(max_examples=200, deadline=None, database=None)
@given(WAITS, SEEN, st.floats(0.02, 0.98))
def test_what_is_learnt_stays_a_share(wait: Wait, seen: Experience, pi: float) -> None:
    assert 0.02 <= learnt(pi, seen) <= 0.98
    if not seen.n:
        assert learnt(pi, seen) == pytest.approx(pi)


def test_many_waits_teach_the_true_share() -> None:
    """Why an answered wait counts on: only up to its answer, a third would be learnt as two fifths."""
    pi, n, watched, wait = 1 / 3, 30_000, 60, Wait.APPLICATION
    prior = PRIORS[wait]
    replies = round(n * pi * model.answered_by(wait, watched))
    counted_on = experience(wait, [(watched, n)], replies=replies)
    assert learnt(prior.pi, counted_on) == pytest.approx(pi, abs=0.001)
    middles = [((k + 0.5) / 1000) * model.answered_by(wait, watched) for k in range(1000)]
    answered_after = [max(0, round(math.exp(NormalDist().inv_cdf(m) * prior.sigma + prior.mu) - 0.5)) for m in middles]
    cut = experience(
        wait, [*((days, replies // 1000) for days in answered_after), (watched, n - replies)], replies=replies
    )
    assert learnt(prior.pi, cut) > 0.39
