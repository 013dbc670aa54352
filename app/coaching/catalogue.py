"""What builds credentials, as data: for whom, why it helps, how it begins, and what it asks of a week."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.coaching.vocabulary import AdviceBasis
from app.db.vocabulary import ActivityKind, EmploymentStatus

K, S = ActivityKind, EmploymentStatus
#: With so many free hours a week, or more, one who is employed has the choice of those who are not.
DECENT_HOURS = 8
#: What is taken for granted of somebody who has not said how much time there is, employed or not.
HOURS_EMPLOYED, HOURS_OTHERWISE = 3, 8

_AT_WORK = frozenset({S.EMPLOYED, S.UNDEREMPLOYED})
_BESIDE = frozenset({S.UNDEREMPLOYED, S.UNEMPLOYED, S.FREELANCE, S.STUDENT})
_ALL = frozenset(S)


@dataclass(frozen=True, slots=True)
class Entry:
    """A way of building a credential.

    `after` names the kinds of finished activities that it builds on: then it comes first, and is open to everybody.
    """

    id: str
    for_whom: frozenset[EmploymentStatus]
    kind: ActivityKind
    title: str
    why: str
    first_step: str
    hours_per_week: int
    after: frozenset[ActivityKind] = frozenset()
    only_after: bool = False
    basis: AdviceBasis = AdviceBasis.ARTICLE


_ENTRIES = (
    Entry(
        "real_work_with_the_skill", _ALL, K.PORTFOLIO,
        "Do a piece of real work with the new skill and put it into the portfolio",
        "What somebody has used says more than what somebody has attended, and can be looked at.",
        "Offer one person you know something small and finished, such as a site, a report or an audit.",
        4, frozenset({K.COURSE, K.CERTIFICATION, K.SKILL}), only_after=True,
    ),
    Entry(
        "show_the_portfolio", _ALL, K.NETWORKING,
        "Show the finished piece to five people in the field",
        "Work that is shown starts conversations, and a question about it is easier to answer than a request.",
        "Write to the first of the five today and ask what they would have done differently.",
        1, frozenset({K.PORTFOLIO}), only_after=True, basis=AdviceBasis.NORM,
    ),
    Entry(
        "tell_of_the_assignment", frozenset({S.EMPLOYED, S.UNDEREMPLOYED}), K.PORTFOLIO,
        "Write the assignment up as a short case",
        "A new field of work only broadens a profile once it can be read there.",
        "Note the problem, what you did and what came of it, in five lines, and add them to résumé and profile.",
        1, frozenset({K.STRETCH_ASSIGNMENT, K.JOB_CRAFTING}), only_after=True, basis=AdviceBasis.NORM,
    ),
    Entry(
        "take_a_seat", _BESIDE, K.NETWORKING,
        "Take a seat on a committee where you have helped out",
        "People who have worked beside you vouch for you, and a named role can be shown.",
        "Ask whoever you helped which committee is short of hands.",
        3, frozenset({K.VOLUNTEERING}), only_after=True,
    ),
    Entry(
        "stretch_assignment", _AT_WORK, K.STRETCH_ASSIGNMENT,
        "Take on an assignment at work that you have not done before",
        "It widens what you can be hired for, while somebody else pays for the learning.",
        "Ask your manager which problem nobody has time for, and offer to take one part of it.",
        0,
    ),
    Entry(
        "job_crafting", _AT_WORK, K.JOB_CRAFTING,
        "Shift your present job a little towards what you like and do well",
        "A job that suits you better is easier to stay in while you look, and gives better stories to tell.",
        "List what gives and what takes energy in a week; move one hour from the second list to the first.",
        0,
    ),
    Entry(
        "write_at_work", _AT_WORK, K.JOB_CRAFTING,
        "Write for your employer: proposals, presentations, the blog",
        "It leaves something with your name on it that people outside can read.",
        "Offer a draft for the next proposal or post before anybody asks.",
        0,
    ),
    Entry(
        "case_study_of_a_gig", frozenset({S.FREELANCE}), K.PORTFOLIO,
        "Turn the last good job into a case study",
        "Agencies book what they can picture, and one case does more than ten claims.",
        "Ask the customer for permission and one sentence of praise.",
        2, basis=AdviceBasis.NORM,
    ),
    Entry(
        "volunteer", _BESIDE, K.VOLUNTEERING,
        "Give some hours to an organisation that you care about",
        "It keeps skills in use, fills a gap in the résumé and brings you among people who will gladly help.",
        "Choose one organisation and ask what they would hand over this month.",
        4,
    ),
    Entry(
        "professional_body", _BESIDE, K.NETWORKING,
        "Help in a professional body of your field: its events, a committee",
        "It is where the people who hire meet, and helpers are introduced to all of them.",
        "Find the nearest chapter, go to its next evening and ask who runs the events.",
        3,
    ),
    Entry(
        "learn_free", _BESIDE, K.SKILL,
        "Learn one skill that the jobs you want ask for, in a free course",
        "It closes the gap that keeps coming up, and costs nothing but time.",
        "Mark the skill that five advertisements have in common and you lack; do the first lesson today.",
        4,
    ),
    Entry(
        "learn_in_a_school", _BESIDE, K.COURSE,
        "Learn it with a teacher and a class, on site or online",
        "A fixed date, feedback and fellow students carry further than good intentions.",
        "Compare two schools by price, dates and what their students built; sit in on one lesson.",
        10,
    ),
    Entry(
        "mentor", _BESIDE - {S.STUDENT}, K.VOLUNTEERING,
        "Mentor somebody who is earlier in their career",
        "Explaining your work sharpens how you tell of it, and shows that you can lead.",
        "Offer one hour a fortnight through a professional body or your former school.",
        1,
    ),
    Entry(
        "publish", _BESIDE, K.PORTFOLIO,
        "Write down what you know: an article or a white paper",
        "Whoever has read something good by you begins the interview convinced.",
        "Pick the question that colleagues ask you most and answer it in one page.",
        2,
    ),
)  # fmt: skip
CATALOGUE: Mapping[str, Entry] = MappingProxyType({entry.id: entry for entry in _ENTRIES})
