"""The outlook beside the status, over HTTP: whose waits it learns from, what it shows of them, what it leaves alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from app.ghosting.outlook import ON_HOLD, PRIORS, chance
from app.ghosting.vocabulary import Wait
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database
from tests.support.statements import sent

APPLIED = "2026-03-06T10:00:00Z"  # ten days before now


def applied(api: Api, client_id: str | None = None, *acts: tuple[str, str], **fields: Any) -> str:
    made = build.opportunity(api, client_id, **fields)["id"]
    for kind, when in (("application", APPLIED), *acts):
        build.interaction(api, made, kind, when)
    return str(made)


def outlook(api: Api, opportunity_id: str, **params: str) -> Any:
    return api.ok(api.get(f"/v1/opportunities/{opportunity_id}/assessment", params=params))["outlook"]


def listed(api: Api, opportunity_id: str) -> Any:
    return next(o for o in api.walk("/v1/opportunities") if o["id"] == opportunity_id)["assessment"]["outlook"]


def company(api: Api) -> str:
    return str(build.opportunity(api)["company_id"])


class TestLevels:
    def test_a_first_silence_rests_on_published_waits(self, api: Api) -> None:
        found = outlook(api, applied(api))
        assert found == {
            "text": "Less likely than not to still answer.",
            "probability": round(chance(PRIORS[Wait.APPLICATION].pi, Wait.APPLICATION, 10), 4),
            "n": 1343,
            "basis": "prior",
        }

    def test_a_promise_in_force_is_told_as_one(self, api: Api) -> None:
        role = build.opportunity(api)["id"]
        build.interaction(api, role, "interview", "2026-01-16T10:00:00Z", reply_by="2026-03-20")
        found = outlook(api, role)
        assert (found["text"], found["probability"] < 0.1) == (ON_HOLD, True)
        listed_one = next(one for one in api.walk("/v1/opportunities") if one["id"] == role)
        assert listed_one["assessment"]["outlook"] == found

    def test_the_second_one_on_the_first(self, api: Api, stranger: Api) -> None:
        for _ in range(4):
            applied(stranger)
        before = outlook(api, mine := applied(api))["probability"]
        applied(api)
        found = outlook(api, mine)
        assert (found["n"], found["basis"]) == (1, "practice")
        assert found["probability"] < before

    def test_an_answer_raises_it_and_voiding_takes_that_back(self, api: Api) -> None:
        mine, other = applied(api), applied(api)
        before = outlook(api, mine)["probability"]
        answer = build.interaction(api, other, "employer_message", APPLIED)
        assert outlook(api, mine)["probability"] > before
        assert api.delete(f"/v1/interactions/{answer['id']}").status_code == 204
        assert outlook(api, mine)["probability"] == before

    def test_of_an_instant_counts_what_had_begun_by_then(self, api: Api) -> None:
        mine, other = applied(api), applied(api)
        build.interaction(api, other, "rejection", "2026-03-12T10:00:00Z")
        then = outlook(api, mine, as_of="2026-03-11T10:00:00Z")
        later = outlook(api, mine, as_of="2026-03-13T10:00:00Z")
        assert (then["n"], later["n"]) == (1, 1)
        assert outlook(api, mine, as_of="2026-03-06T09:00:00Z") is None
        assert later["probability"] > then["probability"]

    def test_a_deleted_opportunity_taught_nothing_until_it_is_restored(self, api: Api) -> None:
        mine, other = applied(api), applied(api)
        assert outlook(api, mine)["basis"] == "practice"
        assert api.delete(f"/v1/opportunities/{other}").status_code == 204
        assert outlook(api, mine)["basis"] == "prior"
        api.ok(api.post(f"/v1/opportunities/{other}/restore"))
        assert outlook(api, mine)["basis"] == "practice"

    def test_the_employer_speaks_from_three_other_waits_of_the_same_client_on(self, api: Api) -> None:
        client_id, at = build.client(api)["id"], company(api)
        mine, *_ = [applied(api, client_id, company_id=at) for _ in range(3)]
        assert outlook(api, mine)["basis"] == "practice"
        applied(api, client_id, company_id=at)
        assert (outlook(api, mine)["n"], outlook(api, mine)["basis"]) == (3, "employer")

    def test_moving_an_opportunity_to_another_employer_moves_what_it_taught(self, api: Api) -> None:
        client_id, at = build.client(api)["id"], company(api)
        mine, *_, last = [applied(api, client_id, company_id=at) for _ in range(4)]
        assert outlook(api, mine)["basis"] == "employer"
        api.ok(api.patch(f"/v1/opportunities/{last}", {"company_id": company(api)}, version=1))
        assert outlook(api, mine)["basis"] == "practice"

    def test_of_other_clients_the_employer_speaks_from_five_on(self, api: Api) -> None:
        at = company(api)
        mine, *_ = [applied(api, company_id=at) for _ in range(4)]
        assert (outlook(api, mine)["n"], outlook(api, mine)["basis"]) == (3, "practice")
        applied(api, company_id=at)
        assert (outlook(api, mine)["n"], outlook(api, mine)["basis"]) == (4, "employer")


class TestReaders:
    def test_is_the_same_for_everybody_who_sees_the_opportunity(self, api: Api) -> None:
        client_id, at = build.client(api)["id"], company(api)
        mine = applied(api, client_id, company_id=at)
        for _ in range(5):
            applied(api, company_id=at)
        found = outlook(api, mine)
        assert found["basis"] == "employer"
        coach = api.as_role("coach")
        api.ok(api.patch(f"/v1/clients/{client_id}", {"coach_ids": [coach.member_id]}, version=1))
        api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
        for reader in (coach, api.as_client(client_id)):
            assert outlook(reader, mine) == listed(reader, mine) == found
            assert api.ok(reader.get(f"/v1/opportunities/{mine}"))["assessment"]["outlook"] == found

    def test_asks_in_the_statement_of_the_verdict(self, api: Api) -> None:
        mine = applied(api)
        api.get("/v1/opportunities")  # the first reader of a practice fetches what the others ask for by the way
        for path in (f"/v1/opportunities/{mine}/assessment", "/v1/opportunities", f"/v1/opportunities/{mine}"):
            applied(api)
            with asked(api) as first:
                api.get(path)
            with asked(api) as again:
                api.get(path)
            assert len(first) == len(again) == 1, path

    def test_of_many_first_readers_one_fetches_all_waits(self, api: Api) -> None:
        mine = applied(api)
        with asked(api) as statements, ThreadPoolExecutor(8) as readers:
            paths = (f"/v1/opportunities/{mine}/assessment", "/v1/opportunities") * 8
            answers = list(readers.map(api.get, paths))
        assert {answer.status_code for answer in answers} == {200}
        alone = [sql for sql in statements if sql.startswith("SELECT practice_waits(")]
        assert (len(alone), len(statements)) == (1, len(paths) + 1)

    def test_what_a_broken_off_write_had_seen_is_not_remembered(self, api: Api, database: Database) -> None:
        mine = applied(api)
        before = outlook(api, mine)
        taken = build.opportunity(api)["id"]
        body = {"items": [{"kind": "application", "occurred_at": APPLIED}, {"kind": "note", "occurred_at": APPLIED}]}
        body["items"][1]["id"] = build.interaction(api, taken, "note", APPLIED)["id"]
        assert api.post(f"/v1/opportunities/{taken}/interactions/batch", body).status_code == 409
        assert outlook(api, mine) == before
        assert database.value("select count(*) from silence where opportunity_id = $1", taken) == 0


class TestInformationOnly:
    @pytest.mark.parametrize(
        "acts", [(), (("request", APPLIED),), (("interview", "2026-03-20T10:00:00Z"),), (("rejection", APPLIED),)]
    )
    def test_is_null_unless_the_employer_owes_an_answer(self, api: Api, acts: tuple[tuple[str, str], ...]) -> None:
        made = build.opportunity(api)["id"]
        for kind, when in acts:
            build.interaction(api, made, kind, when)
        assert outlook(api, made) is None
        assert listed(api, made) is None

    def test_moves_no_status(self, api: Api, stranger: Api) -> None:
        """The same timeline in a practice that has never been answered, and in one that always is."""
        for _ in range(8):
            applied(api, None, ("rejection", APPLIED))
            applied(stranger)
        mine, theirs = applied(api), applied(stranger)
        for day in range(6, 31):
            when = {"as_of": f"2026-03-{day:02}T12:00:00Z"}
            here, there = (
                api_.ok(api_.get(f"/v1/opportunities/{i}/assessment", params=when))
                for api_, i in ((api, mine), (stranger, theirs))
            )
            assert here.pop("outlook")["probability"] != there.pop("outlook")["probability"]
            for own in ("opportunity_id", "next_action", "reasons"):
                kinds = [
                    {**one, "key": "", "interaction_ids": []} for said in (here, there) for one in _list(said.pop(own))
                ]
                assert kinds[: len(kinds) // 2] == kinds[len(kinds) // 2 :]
            assert here == there
        histories = [a.ok(a.get(f"/v1/opportunities/{i}/status-history")) for a, i in ((api, mine), (stranger, theirs))]
        assert histories[0] == histories[1]

    def test_falls_with_the_days(self, api: Api) -> None:
        mine = applied(api)
        told = [outlook(api, mine, as_of=f"2026-{m:02}-{d:02}T12:00:00Z") for m in (4, 5, 6) for d in (1, 15)]
        falling = [one["probability"] for one in told]
        assert falling == sorted(falling, reverse=True)
        assert len(set(falling)) == len(falling)


def _list(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said] if isinstance(said, dict) else []


@contextmanager
def asked(api: Api) -> Iterator[list[str]]:
    """Collect the statements that ask for opportunities."""
    seen: list[str] = []
    with sent(api.house) as statements:
        yield seen
    tables = ("ghosting_step", "silence", "practice_waits")
    seen += [sql for sql, _ in statements if any(name in sql for name in tables)]
