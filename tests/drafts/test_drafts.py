"""POST /v1/opportunities/{id}/drafts: when a draft makes sense, what it tells, and what it never tells."""

from typing import Any

import pytest

from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

# The clock stands at Monday, 2026-03-16, noon UTC; the client lives in Auckland, half a day ahead.
MET = ("interview", "2026-03-10T20:00:00Z")
ZONE = "Pacific/Auckland"


def made(api: Api, *acts: tuple[str, str], name: str = "Mara Example", **fields: Any) -> str:
    client = build.client(api, name=name, time_zone=ZONE)["id"]
    role = build.opportunity(api, client, title="Head of Design", company_name="Example Works", **fields)["id"]
    for kind, when in acts:
        build.interaction(api, role, kind, when)
    return str(role)


def ask(api: Api, role: str, kind: str, **more: Any) -> Any:
    return api.post(f"/v1/opportunities/{role}/drafts", {"kind": kind, **more})


def refused(api: Api, role: str, kind: str) -> tuple[str, str]:
    problem = api.ok(ask(api, role, kind), 409)
    return problem["code"], problem["detail"]


class TestThankYou:
    def test_tells_of_the_meeting_on_the_clients_date_to_who_is_known(self, api: Api) -> None:
        kim = build.contact(api, name="Kim Example", role="hiring_manager", notes="Difficult")["id"]
        role = made(api, MET, contact_ids=[kim])
        draft = api.ok(ask(api, role, "thank_you"))
        assert draft["body"].startswith(
            "Hello Kim Example,\n\nThank you for the time you gave me on Wednesday, 11 March."
        )
        assert draft["body"].endswith("Warm regards,\nMara Example")
        assert (draft["subject"], draft["tone"], draft["channel"]) == ("Thank you", "warm", "email")
        assert draft["to"] == {"contact_id": kim, "name": "Kim Example", "role": "hiring_manager"}
        assert draft["template"] == {"id": "thank_you.email.warm", "version": 1}
        assert "Difficult" not in str(draft)

    def test_is_refused_without_a_meeting_when_nobody_came_and_when_it_went_out(self, api: Api) -> None:
        role = made(api, ("application", "2026-03-10T20:00:00Z"))
        assert refused(api, role, "thank_you")[0] == "wrong-state"
        stood_up = made(api, MET, ("no_show", "2026-03-10T20:30:00Z"))
        assert refused(api, stood_up, "thank_you")[0] == "wrong-state"
        thanked = made(api, MET, ("thank_you", "2026-03-11T20:00:00Z"))
        code, words = refused(api, thanked, "thank_you")
        assert (code, "2026-03-12" in words) == ("wrong-state", True)

    def test_that_came_back_is_drafted_anew(self, api: Api) -> None:
        role = made(api, MET, ("thank_you", "2026-03-11T20:00:00Z"), ("bounce", "2026-03-11T20:05:00Z"))
        assert "11 March" in api.ok(ask(api, role, "thank_you"))["body"]
        build.interaction(api, role, "thank_you", "2026-03-12T20:00:00Z")
        assert "2026-03-13" in refused(api, role, "thank_you")[1]

    @pytest.mark.parametrize("ending", ["rejection", "withdrawal", "decline", "acceptance"])
    def test_is_refused_once_the_process_has_ended(self, api: Api, ending: str) -> None:
        role = made(api, MET, (ending, "2026-03-11T20:00:00Z"))
        code, words = refused(api, role, "thank_you")
        assert (code, "has ended" in words) == ("wrong-state", True)

    def test_says_nothing_of_thanks_that_are_for_coaches_only(self, api: Api) -> None:
        role = made(api, MET)
        build.interaction(api, role, "thank_you", "2026-03-11T20:00:00Z", visibility="coaches")
        code, words = refused(api, role, "thank_you")
        assert (code, "2026" in words) == ("wrong-state", False)

    def test_is_late_by_the_practices_own_policy(self, api: Api) -> None:
        role = made(api, ("interview", "2026-03-12T08:00:00Z"))
        assert "these come late" in api.ok(ask(api, role, "thank_you"))["hint"]
        policy = api.ok(api.get("/v1/policy"))
        given = {name: policy[name] for name in policy if name not in {"version", "created_at", "created_by"}}
        api.ok(api.put("/v1/policy", {**given, "thank_you_due_days": 3, "thank_you_until_days": 7}, version=1))
        assert api.ok(ask(api, role, "thank_you"))["hint"] is None

    def test_that_comes_late_says_so(self, api: Api) -> None:
        assert api.ok(ask(api, made(api, ("interview", "2026-03-14T20:00:00Z")), "thank_you"))["hint"] is None
        late = api.ok(ask(api, made(api, ("interview", "2026-03-13T08:00:00Z"), name="Late Example"), "thank_you"))
        assert "these come late" in late["hint"]

    def test_stores_and_sends_nothing(self, api: Api, database: Database) -> None:
        role = made(api, MET)
        count = "select count(*) from interaction where practice_id = $1"
        before = database.value(count, api.practice_id)
        api.ok(ask(api, role, "thank_you", channel="phone", tone="brief"))
        assert database.value(count, api.practice_id) == before


