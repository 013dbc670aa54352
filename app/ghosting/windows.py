"""The dates of one silence: GHOSTING.md, section 4."""

from datetime import date
from typing import NamedTuple

from app.ghosting.calendar import Calendar, add_days
from app.ghosting.policy import Policy
from app.ghosting.vocabulary import Wait


class Window(NamedTuple):
    """The local dates of one silence; `shut` means that a missing contact leaves no window for a follow-up."""

    held_until: date | None  # only where it counts: a promise that does not lie before the silence
    follow_up_on: date | None
    shut: bool
    hunt_from: date
    opens: date
    closes: date
    ghosted_on: date


def window(
    policy: Policy,
    calendar: Calendar,
    wait: Wait,
    on: date,
    held_until: date | None,
    follow_up_on: date | None,
    *,
    has_contact: bool,
) -> Window:
    """Compute the dates of a silence that began `on` a date."""
    rule = policy.waits[wait]
    ghosted_on = add_days(held_until or on, rule.ghosted_from_days)
    if follow_up_on:
        ghosted_on = max(ghosted_on, add_days(follow_up_on, policy.follow_up_rest_days))
    hunt_from = add_days(on, rule.follow_up_from_days)
    skip = policy.skip_weekends
    if held_until:
        lapsed = calendar.add_business_days(held_until, policy.promise_grace_business_days, skip_weekends=skip)
        opens = calendar.roll(add_days(lapsed, 1), skip_weekends=skip)
        closes = calendar.add_business_days(opens, policy.held_window_business_days, skip_weekends=skip)
        ghosted_on = max(ghosted_on, opens)
    else:
        opens = calendar.roll(hunt_from, skip_weekends=skip)
        closes = max(opens, calendar.roll(add_days(on, rule.follow_up_until_days), skip_weekends=skip))
    shut = rule.follow_up_needs_contact and not has_contact
    return Window(held_until, follow_up_on, shut, hunt_from, opens, closes, ghosted_on)
