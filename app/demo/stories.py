"""What happens in the demo: stories told in days from today, so that every status occurs on the day of loading."""

from dataclasses import dataclass

from app.ghosting.vocabulary import Kind, Stage

K = Kind


@dataclass(frozen=True, slots=True)
class Act:
    """One interaction: `day` counts from today (negative: past), at `hour` local time; so do the other days."""

    kind: Kind
    day: int
    hour: int = 11
    stage: Stage | None = None
    reply_by: int | None = None
    arranged: int | None = None
    hours_long: int | None = None
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """The acts of one opportunity, and whether somebody there is known by name."""

    acts: tuple[Act, ...]
    contact: bool = True


#: Told again and again with other companies; `load` moves the older ones a little further back each time.
ORDINARY: dict[str, Story] = {
    "only an idea so far": Story((), contact=False),
    "sent yesterday": Story((Act(K.APPLICATION, -1),)),
    "a robot said thank you": Story((Act(K.APPLICATION, -4), Act(K.ACKNOWLEDGEMENT, -4, 12))),
    "time for a nudge": Story((Act(K.APPLICATION, -10),)),
    "no name to write to": Story((Act(K.APPLICATION, -12),), contact=False),
    "the nudge is late": Story((Act(K.APPLICATION, -18), Act(K.INTERVIEW, -15, hours_long=1),
                                Act(K.THANK_YOU, -14))),
    "talked this morning": Story((Act(K.APPLICATION, -9), Act(K.INTERVIEW, 0, 8, Stage.SCREENING))),
    "nudged, now it is theirs": Story((Act(K.INTERVIEW, -13), Act(K.THANK_YOU, -12), Act(K.FOLLOW_UP, -6))),
    "they asked for time": Story((Act(K.APPLICATION, -15), Act(K.HOLD, -2, summary="Budget round first."))),
    "they named a day": Story((Act(K.INTERVIEW, -4, reply_by=9), Act(K.THANK_YOU, -3))),
    "they want a work sample": Story((Act(K.APPLICATION, -8), Act(K.REQUEST, -1, reply_by=2,
                                                                  summary="A short sample, please."))),
    "tomorrow at ten": Story((Act(K.APPLICATION, -11), Act(K.INTERVIEW, 1, 10, Stage.INTERVIEWING, arranged=-3))),
    "next week on site": Story((Act(K.INTERVIEW, -6), Act(K.INTERVIEW, 7, 14, Stage.FINAL_ROUND, arranged=-1))),
    "gone quiet": Story((Act(K.APPLICATION, -45),)),
    "gone quiet after a good talk": Story((Act(K.APPLICATION, -60), Act(K.INTERVIEW, -40), Act(K.THANK_YOU, -39),
                                           Act(K.FOLLOW_UP, -33))),
    "a clear no": Story((Act(K.APPLICATION, -30), Act(K.INTERVIEW, -20), Act(K.REJECTION, -9))),
    "not for me": Story((Act(K.OUTREACH, -25), Act(K.REPLY, -22), Act(K.WITHDRAWAL, -12))),
    "an offer on the table": Story((Act(K.INTERVIEW, -10), Act(K.OFFER, -1, reply_by=5))),
    "an offer by telephone": Story((Act(K.INTERVIEW, -12), Act(K.VERBAL_OFFER, -4))),
    "the address was wrong": Story((Act(K.OUTREACH, -2), Act(K.BOUNCE, -2, 12))),
    "they did not come": Story((Act(K.APPLICATION, -20), Act(K.INTERVIEW, -3, arranged=-8), Act(K.NO_SHOW, -3, 12))),
}  # fmt: skip

#: The article's four people, one whose plan shows where the funnel leaks, and two whom the radar is there for.
SPECIAL: dict[str, tuple[Story, ...]] = {
    "hotel_manager": tuple(
        Story((Act(K.APPLICATION, day - 14), Act(K.INTERVIEW, day), Act(K.REJECTION, day + 6)))
        for day in (-70, -58, -46, -37)
    ),
    "creative_director": (
        Story((Act(K.REQUEST, -38, 9, summary="Urgent: free next week?"), Act(K.REPLY, -38, 10),
               Act(K.FOLLOW_UP, -31))),
        Story((Act(K.REQUEST, -16, 9, summary="Urgent again: two days on set?"), Act(K.REPLY, -16, 10),
               Act(K.FOLLOW_UP, -9))),
        Story((Act(K.REQUEST, 0, 8, summary="Urgent: a pitch by Friday?"),)),
    ),
    "marketing_executive": (
        Story((Act(K.APPLICATION, -52), Act(K.INTERVIEW, -38, 15, hours_long=1), Act(K.THANK_YOU, -37),
               Act(K.FOLLOW_UP, -31))),
    ),
    "in_house_designer": (
        Story((Act(K.APPLICATION, -110), Act(K.ACKNOWLEDGEMENT, -110, 12),
               Act(K.INTRODUCTION, -108, summary="A mutual friend introduced me to the head of the company."))),
    ),
    "senior_director": (
        Story((Act(K.APPLICATION, -40), Act(K.INTERVIEW, -26), Act(K.THANK_YOU, -25),
               Act(K.INTERVIEW, -5, 16, Stage.FINAL_ROUND), Act(K.THANK_YOU, -4),
               Act(K.EMPLOYER_MESSAGE, -4, 17, summary="It is between you and one other person."))),
    ),
    "controller": (
        Story((Act(K.APPLICATION, -24), Act(K.INTERVIEW, -16, 14, hours_long=1, reply_by=-9), Act(K.THANK_YOU, -15))),
        Story((Act(K.APPLICATION, -30), Act(K.EMPLOYER_MESSAGE, -22, reply_by=-12, summary="By next Friday."))),
    ),
    "trainer": (
        Story((Act(K.APPLICATION, -78), Act(K.INTERVIEW, -66), Act(K.THANK_YOU, -65), Act(K.REJECTION, -58))),
        Story((Act(K.APPLICATION, -55),), contact=False),
        Story((Act(K.APPLICATION, -52),), contact=False),
        Story((Act(K.APPLICATION, -47), Act(K.POSITION_CLOSED, -30))),
    ),
}  # fmt: skip
