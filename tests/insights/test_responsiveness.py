"""GET …/responsiveness: how companies and contacts have answered, in numbers that show nobody."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support import build
from tests.support.api import Api

# The clock stands at Monday, 2026-03-16, noon UTC.
ANSWERED_AFTER_FOUR = (("application", "2026-02-01T10:00:00Z"), ("rejection", "2026-02-05T10:00:00Z"))
ANSWERED_AFTER_TEN = (("application", "2026-02-01T10:00:00Z"), ("rejection", "2026-02-11T10:00:00Z"))
SILENT = (("application", "2026-02-01T10:00:00Z"),)
WAITING = (("application", "2026-03-10T10:00:00Z"),)
LATE = (("application", "2026-01-01T10:00:00Z"), ("rejection", "2026-03-01T10:00:00Z"))
NEVER_ARRIVED = (("application", "2026-02-01T10:00:00Z"), ("bounce", "2026-02-01T12:00:00Z"))
OLD = (("application", "2024-03-15T10:00:00Z"),)


def tell(api: Api, company_id: str, *stories: Any, client_id: str | None = None, **fields: Any) -> None:
    for story in stories:
        made = build.opportunity(api, client_id, company_id=company_id, **fields)["id"]
        for kind, when, *more in story:
            build.interaction(api, made, kind, when, **(more[0] if more else {}))


def of_company(api: Api, company_id: str) -> Any:
    return api.ok(api.get(f"/v1/companies/{company_id}/responsiveness"))


def of_contact(api: Api, contact_id: str) -> Any:
    return api.ok(api.get(f"/v1/contacts/{contact_id}/responsiveness"))


def assigned_coach(api: Api) -> Api:
    """A coach who sees their own clients only."""
    practice = api.ok(api.get("/v1/practice"))
    api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=practice["version"]))
    return api.as_role("coach")


@pytest.fixture
def company(api: Api) -> str:
    return str(api.ok(api.post("/v1/companies", {"name": "Example Works"}), 201)["id"])


class TestNumbers:
    def test_nothing_is_known_of_whom_nobody_has_waited_for(self, api: Api, company: str) -> None:
        assert of_company(api, company) == {
            "company_id": company,
            "contact_id": None,
            "as_of": "2026-03-16T12:00:00.000000Z",
            "since": "2024-03-16",
            "suppressed": False,
            "clients": 0,
            "waits": 0,
            "reply_days": None,
            "went_silent": None,
            "promises_kept": None,
            "repeat_silence": {"silences": 0, "clients": 0},
        }

    def test_waits_answers_and_silences_are_told_apart(self, api: Api, company: str) -> None:
        tell(api, company, ANSWERED_AFTER_FOUR, ANSWERED_AFTER_TEN, SILENT, WAITING, LATE, NEVER_ARRIVED, OLD)
        tell(api, api.ok(api.post("/v1/companies", {"name": "Other Works"}), 201)["id"], SILENT, SILENT)
        found = of_company(api, company)
        assert (found["clients"], found["waits"]) == (5, 5)
        assert found["reply_days"] == {"n": 3, "lower_quartile": 7.0, "median": 10.0, "upper_quartile": 34.5}
        # Of four that are decided two: Beta(3, 3), whose bounds are in any table.
        silent = found["went_silent"]
        assert (silent["count"], silent["n"], silent["share"]) == (2, 4, 0.5)
        assert (silent["low"], silent["high"]) == (pytest.approx(0.1893, abs=1e-4), pytest.approx(0.8107, abs=1e-4))
        assert found["repeat_silence"] == {"silences": 2, "clients": 2}

    def test_a_silence_counts_from_the_promised_date(self, api: Api, company: str) -> None:
        promised = (("hold", "2026-02-01T10:00:00Z", {"reply_by": "2026-02-20"}),)
        tell(api, company, promised)
        found = of_company(api, company)
        assert found["went_silent"] is None
        assert found["promises_kept"] == {"count": 0, "n": 1, "share": 0.3333, "low": 0.0253, "high": 0.7764}

    def test_a_promise_is_kept_by_a_word_in_time_and_open_until_it_is_over(self, api: Api, company: str) -> None:
        promise = ("employer_message", "2026-02-01T10:00:00Z", {"reply_by": "2026-02-10"})
        kept = (promise, ("rejection", "2026-02-10T20:00:00Z"))
        late = (promise, ("rejection", "2026-02-11T20:00:00Z"))
        taken_back = (promise, ("withdrawal", "2026-02-05T10:00:00Z"))
        ahead = (("employer_message", "2026-03-01T10:00:00Z", {"reply_by": "2026-03-20"}),)
        tell(api, company, kept, late, taken_back, ahead)
        promises = of_company(api, company)["promises_kept"]
        assert (promises["count"], promises["n"]) == (1, 2)

    @pytest.mark.parametrize("late", ["employer_message", "introduction", "request", "rejection"])
    def test_a_promise_once_broken_stays_so_and_a_word_on_the_day_keeps_it(
        self, api: Api, company: str, late: str
    ) -> None:
        promise = ("interview", "2026-02-01T10:00:00Z", {"reply_by": "2026-02-10"})
        tell(api, company, (promise, (late, "2026-02-20T10:00:00Z")))
        promises = of_company(api, company)["promises_kept"]
        assert (promises["count"], promises["n"]) == (0, 1)
        tell(api, company, (promise, ("employer_message", "2026-02-10T22:00:00Z")))
        in_between = (promise, ("employer_message", "2026-02-09T22:00:00Z"))
        tell(api, company, in_between, (*in_between, ("offer", "2026-02-10T22:00:00Z")))
        promises = of_company(api, company)["promises_kept"]
        assert (promises["count"], promises["n"]) == (2, 4)

    def test_an_early_word_within_a_long_promise_ends_no_silence_of_a_month(self, api: Api, company: str) -> None:
        story = [("interview", "2025-12-01T10:00:00Z", {"reply_by": "2026-02-10"}), ("offer", "2026-02-08T10:00:00Z")]
        tell(api, company, story, [story[0], ("employer_message", "2026-01-15T10:00:00Z"), story[1]])
        found = of_company(api, company)
        assert (found["went_silent"]["count"], found["went_silent"]["n"]) == (0, 3)
        assert found["repeat_silence"] == {"silences": 0, "clients": 0}

    def test_an_answer_of_the_same_instant_is_one_of_its_own(self, api: Api, company: str) -> None:
        """As in a log with dates only, where the interview was on the day of the application."""
        tell(
            api,
            company,
            (
                ("application", "2026-02-01T12:00:00Z"),
                *((kind, f"2026-02-{day}T12:00:00Z") for kind, day in (("interview", "01"), ("rejection", "09"))),
            ),
        )
        found = of_company(api, company)
        assert (found["waits"], found["reply_days"]["n"], found["reply_days"]["median"]) == (2, 2, 4.0)


class TestContact:
    def test_the_creative_directors_recruiter(self, api: Api) -> None:
        """Asked for a booking again and again, answered promptly, never heard: three silences of one person."""
        recruiter = build.contact(api, role="agency_recruiter")["id"]
        director = build.client(api)["id"]
        for month in ("2025-11", "2025-12", "2026-01"):
            made = build.opportunity(api, director, kind="gig", source="recruiter")["id"]
            build.interaction(api, made, "request", f"{month}-03T09:00:00Z", contact_id=recruiter)
            build.interaction(api, made, "reply", f"{month}-03T11:00:00Z")
        found = api.ok(api.get(f"/v1/contacts/{recruiter}/responsiveness"))
        assert (found["contact_id"], found["company_id"]) == (recruiter, None)
        assert found["repeat_silence"] == {"silences": 3, "clients": 1}
        assert (found["went_silent"]["count"], found["went_silent"]["n"]) == (3, 3)

    def test_has_part_by_a_link_and_by_an_interaction_that_is_not_void(self, api: Api, company: str) -> None:
        person = build.contact(api)["id"]
        tell(api, company, SILENT, contact_ids=[person])
        tell(api, company, (("application", "2026-02-01T10:00:00Z", {"contact_id": person}),))
        tell(api, company, SILENT)
        void = build.opportunity(api)["id"]
        build.interaction(api, void, "application", "2026-02-01T10:00:00Z")
        note = build.interaction(api, void, "note", "2026-02-01T10:00:00Z", contact_id=person)["id"]
        assert api.delete(f"/v1/interactions/{note}").status_code == 204
        assert api.ok(api.get(f"/v1/contacts/{person}/responsiveness"))["waits"] == 2


class TestReaders:
    def test_who_does_not_see_every_client_gets_numbers_from_five_clients_on(self, api: Api, company: str) -> None:
        client_id = build.client(api)["id"]
        tell(api, company, SILENT, client_id=client_id)
        tell(api, company, SILENT, SILENT, SILENT)
        coach = api.as_role("coach")
        api.ok(api.patch(f"/v1/clients/{client_id}", {"coach_ids": [coach.member_id]}, version=1))
        whole = of_company(api, company)
        assert of_company(coach, company) == whole
        api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
        for reader in (coach, api.as_client(client_id)):
            found = of_company(reader, company)
            assert found["suppressed"] is True
            assert {found[name] for name in ("clients", "waits", "reply_days", "went_silent", "promises_kept")} == {
                None
            }
            assert found["repeat_silence"] is None
        tell(api, company, SILENT)
        whole = of_company(api, company)
        assert whole["clients"] == 5
        for reader in (coach, api.as_client(client_id)):
            assert of_company(reader, company) == whole

    def test_suppression_tells_nothing_of_whether_others_are_there(self, api: Api, company: str) -> None:
        client_id = build.client(api)["id"]
        tell(api, company, SILENT, client_id=client_id)
        alone = of_company(api.as_client(client_id), company)
        tell(api, company, SILENT)
        assert of_company(api.as_client(client_id), company) == alone

    @pytest.mark.parametrize(("own", "suppressed"), [(1, False), (2, True), (4, True), (5, False)])
    def test_taking_away_ones_own_clients_leaves_a_crowd_or_nobody(
        self, api: Api, company: str, own: int, *, suppressed: bool
    ) -> None:
        coach = api.as_role("coach")
        for n in range(5):
            mine = {"coach_ids": [coach.member_id]} if n < own else {}
            tell(api, company, SILENT, client_id=build.client(api, **mine)["id"])
        api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
        assert of_company(coach, company)["suppressed"] is suppressed
        assert of_company(api, company)["suppressed"] is False

    @pytest.mark.parametrize(("beside", "suppressed"), [(0, False), (1, True), (3, True), (4, False)])
    def test_taking_a_contact_from_the_company_leaves_a_crowd_or_nobody(
        self, api: Api, company: str, beside: int, *, suppressed: bool
    ) -> None:
        person = build.contact(api)["id"]
        client_id = build.client(api)["id"]
        for whose in (client_id, *[None] * 4):
            tell(api, company, SILENT, client_id=whose, contact_ids=[person])
        for _ in range(beside):
            tell(api, company, SILENT)
        reader = api.as_client(client_id)
        assert of_company(reader, company)["suppressed"] is False
        found = api.ok(reader.get(f"/v1/contacts/{person}/responsiveness"))
        assert (found["suppressed"], found["waits"]) == ((True, None) if suppressed else (False, 5))

    def test_the_company_taken_from_a_contact_leaves_a_crowd_or_nobody(self, api: Api, company: str) -> None:
        agent = build.contact(api, role="agency_recruiter")["id"]
        client_id = build.client(api)["id"]
        tell(api, company, *[SILENT] * 5, contact_ids=[agent])
        tell(api, company, SILENT, client_id=client_id, contact_ids=[agent])
        reader = api.as_client(client_id)
        assert of_contact(reader, agent)["waits"] == 6
        elsewhere = [api.ok(api.post("/v1/companies", {"name": f"Works {n}"}), 201)["id"] for n in range(4)]
        for n, one in enumerate(elsewhere, 1):
            tell(api, one, ANSWERED_AFTER_FOUR, contact_ids=[agent])
            assert of_contact(reader, agent)["waits"] == (10 if n == 4 else None)
            assert of_company(reader, company)["waits"] == 6

    def test_one_contact_taken_from_another_leaves_a_crowd_or_nobody(self, api: Api, company: str) -> None:
        coach = assigned_coach(api)
        one, other = (build.contact(api)["id"] for _ in range(2))
        tell(api, company, *[SILENT] * 5, contact_ids=[one, other])
        tell(api, company, *[SILENT] * 4)
        assert (of_contact(coach, one)["waits"], of_contact(coach, other)["waits"]) == (5, 5)
        tell(api, company, ANSWERED_AFTER_FOUR, contact_ids=[other])
        assert of_company(coach, company)["waits"] == 10
        assert (of_contact(coach, one)["suppressed"], of_contact(coach, other)["suppressed"]) == (True, True)
        assert (of_contact(api, one)["waits"], of_contact(api, other)["waits"]) == (5, 6)

    @pytest.mark.parametrize(("own", "strangers"), [(0, 4), (1, 3), (4, 1), (1, 4)])
    def test_each_number_rests_on_a_crowd(self, api: Api, company: str, own: int, strangers: int) -> None:
        coach = assigned_coach(api)
        promise = ("hold", "2026-02-01T10:00:00Z", {"reply_by": "2026-02-10"})
        kept = (promise, ("rejection", "2026-02-05T10:00:00Z"))
        tell(api, company, *[WAITING] * 5, *[kept] * strangers)
        for _ in range(own):
            tell(api, company, kept, client_id=build.client(api, coach_ids=[coach.member_id])["id"])
        found, whole = of_company(coach, company), of_company(api, company)
        assert (found["suppressed"], found["clients"], found["waits"]) == (False, whole["clients"], whole["waits"])
        rest = ("reply_days", "went_silent", "promises_kept", "repeat_silence")
        assert all(whole[name] for name in rest)
        shown = (own, strangers) == (1, 4)
        assert [found[name] for name in rest] == [whole[name] if shown else None for name in rest]

    def test_nobody_makes_strangers_of_clients_they_have_coached(self, api: Api, company: str) -> None:
        coach = assigned_coach(api)
        tell(api, company, ANSWERED_AFTER_TEN)
        for _ in range(4):
            made = build.client(coach)["id"]
            tell(coach, company, WAITING, client_id=made)
            handed_over = coach.patch(f"/v1/clients/{made}", {"coach_ids": [api.member_id]}, version=1)
            assert handed_over.status_code == 200
            assert coach.get(f"/v1/clients/{made}").status_code == 404
        assert of_company(api, company)["clients"] == 5
        assert of_company(coach, company)["suppressed"] is True
        assert of_company(assigned_coach(api), company)["clients"] == 5

    def test_a_note_for_coaches_gives_nobody_part_in_anything_for_others(self, api: Api, company: str) -> None:
        person = build.contact(api)["id"]
        made = build.opportunity(api, company_id=company)["id"]
        build.interaction(api, made, "application", "2026-02-01T10:00:00Z")
        build.interaction(api, made, "note", "2026-02-02T10:00:00Z", contact_id=person, visibility="coaches")
        assert of_contact(api.as_role("coach"), person)["waits"] == 1
        found = of_contact(api.as_role("assistant"), person)
        assert (found["suppressed"], found["clients"], found["waits"]) == (False, 0, 0)

    def test_what_the_caller_does_not_see_is_not_there(self, api: Api, stranger: Api, company: str) -> None:
        person = build.contact(api)["id"]
        tell(api, company, SILENT, contact_ids=[person])
        outsider = api.as_client(build.client(api)["id"])
        for path in (f"/v1/companies/{company}", f"/v1/contacts/{person}", f"/v1/companies/{uuid4()}"):
            for reader in (outsider, stranger):
                assert reader.get(f"{path}/responsiveness").status_code == 404
