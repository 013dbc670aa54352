"""People at the door: requests without a credential, and everybody who came in by one."""

from typing import Any

import httpx2 as httpx

from app.db.ids import new_id
from tests.support import build
from tests.support.api import Api, House

PASSWORD = "correct horse battery staple"
OTHER = "another long password"


def ask(house: House, path: str, **body: Any) -> httpx.Response:
    """Post to an operation of `/v1/auth` without a credential."""
    response: httpx.Response = house.client.post(f"/v1/auth/{path}", json=body)
    house.contract.check(response)
    return response


def address(name: str = "person") -> str:
    """Return an address that nobody else has."""
    return f"{name}.{new_id()}@example.com"


def invite(api: Api, role: str = "coach", **fields: Any) -> dict[str, Any]:
    """Invite a member and return the answer."""
    body = {"name": "Invited Example", "email": address(role), "role": role, **fields}
    made: dict[str, Any] = api.ok(api.post("/v1/members", body), 201)
    return made


def accept(house: House, token: str, password: str = PASSWORD) -> None:
    """Accept an invitation."""
    answer = ask(house, "invitations/accept", token=token, password=password)
    assert answer.status_code == 204, answer.text


def login(house: House, email: str, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
    """Sign in and return the tokens."""
    answer = ask(house, "login", email=email, password=password, **more)
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


def as_member(api: Api, role: str = "coach", **fields: Any) -> tuple[Api, dict[str, Any]]:
    """Invite a member who accepts and signs in; return the API as them, and their tokens."""
    made = invite(api, role, **fields)
    accept(api.house, made["invitation_token"])
    tokens = login(api.house, made["email"])
    return Api(api.house, tokens["access_token"], api.practice_id, made["id"], role), {**tokens, **made}


def invite_client(api: Api, **fields: Any) -> dict[str, Any]:
    """Make a client with an address, invite them, and return the answer."""
    person = build.client(api, **{"email": address("client"), **fields})
    invited: dict[str, Any] = api.ok(api.post(f"/v1/clients/{person['id']}/login"), 201)
    return invited


def as_client(api: Api, **fields: Any) -> tuple[Api, dict[str, Any]]:
    """Invite a client who accepts and signs in; return the API as them, and their tokens."""
    invited = invite_client(api, **fields)
    accept(api.house, invited["invitation_token"])
    tokens = login(api.house, invited["email"])
    return Api(api.house, tokens["access_token"], api.practice_id, "", "client"), {**tokens, **invited}


def works(api: Api) -> bool:
    """Tell whether the credential opens the door; when not, it must be said in the right way."""
    answer = api.get("/v1/me")
    assert answer.status_code == 200 or answer.json()["code"] in {"invalid-token", "expired-token"}
    return answer.status_code == 200
