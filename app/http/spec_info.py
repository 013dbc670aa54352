"""What the OpenAPI document says about the service as a whole."""

from typing import Any, Final

Json = dict[str, Any]

_DESCRIPTION = """\
Crickets keeps the clients of a job-search coaching practice, their opportunities, and what happened on each. From those
facts alone it computes, exactly and for any instant, where every opportunity stands in the employer's silence, and what
to do next.

Times are UTC with six fraction digits; ids are UUIDs; every error is an `application/problem+json` document whose
`code` is stable. Readers must accept unknown fields and unknown values of open lists."""

_TAGS = {
    "development activities": "What builds credentials beside the search, and what came of it.",
    "drafts": "Words to send: a nudge, a thank-you, an answer; nothing is sent by the service.",
    "insights": "How employers and the people there have answered.",
    "next actions": "What to do: the advice of the rules and what people set themselves, with what they decided.",
    "pictures": "A timeline and a search as pictures for people, with words for those who do not see them.",
    "plans": "What to do besides waiting, and a search in numbers.",
    "wins": "Small successes, noted or derived from what happened.",
    "access": "Who you are and what you may do.",
    "clients": "The people coached and what is held about them.",
    "companies": "Employers, agencies and the people there.",
    "guidance": "Whose move it is, who is being ghosted, and what to do today.",
    "imports": "A job-search log goes in, true statuses come out.",
    "interactions": "What happened on an opportunity: the timeline everything derives from.",
    "opportunities": "One role pursued by one client at one company.",
    "policy": "The waiting periods of the practice.",
    "service": "The service itself: is it well, and what does it know.",
    "sync": "What has changed, for devices that were away.",
}

#: The name of the security scheme.
BEARER: Final = "bearer"
SECURITY_SCHEMES: Final[Json] = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "description": (
            "An API key of a member (`Authorization: Bearer crk_…`) or the access token of a sign-in (`cra_…`). "
            "Operations name their scopes."
        ),
    }
}

#: Relative, hence true wherever the document is read from.
SERVERS: Final[list[Json]] = [
    {
        "url": "/",
        "description": "The service that serves this document: production over https, or a test or local one.",
        "x-internal": False,
    }
]


def info(version: str) -> Json:
    """Return the head of the document."""
    return {
        "title": "Crickets",
        "version": version,
        "summary": "Who is being ghosted, whose move it is, and what to do today.",
        "description": _DESCRIPTION,
        "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        "contact": {
            "name": "The developers of Crickets",
            "url": "https://crickets.example/support",
            "email": "support@crickets.example",
        },
    }


def tags(used: set[str]) -> list[Json]:
    """Return the tags that some operation bears, by name."""
    return [{"name": name, "description": _TAGS[name]} for name in sorted(used)]