class TestFollowUp:
    def test_comes_back_to_the_latest_turn(self, api: Api) -> None:
        draft = api.ok(ask(api, made(api, MET), "follow_up", tone="brief"))
        assert "Our interview on Wednesday, 11 March is still on my mind" in draft["body"]
        assert (draft["hold_until"], draft["hint"], draft["to"]) == (None, None, None)

    def test_says_when_it_is_too_early(self, api: Api) -> None:
        draft = api.ok(ask(api, made(api, ("interview", "2026-03-16T02:00:00Z")), "follow_up"))
        assert draft["hold_until"] == "2026-03-23"
        assert "too early" in draft["hint"]

    def test_who_asked_for_time_is_given_it(self, api: Api) -> None:
        role = made(api)
        build.interaction(api, role, "hold", "2026-03-10T20:00:00Z", reply_by="2026-03-20")
        draft = api.ok(ask(api, role, "follow_up"))
        assert (draft["hold_until"], draft["hint"].startswith("Their time is not up yet")) == ("2026-03-25", True)

    def test_a_meeting_that_an_ending_struck_from_the_diary_is_never_told(self, api: Api) -> None:
        role = made(api, ("application", "2026-01-10T20:00:00Z"))
        meeting = {"arranged_at": "2026-01-20T20:00:00Z"}
        build.interaction(api, role, "interview", "2026-02-05T20:00:00Z", **meeting)
        build.interaction(api, role, "position_closed", "2026-01-25T20:00:00Z")
        assert refused(api, role, "thank_you")[0] == "wrong-state"
        build.interaction(api, role, "employer_message", "2026-02-01T20:00:00Z")
        for kind in ("follow_up", "closing_note"):
            assert "interview" not in api.ok(ask(api, role, kind))["body"]
        assert "your message of Monday, 2 February" in api.ok(ask(api, role, "follow_up"))["body"]
        assert refused(api, role, "thank_you")[0] == "wrong-state"

    def test_speaks_of_an_appointment_to_which_nobody_came(self, api: Api) -> None:
        role = made(api, MET, ("no_show", "2026-03-10T20:30:00Z"))
        for more in ({}, {"tone": "neutral"}, {"tone": "brief"}, {"channel": "phone"}, {"channel": "message"}):
            body = api.ok(ask(api, role, "follow_up", **more))["body"]
            assert "on Wednesday, 11 March" in body or "of Wednesday, 11 March" in body
            assert "another date" in body
            assert "interview" not in body

    def test_of_an_application_knows_whom_to_address_from_what_happened(self, api: Api) -> None:
        kim = build.contact(api, name="Kim Example", role="recruiter")["id"]
        role = made(api)
        build.interaction(api, role, "application", "2026-03-01T20:00:00Z", contact_id=kim)
        draft = api.ok(ask(api, role, "follow_up"))
        assert (draft["body"].startswith("Hello Kim Example,"), draft["hint"]) == (True, None)
        unknown = made(api, ("application", "2026-03-01T20:00:00Z"), name="Other Example")
        assert "known by name" in api.ok(ask(api, unknown, "follow_up"))["hint"]

    def test_comes_back_to_an_offer_by_word_of_mouth(self, api: Api) -> None:
        role = made(api, MET, ("verbal_offer", "2026-03-11T20:00:00Z"))
        told = {tone: api.ok(ask(api, role, "follow_up", tone=tone))["body"] for tone in ("warm", "neutral")}
        assert "the good news of Thursday, 12 March; I look forward to the written offer" in told["warm"]
        assert "the offer that you told me of on Thursday, 12 March" in told["neutral"]
        called = api.ok(ask(api, role, "follow_up", channel="phone"))["body"]
        assert "you told me of an offer on Thursday, 12 March" in called

    def test_is_refused_once_used_with_the_clients_date(self, api: Api) -> None:
        role = made(api, ("interview", "2026-03-02T20:00:00Z"), ("follow_up", "2026-03-09T20:00:00Z"))
        problem = api.ok(ask(api, role, "follow_up"), 409)
        assert (problem["code"], problem["sent_on"]) == ("follow-up-used", "2026-03-10")
        assert "2026-03-10" in problem["detail"]
        build.interaction(api, role, "employer_message", "2026-03-10T20:00:00Z")
        assert "your message of Wednesday, 11 March" in api.ok(ask(api, role, "follow_up"))["body"]

    def test_tells_nobody_of_one_that_is_for_coaches_only(self, api: Api) -> None:
        role = made(api, ("interview", "2026-03-02T20:00:00Z"))
        build.interaction(api, role, "follow_up", "2026-03-09T20:00:00Z", visibility="coaches")
        assert api.ok(ask(api, role, "follow_up"), 409)["sent_on"] == "2026-03-10"
        problem = api.as_role("assistant").post(f"/v1/opportunities/{role}/drafts", {"kind": "follow_up"})
        assert problem.json()["code"] == "follow-up-used"
        assert "2026-03" not in problem.text

    @pytest.mark.parametrize(
        "acts", [(), (("request", "2026-03-10T20:00:00Z"),), (MET, ("rejection", "2026-03-11T20:00:00Z"))]
    )
    def test_is_refused_where_the_employer_owes_nothing(self, api: Api, acts: Any) -> None:
        role = made(api, *acts)
        assert refused(api, role, "follow_up")[0] == refused(api, role, "closing_note")[0] == "wrong-state"


