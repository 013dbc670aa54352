"""The texts themselves. Each is signed by a coach as it stands: change the words, and raise the version."""

from collections.abc import Mapping
from types import MappingProxyType

from app.coaching.letters import notes
from app.coaching.letters.openings import CALLING, PROMISED, REFERRING, STILL_KEEN
from app.coaching.letters.template import Form, Key, Slot, Text
from app.coaching.vocabulary import DraftKind, Tone

W, N, B = Tone.WARM, Tone.NEUTRAL, Tone.BRIEF
WRITTEN, SHORT, SPOKEN = Form.WRITTEN, Form.SHORT, Form.SPOKEN


_NEWS: Slot = (
    "Is there {instead} that would suit you?",
    "Is there any news that you can share, or anything from my side that would help?",
)
_FOLLOW_UP: Mapping[Key, Text] = {
    (W, WRITTEN): Text(((("I hope your week is going well.",), STILL_KEEN), (PROMISED, _NEWS)), version=3),
    (N, WRITTEN): Text(
        (
            (REFERRING,),
            (
                PROMISED,
                (
                    "I remain interested and would be glad of {instead}.",
                    "I remain interested and would be glad to know how things stand.",
                ),
            ),
        ),
        version=3,
    ),
    (B, WRITTEN): Text(
        (
            (STILL_KEEN,),
            (
                (
                    "Is there {instead} that would suit you?",
                    "Is there any news? I am happy to help with anything you still need.",
                ),
            ),
        ),
        version=3,
    ),
    (W, SHORT): Text(
        (
            (
                (
                    "I am still thinking of our {meeting} on {met_on}.",
                    "It was a pity that we missed each other on {missed_on}.",
                    "I hope your week is going well.",
                ),
                (
                    "I am still keen on the {title} role: is there {instead} that would suit you?",
                    "How do things stand with the {title} role? I would love to hear.",
                ),
            ),
        ),
        version=2,
    ),
    (N, SHORT): Text(
        (
            (
                (
                    "I remain interested in the {title} role at {company}. Is there {instead} that would suit you?",
                    "I remain interested in the {title} role at {company}. May I ask how things stand?",
                ),
            ),
        ),
        version=2,
    ),
    (B, SHORT): Text(
        (
            (
                (
                    "Still keen on the {title} role. Is there {instead} that suits you?",
                    "Still keen on the {title} role. Any news?",
                ),
            ),
        ),
        version=2,
    ),
    (W, SPOKEN): Text(
        (
            (
                CALLING,
                (
                    "I am still very keen, and wondered whether there is {instead} that would suit you.",
                    "I am still very keen, and wondered whether there is any news you can share.",
                ),
            ),
            (
                (
                    "For {instead} I am glad to go by whatever is easiest for you.",
                    "If it is too early, that is quite all right. When would be a good time to hear from you?",
                ),
            ),
        ),
        version=3,
    ),
    (N, SPOKEN): Text(
        (
            (CALLING, ("May I ask for {instead}?", "May I ask how things stand?")),
            (("By when do you expect a decision?",),),
        ),
        version=3,
    ),
    (B, SPOKEN): Text(((CALLING, ("Is there {instead} that suits you?", "Is there any news?")),), version=3),
}
_THANK_YOU: Mapping[Key, Text] = {
    (W, WRITTEN): Text(
        (
            (
                ("Thank you for the time you gave me on {met_on}.", "Thank you for the time you gave me."),
                ("I enjoyed our {meeting} very much.", "I enjoyed meeting you very much."),
            ),
            (
                ("What you told me about {company} has made the {title} role even more attractive to me.",),
                ("If anything further would help you, please just ask.",),
            ),
        )
    ),
    (N, WRITTEN): Text(
        (
            (("Thank you for our {meeting} on {met_on}.", "Thank you for your time."),),
            (
                ("It has confirmed my interest in the {title} role at {company}.",),
                ("Should you need anything further from me, I will gladly send it.",),
            ),
        )
    ),
    (B, WRITTEN): Text(
        (
            (
                ("Thank you for our {meeting} on {met_on}.", "Thank you for your time."),
                ("I came away keener than ever on the {title} role, and look forward to the next step.",),
            ),
        )
    ),
    (W, SHORT): Text(
        (
            (
                ("Thank you so much for our {meeting} on {met_on}.", "Thank you so much for your time."),
                ("I enjoyed it, and the {title} role appeals to me even more now.",),
            ),
        )
    ),
    (N, SHORT): Text(
        (
            (
                ("Thank you for our {meeting} on {met_on}.", "Thank you for your time."),
                ("I remain very interested in the {title} role at {company}.",),
            ),
        )
    ),
    (B, SHORT): Text(((("Thank you for {met_on}. I am keen on the {title} role.", "Thank you for your time."),),)),
    (W, SPOKEN): Text(
        (
            (
                ("I only wanted to thank you for our {meeting} on {met_on}.", "I only wanted to thank you."),
                ("I enjoyed it very much, and I would love to do the {title} work with you.",),
            ),
        )
    ),
    (N, SPOKEN): Text(
        (
            (
                ("I am calling to thank you for our {meeting} on {met_on}.", "I am calling to thank you."),
                ("I remain very interested in the {title} role.",),
            ),
        )
    ),
    (B, SPOKEN): Text(((("Just a word of thanks for {met_on}.", "Just a word of thanks for your time."),),)),
}

#: The first line of an e-mail or letter; other channels have none.
SUBJECTS: Mapping[DraftKind, Mapping[Tone, str]] = MappingProxyType(
    {
        DraftKind.FOLLOW_UP: {W: "Still thinking of {company}", N: "{title} at {company}", B: "{title}: any news?"},
        DraftKind.THANK_YOU: {W: "Thank you", N: "Thank you: {title} at {company}", B: "Thank you"},
        **notes.SUBJECTS,
    }
)
TEXTS: Mapping[DraftKind, Mapping[Key, Text]] = MappingProxyType(
    {
        DraftKind.FOLLOW_UP: _FOLLOW_UP,
        DraftKind.THANK_YOU: _THANK_YOU,
        **notes.TEXTS,
    }
)
