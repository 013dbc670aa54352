"""What the first and last lines are: by channel and tone, and what a nudge refers to."""

from collections.abc import Mapping
from types import MappingProxyType

from app.coaching.letters.template import Paragraph, Slot
from app.coaching.vocabulary import DraftChannel, Tone

_HELLO: Slot = ("Hello {contact},", "Hello,")
_DEAR: Slot = ("Dear {contact},", "Dear {team} team,", "Hello,")
_THIS_IS: Slot = ("Hello {contact}, this is {client}.", "Hello, this is {client}.")

Frame = tuple[tuple[Paragraph, ...], tuple[Paragraph, ...]]


def _letter(greeting: Slot, closing: str) -> Frame:
    return ((("{today}",),), (greeting,)), (((f"{closing},\n{{client}}",),),)


def _email(greeting: Slot, closing: str) -> Frame:
    return ((greeting,),), (((f"{closing},\n{{client}}",),),)


def _call(closing: str) -> Frame:
    return ((_THIS_IS,),), (((closing,),),)


#: The paragraphs before and behind the text itself.
FRAMES: Mapping[tuple[DraftChannel, Tone], Frame] = MappingProxyType(
    {
        (DraftChannel.EMAIL, Tone.WARM): _email(_HELLO, "Warm regards"),
        (DraftChannel.EMAIL, Tone.NEUTRAL): _email(_DEAR, "Kind regards"),
        (DraftChannel.EMAIL, Tone.BRIEF): _email(_HELLO, "Best"),
        (DraftChannel.LETTER, Tone.WARM): _letter(_DEAR, "With warm regards"),
        (DraftChannel.LETTER, Tone.NEUTRAL): _letter(_DEAR, "Yours sincerely"),
        (DraftChannel.LETTER, Tone.BRIEF): _letter(_DEAR, "Kind regards"),
        (DraftChannel.MESSAGE, Tone.WARM): (((_HELLO,),), ((("Warmly, {client}",),),)),
        (DraftChannel.MESSAGE, Tone.NEUTRAL): (((_HELLO,),), ((("Kind regards, {client}",),),)),
        (DraftChannel.MESSAGE, Tone.BRIEF): (((_HELLO,),), ((("{client}",),),)),
        (DraftChannel.PHONE, Tone.WARM): _call("Thank you so much, and have a lovely day."),
        (DraftChannel.PHONE, Tone.NEUTRAL): _call("Thank you for your time. Goodbye."),
        (DraftChannel.PHONE, Tone.BRIEF): _call("Thank you, goodbye."),
    }
)

#: What a nudge comes back to: the latest turn that is known, in full sentences.
STILL_KEEN: Slot = (
    "Our {meeting} on {met_on} is still on my mind, and so is the {title} role at {company}.",
    "I sent you my answer on {answered_on} and am as keen on the {title} role at {company} as before.",
    "Since we were introduced on {introduced_on} I have thought a good deal about the {title} role at {company}.",
    "I applied for the {title} role at {company} on {applied_on} and am as interested as I was then.",
    "I wrote to you on {wrote_on} about the {title} role at {company} and am as interested as I was then.",
    "It was a pity that we missed each other on {missed_on}; I am as keen on the {title} role at {company} as before.",
    "Thank you again for the good news of {told_on}; I look forward to the written offer for the {title} role.",
    "Thank you again for your message of {they_wrote_on}; I am as keen on the {title} role at {company} as before.",
    "I am still very interested in the {title} role at {company}.",
)
#: The same, without colour.
REFERRING: Slot = (
    "I am writing about the {title} role at {company} and our {meeting} on {met_on}.",
    "I am writing about the {title} role at {company} and the answer that I sent on {answered_on}.",
    "I am writing about the {title} role at {company}, for which we were introduced on {introduced_on}.",
    "I am writing about my application of {applied_on} for the {title} role at {company}.",
    "I am writing about the {title} role at {company} and my message of {wrote_on}.",
    "I am writing about the {title} role at {company} and our appointment of {missed_on}, which did not take place.",
    "I am writing about the {title} role at {company} and the offer that you told me of on {told_on}.",
    "I am writing about the {title} role at {company} and your message of {they_wrote_on}.",
    "I am writing about the {title} role at {company}.",
)
#: The same, spoken.
CALLING: Slot = (
    "I am calling about the {title} role: we met on {met_on}.",
    "I am calling about the {title} role: I sent my answer on {answered_on}.",
    "I am calling about the {title} role: we were introduced on {introduced_on}.",
    "I am calling about the {title} role: I applied on {applied_on}.",
    "I am calling about the {title} role: I wrote to you on {wrote_on}.",
    "I am calling about the {title} role: our appointment of {missed_on} did not take place.",
    "I am calling about the {title} role: you told me of an offer on {told_on}.",
    "I am calling about the {title} role: you wrote to me on {they_wrote_on}.",
    "I am calling about the {title} role at {company}.",
)
PROMISED: Slot = ("You had hoped to be in touch by {promised_on}, so I thought I would ask.",)
