"""The texts of answers, closing notes and notes to whoever made an introduction."""

from collections.abc import Mapping

from app.coaching.letters.template import Form, Key, Paragraph, Slot, Text
from app.coaching.vocabulary import DraftKind, Tone

W, N, B = Tone.WARM, Tone.NEUTRAL, Tone.BRIEF
WRITTEN, SHORT, SPOKEN = Form.WRITTEN, Form.SHORT, Form.SPOKEN

_THANKS_FOR_ASKING: Slot = (
    "Thank you for the offer of {offered_on} for the {title} role at {company}.",
    "Thank you for your message of {asked_on} about the {title} role at {company}.",
    "Thank you for your message about the {title} role at {company}.",
)
_HERE_IT_IS: Slot = (
    "I am glad to give you my answer by {due_on}, as you wished, and it comes with this note.",
    "I am glad to give you my answer, and it comes with this note.",
)
#: Where the answer itself is said: a script goes on behind it.
_SAY_IT: Paragraph = (("My answer is …",),)
_REPLY: Mapping[Key, Text] = {
    (W, WRITTEN): Text(
        (
            (_THANKS_FOR_ASKING, ("It was good to hear from you.",)),
            (_HERE_IT_IS,),
            (("If you need anything else, just say, and you will have it quickly.",),),
        )
    ),
    (N, WRITTEN): Text(
        (
            (_THANKS_FOR_ASKING,),
            (_HERE_IT_IS,),
            (("Please let me know if anything is missing.",),),
        )
    ),
    (B, WRITTEN): Text(((_THANKS_FOR_ASKING, ("My answer comes with this note.",)),)),
    (W, SHORT): Text(
        (
            (
                ("How good to have your offer of {offered_on}, thank you!", "How good to hear from you, thank you!"),
                ("My answer on the {title} role comes with this; tell me if anything is missing.",),
            ),
        )
    ),
    (N, SHORT): Text(
        (
            (
                ("Thank you for your offer of {offered_on}.", "Thank you for your message."),
                ("My answer on the {title} role comes with this.",),
            ),
        ),
        version=2,
    ),
    (B, SHORT): Text(((("Thank you. My answer comes with this.",),),)),
    (W, SPOKEN): Text(
        (
            (
                (
                    "I was so glad to have your offer of {offered_on}.",
                    "I was glad to have your message of {asked_on}.",
                    "I was glad to have your message.",
                ),
                ("I am calling to give you my answer on the {title} role.",),
            ),
            _SAY_IT,
            (("Is there anything else that you need from me?",),),
        ),
        version=2,
    ),
    (N, SPOKEN): Text(
        (
            (
                (
                    "I am calling about your offer of {offered_on}.",
                    "I am calling about your message of {asked_on}.",
                    "I am calling about your message.",
                ),
                ("I would like to give you my answer on the {title} role.",),
            ),
            _SAY_IT,
            (("Is there anything else that you need?",),),
        ),
        version=2,
    ),
    (B, SPOKEN): Text(((("I have my answer on the {title} role ready, if you have a minute.",),), _SAY_IT), version=2),
}
_NO_WORD: Slot = (
    "I applied for the {title} role at {company} on {applied_on} and take it that things went another way.",
    "I answered you about the {title} role at {company} on {answered_on} and take it that things went another way.",
    "We were introduced on {introduced_on} for the {title} role at {company}; I take it that things went another way.",
    "I wrote to you about the {title} role at {company} on {wrote_on} and take it that things went another way.",
    "I have not heard about the {title} role at {company} since {since} and take it that things went another way.",
    "I have not heard about the {title} role at {company} for a while and take it that things went another way.",
)
_CLOSING: Mapping[Key, Text] = {
    (W, WRITTEN): Text(
        (
            (_NO_WORD, ("That is quite all right, and I will not ask again.",)),
            (
                ("Thank you for our {meeting} on {met_on}, which I enjoyed.", "Thank you for considering me."),
                ("Should things change, I would be glad to hear from you. I wish you and the team well.",),
            ),
        ),
        version=2,
    ),
    (N, WRITTEN): Text(
        (
            (_NO_WORD, ("I will therefore turn to other things.",)),
            (
                ("Thank you for our {meeting} on {met_on}.", "Thank you for considering me."),
                ("Should the role come up again, I would be glad to hear from you.",),
            ),
        ),
        version=2,
    ),
    (B, WRITTEN): Text(
        (
            (
                _NO_WORD,
                ("Thank you for your time. If that changes, you know where to find me.",),
            ),
        ),
        version=2,
    ),
    (W, SHORT): Text(
        (
            (
                ("I take it that the {title} role went another way, and that is quite all right.",),
                ("Thank you for your time; should things change, I would be glad to hear from you.",),
            ),
        )
    ),
    (N, SHORT): Text(
        (
            (
                ("I take it that the {title} role at {company} went another way, and will turn to other things.",),
                ("Thank you for considering me.",),
            ),
        )
    ),
    (B, SHORT): Text(((("I take it that the {title} role went another way. Thank you, and all the best.",),),)),
    (W, SPOKEN): Text(
        (
            (
                ("I take it that the {title} role went another way, and that is quite all right.",),
                ("I only wanted to thank you, and to say that you can always call me should things change.",),
            ),
        )
    ),
    (N, SPOKEN): Text(
        (
            (
                ("I take it that the {title} role went another way, and I am turning to other things.",),
                ("Thank you for considering me.",),
            ),
        )
    ),
    (B, SPOKEN): Text(((("I take it that the {title} role went another way. All the best to you.",),),)),
}
_INTRODUCED: Slot = (
    "Thank you again for introducing me to {introduced_to} at {company}.",
    "Thank you again for opening the door to {company} for me on {introduced_on}.",
    "Thank you again for opening the door to {company} for me.",
)
_INTRODUCER: Mapping[Key, Text] = {
    (W, WRITTEN): Text(
        (
            (_INTRODUCED, ("It meant a great deal to me.",)),
            (
                ("I wanted you to know how it stands with the {title} role: {standing}",),
                ("Should you hear {hear} there, I would be grateful for a word.",),
            ),
            (("And if there is ever something that I can do for you, please ask.",),),
        )
    ),
    (N, WRITTEN): Text(
        (
            (_INTRODUCED,),
            (("I would like to tell you how it stands with the {title} role: {standing}",),),
            (("If I can be of use to you in return, please let me know.",),),
        )
    ),
    (B, WRITTEN): Text(((_INTRODUCED, ("A short word on how it stands: {standing}",)),)),
    (W, SHORT): Text(
        ((_INTRODUCED, ("How it stands: {standing}",), ("If I can ever do something for you, please ask.",)),)
    ),
    (N, SHORT): Text(((_INTRODUCED, ("How it stands: {standing}",)),)),
    (B, SHORT): Text(((("Thank you for the introduction. How it stands: {standing}",),),)),
    (W, SPOKEN): Text(
        (
            (_INTRODUCED, ("I wanted to tell you myself how it stands: {standing}",)),
            (("And how are you? Is there anything that I can do for you?",),),
        )
    ),
    (N, SPOKEN): Text(((_INTRODUCED, ("I am calling to tell you how it stands: {standing}",)),)),
    (B, SPOKEN): Text(((("Thank you for the introduction. How it stands: {standing}",),),)),
}

SUBJECTS: Mapping[DraftKind, Mapping[Tone, str]] = {
    DraftKind.REPLY: {W: "Your message: {title}", N: "{title} at {company}: my answer", B: "{title}: my answer"},
    DraftKind.CLOSING_NOTE: {W: "Thank you, {company}", N: "{title} at {company}", B: "{title}"},
    DraftKind.INTRODUCER_NOTE: {W: "Thank you for the introduction", N: "{company}: how it stands", B: "{company}"},
}
TEXTS: Mapping[DraftKind, Mapping[Key, Text]] = {
    DraftKind.REPLY: _REPLY,
    DraftKind.CLOSING_NOTE: _CLOSING,
    DraftKind.INTRODUCER_NOTE: _INTRODUCER,
}
