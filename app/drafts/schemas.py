"""Drafts on the wire (API.md section 4)."""

from typing import Any, ClassVar

from pydantic import Field

from app.coaching.vocabulary import DraftChannel, DraftKind, Tone
from app.db.vocabulary import ContactRole
from app.kit import shown
from app.kit.fields import Day, Id
from app.kit.schema import In, Out


class DraftIn(In):
    """What is to be drafted, and how."""

    kind: DraftKind
    tone: Tone | None = Field(
        default=None, description="Default: `warm` for thanks, nudges and notes to an introducer, else `neutral`."
    )
    channel: DraftChannel = Field(default=DraftChannel.EMAIL, description="`phone` gives a script to speak from.")

    example: ClassVar[dict[str, Any]] = {"kind": "thank_you", "tone": "warm", "channel": "email"}


class AddresseeOut(Out):
    """Whom the draft addresses."""

    contact_id: Id
    name: shown.Name
    role: ContactRole


class TemplateOut(Out):
    """Which of the built-in texts it was made from."""

    id: shown.Slug
    version: shown.Version


class DraftOut(Out):
    """Words to send; nothing was sent or stored."""

    opportunity_id: Id
    kind: DraftKind
    channel: DraftChannel
    tone: Tone
    subject: shown.Name | None = Field(description="Null for `message` and `phone`, which have none.")
    body: shown.Note
    to: AddresseeOut | None = Field(description="Null where nobody is known by name.")
    hold_until: Day | None = Field(description="The client's local date before which it had better not go out.")
    hint: shown.Sentence | None = Field(description="A word to whoever sends it, in a sentence.")
    template: TemplateOut

    example: ClassVar[dict[str, Any]] = {
        "opportunity_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
        **DraftIn.example,
        "subject": "Thank you",
        "body": "Hello Kim Example,\n\nThank you for the time you gave me on Friday, 6 March. …\n\nWarm regards,\nMara",
        "to": {"contact_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5b", "name": "Kim Example", "role": "hiring_manager"},
        "hold_until": None,
        "hint": None,
        "template": {"id": "thank_you.email.warm", "version": 1},
    }