class TestOthers:
    def test_a_reply_answers_the_open_request_and_never_quotes_notes(self, api: Api) -> None:
        role = made(api)
        asked = {"reply_by": "2026-03-20", "summary": "Three\nsamples, {client}!"}
        build.interaction(api, role, "request", "2026-03-13T20:00:00Z", **asked)
        draft = api.ok(ask(api, role, "reply"))
        assert "your message of Saturday, 14 March about the Head of Design role" in draft["body"]
        assert "by Friday, 20 March" in draft["body"]
        assert "samples" not in draft["body"]
        assert "“Three samples, {client}!”" in draft["hint"]
        build.interaction(api, role, "reply", "2026-03-14T20:00:00Z")
        assert refused(api, role, "reply")[0] == "wrong-state"

    def test_an_offer_is_answered_too(self, api: Api) -> None:
        assert "the offer of Wednesday, 11 March" in api.ok(ask(api, made(api, ("offer", MET[1])), "reply"))["body"]

    def test_a_closing_note_ends_a_long_silence_and_warns_of_a_short_one(self, api: Api) -> None:
        ghosted = api.ok(ask(api, made(api, ("interview", "2026-01-12T20:00:00Z")), "closing_note"))
        assert "since Tuesday, 13 January" in ghosted["body"]
        assert ghosted["hold_until"] is None
        early = api.ok(ask(api, made(api, MET, name="Another Example"), "closing_note"))
        assert early["hold_until"] == "2026-04-11"

    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            ("application", "I applied for the Head of Design role at Example Works on Tuesday, 13 January"),
            ("reply", "I answered you about the Head of Design role at Example Works on Tuesday, 13 January"),
            ("outreach", "I wrote to you about the Head of Design role at Example Works on Tuesday, 13 January"),
            ("introduction", "We were introduced on Tuesday, 13 January for the Head of Design role"),
            ("employer_message", "I have not heard about the Head of Design role at Example Works since Tuesday, 13"),
        ],
    )
    def test_a_closing_note_says_which_word_was_never_answered(self, api: Api, kind: str, words: str) -> None:
        asked = [("request", "2026-01-11T20:00:00Z")] if kind == "reply" else []
        role = made(api, *asked, (kind, "2026-01-12T20:00:00Z"))
        assert words in api.ok(ask(api, role, "closing_note"))["body"]

    def test_a_note_to_the_introducer_says_how_it_stands(self, api: Api) -> None:
        ref = build.contact(api, name="Robin Example", role="referrer")["id"]
        chief = build.contact(api, name="Sam Example", role="executive")["id"]
        role = made(api, contact_ids=[chief, ref])
        build.interaction(api, role, "introduction", "2026-01-05T20:00:00Z", contact_id=chief)
        draft = api.ok(ask(api, role, "introducer_note", channel="letter"))
        assert draft["body"].startswith("Tuesday, 17 March 2026\n\nDear Robin Example,")
        assert "introducing me to Sam Example at Example Works" in draft["body"]
        assert "I have not heard from them for a good while" in draft["body"]
        assert api.ok(ask(api, role, "follow_up"))["to"]["name"] == "Sam Example"
        assert draft["hint"] is None
        unnamed = made(api, ("introduction", "2026-03-02T20:00:00Z"), name="Unnamed Example")
        assert "referrer" in api.ok(ask(api, unnamed, "introducer_note"))["hint"]
        assert refused(api, made(api, MET, name="Other Example"), "introducer_note")[0] == "wrong-state"

    def test_what_is_for_coaches_only_is_told_to_nobody(self, api: Api) -> None:
        role = made(api, MET)
        hidden = {"visibility": "coaches", "summary": "Secret"}
        build.interaction(api, role, "interview", "2026-03-12T20:00:00Z", **hidden)
        build.interaction(api, role, "request", "2026-03-13T20:00:00Z", **hidden)
        for kind in ("thank_you", "reply"):
            text = ask(api, role, kind).text
            assert "Secret" not in text
            assert "13 March" not in text
            assert "14 March" not in text

    def test_a_client_drafts_on_their_own_search_only(self, api: Api, stranger: Api) -> None:
        kim = build.contact(api, name="Kim Example", notes="Difficult")["id"]
        mine, other = made(api, MET, contact_ids=[kim]), made(api, MET, name="Other Example")
        client = api.as_client(api.ok(api.get(f"/v1/opportunities/{mine}"))["client_id"])
        assert client.ok(ask(client, mine, "thank_you")) == api.ok(ask(api, mine, "thank_you"))
        assert ask(client, other, "thank_you").status_code == ask(stranger, mine, "thank_you").status_code == 404

    @pytest.mark.parametrize(("field", "value"), [("kind", "poem"), ("tone", "rude"), ("channel", "portal"), ("x", 1)])
    def test_other_words_are_refused(self, api: Api, field: str, value: Any) -> None:
        role = made(api)
        assert api.post(f"/v1/opportunities/{role}/drafts", {"kind": "reply", field: value}).status_code == 422
