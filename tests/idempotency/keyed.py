"""Requests with an Idempotency-Key."""

from typing import Any

import httpx2 as httpx

from tests.support.api import Api, House

PERSON = {"name": "Client Example", "time_zone": "UTC", "employment_status": "employed"}
NOTE = {"kind": "note", "occurred_at": "2026-03-01T12:00:00Z"}


def post(api: Api, path: str, json: Any = None, *, key: str = "k", **more: Any) -> httpx.Response:
    """Post with a key."""
    headers = {"Idempotency-Key": key, **more.pop("headers", {})}
    return api.post(path, json, headers=headers, **more)


def ask(house: House, path: str, key: str = "k", **body: Any) -> httpx.Response:
    """Post to an operation of `/v1/auth` without a credential, with a key."""
    response: httpx.Response = house.client.post(f"/v1/auth/{path}", json=body, headers={"Idempotency-Key": key})
    house.contract.check(response)
    return response


def is_replay(answer: httpx.Response) -> bool:
    """Say whether an answer is one that was given before."""
    marked = answer.headers.get("idempotent-replayed")
    assert marked in {None, "true"}
    return marked is not None


def code(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return answer.status_code, answer.json()["code"]
