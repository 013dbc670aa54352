"""Signing in on the wire."""

import re
import unicodedata
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field

from app.kit.fields import Email, Id, Whole
from app.kit.schema import In, Out, Parsed, rule_error, string
from app.kit.shown import Shown

SHORTEST: Final = 8
LONGEST: Final = 256
_LONGEST_TOKEN: Final = 200
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
_ACCESS: Final = "cra_k3v8dV2tq0yq1mTz5l2mQ0Vb9uJ0cUoJ4bqk8l1ZC3Q"
_REFRESH: Final = "crr_9cQv1L0rY2nC6mWk3Hq8tXb5sDf7gJk0lPz4xVn2bMs"


def _new_password(value: object) -> str:
    text = _any_password(value)
    if _CONTROLS.search(text):
        raise rule_error("bad-character", "Holds a control character, which most keyboards cannot type.")
    size = len(unicodedata.normalize("NFKC", text))
    if size < SHORTEST:
        raise rule_error("too-short", f"At least {SHORTEST} characters.")
    if size > LONGEST:
        raise rule_error("too-long", f"At most {LONGEST} characters.")
    return text


def _any_password(value: object) -> str:
    if len(text := string(value)) > LONGEST * 4:
        raise rule_error("too-long", f"At most {LONGEST} characters.")
    return text


def _token(value: object) -> str:
    if len(text := string(value)) > _LONGEST_TOKEN:
        raise rule_error("too-long", f"At most {_LONGEST_TOKEN} characters.")
    return text


_WORDS = "Any characters but controls, counted after NFKC; spaces count. There are no rules of composition."
NewPassword = Annotated[
    str,
    Parsed(
        _new_password,
        {
            "type": "string",
            "format": "password",
            "minLength": SHORTEST,
            "maxLength": LONGEST,
            "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$",
        },
    ),
    Field(description=_WORDS),
]
Password = Annotated[str, Parsed(_any_password, {"type": "string", "format": "password", "maxLength": LONGEST * 4})]
Token = Annotated[str, Parsed(_token, {"type": "string", "format": "password", "maxLength": _LONGEST_TOKEN})]
AccessToken = Annotated[str, Shown(maxLength=47, pattern="^cra_[A-Za-z0-9_-]{43}$")]
RefreshToken = Annotated[str, Shown(maxLength=47, pattern="^crr_[A-Za-z0-9_-]{43}$")]
Seconds = Annotated[int, Shown(Whole(0, 86_400))]


class LoginIn(In):
    """Who signs in, and where to."""

    email: Email
    password: Password
    practice_id: Id | None = Field(
        default=None,
        description="Where to, for an address that is known in several practices; without it the one last used.",
    )

    known_by: ClassVar[tuple[str, ...]] = ("email", "password")
    example: ClassVar[dict[str, Any]] = {"email": "owner@example.com", "password": "correct horse battery staple"}


class TokensOut(Out):
    """What a sign-in hands out."""

    access_token: AccessToken = Field(description="For the header `Authorization: Bearer`.")
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  # RFC 6750's word, no secret
    expires_in: Seconds = Field(description="After how many seconds the access token ends.")
    refresh_token: RefreshToken = Field(description="Good for one exchange, within 30 days.")

    example: ClassVar[dict[str, Any]] = {
        "access_token": _ACCESS,
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": _REFRESH,
    }


class RefreshIn(In):
    """The token that continues or ends a sign-in."""

    refresh_token: Token

    known_by: ClassVar[tuple[str, ...]] = ("refresh_token",)
    example: ClassVar[dict[str, Any]] = {"refresh_token": _REFRESH}


class ForgotIn(In):
    """Whose password is forgotten."""

    email: Email

    known_by: ClassVar[tuple[str, ...]] = ("email",)
    example: ClassVar[dict[str, Any]] = {"email": "owner@example.com"}


class NewPasswordIn(In):
    """A single-use token, and the password that it sets."""

    token: Token
    password: NewPassword

    known_by: ClassVar[tuple[str, ...]] = ("token",)
    example: ClassVar[dict[str, Any]] = {
        "token": "cri_2bMs9cQv1L0rY2nC6mWk3Hq8tXb5sDf7gJk0lPz4xVn",
        "password": "correct horse battery staple",
    }
