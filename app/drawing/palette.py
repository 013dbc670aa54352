"""The colours of the pictures, by light and by dark, and the style sheet made of them.

Text stands on the ground or on the fill of a tone and keeps 4.5 : 1 on both; the line of a tone keeps 3 : 1 against the
ground. A test measures all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Tone:
    """One colour: a quiet fill that text can stand on, and a line that is seen against the ground."""

    fill: str
    line: str


@dataclass(frozen=True, slots=True)
class Theme:
    """All colours of one brightness; `marks` are strong enough to carry the ground's colour as text."""

    ground: str
    ink: str
    muted: str
    rule: str
    tones: Mapping[str, Tone]
    marks: Mapping[str, str]


LIGHT = Theme(
    ground="#ffffff",
    ink="#1b2430",
    muted="#53606e",
    rule="#d5dbe2",
    tones=MappingProxyType(
        {
            "not_started": Tone("#eef1f4", "#7b8794"),
            "your_move": Tone("#ffe3bf", "#b5690c"),
            "scheduled": Tone("#d3e4ff", "#3470c2"),
            "waiting": Tone("#e2eaf2", "#617d99"),
            "on_hold": Tone("#e8def7", "#7d5cb3"),
            "follow_up_due": Tone("#cdeed8", "#2c8551"),
            "follow_up_overdue": Tone("#f7e8b0", "#907000"),
            "ball_in_their_court": Tone("#d3edef", "#2a7f8a"),
            "ghosted": Tone("#dcd9df", "#6d6571"),
            "closed": Tone("#cfd5dc", "#5a6572"),
            "stage": Tone("#b9cdec", "#4a6fa8"),
            "live": Tone("#bfe3e6", "#2a7f8a"),
            "accepted": Tone("#b5e3c4", "#2c8551"),
            "rejected": Tone("#f2d0cf", "#b1514f"),
            "own": Tone("#e0d3f3", "#7d5cb3"),
            "gone": Tone("#eadfce", "#8a6d42"),
        }
    ),
    marks=MappingProxyType({"candidate": "#1f5fbf", "employer": "#96480a", "both": "#1b2430", "nobody": "#53606e"}),
)
DARK = Theme(
    ground="#12171e",
    ink="#e7ecf2",
    muted="#a9b5c1",
    rule="#333d49",
    tones=MappingProxyType(
        {
            "not_started": Tone("#242b34", "#8390a0"),
            "your_move": Tone("#5a3a0c", "#dd9d42"),
            "scheduled": Tone("#1b3d6b", "#6ca6f0"),
            "waiting": Tone("#28394a", "#819fbd"),
            "on_hold": Tone("#40305f", "#ad90e3"),
            "follow_up_due": Tone("#17482c", "#50bb7f"),
            "follow_up_overdue": Tone("#4d400c", "#cfad33"),
            "ball_in_their_court": Tone("#12434a", "#4db2be"),
            "ghosted": Tone("#3c3842", "#a59dad"),
            "closed": Tone("#343c47", "#95a1af"),
            "stage": Tone("#2b4570", "#7ea3dc"),
            "live": Tone("#165058", "#4db2be"),
            "accepted": Tone("#1b5735", "#50bb7f"),
            "rejected": Tone("#5c2f30", "#dc8583"),
            "own": Tone("#45346a", "#ad90e3"),
            "gone": Tone("#4a3d28", "#c2a374"),
        }
    ),
    marks=MappingProxyType({"candidate": "#8ab8ff", "employer": "#f0b072", "both": "#e7ecf2", "nobody": "#a9b5c1"}),
)
_FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",Arial,sans-serif'
_SHAPES = (
    f"text{{font-family:{_FONTS};font-size:12px}}.h1{{font-size:19px;font-weight:600}}.h2{{font-size:13px}}"
    ".b{font-weight:600}.s{font-size:11px}.n{font-size:10px;font-weight:600}.m{text-anchor:middle}.e{text-anchor:end}"
    ".line,.stem{stroke-width:1;fill:none}.dash{stroke-width:1.2;stroke-dasharray:3 3;fill:none}.now{stroke-width:1.5}"
    ".ahead{fill-opacity:.45;stroke-dasharray:3 3}.shade{fill-opacity:.4;stroke:none}.open{stroke-width:1.8}"
    ".flow{stroke-opacity:.45;stroke-width:.8;fill-opacity:.7}"
)


def _themed(theme: Theme) -> str:
    rules = [
        f".ground{{fill:{theme.ground}}}",
        f".ink{{fill:{theme.ink}}}",
        f".muted{{fill:{theme.muted}}}",
        f".over{{fill:{theme.ground}}}",
        f".line{{stroke:{theme.rule}}}",
        f".dash{{stroke:{theme.muted}}}",
        f".stem{{stroke:{theme.muted}}}",
        f".now{{stroke:{theme.ink}}}",
    ]
    rules += [f".t-{name}{{fill:{tone.fill};stroke:{tone.line}}}" for name, tone in theme.tones.items()]
    for name, colour in theme.marks.items():
        rules += [f".k-{name}{{fill:{colour};stroke:{theme.ground}}}"]
        rules += [f".o-{name}{{fill:{theme.ground};stroke:{colour}}}"]
    return "".join(rules)


#: The same for every picture, so the security policy can name it by its hash.
STYLE = f"{_themed(LIGHT)}@media (prefers-color-scheme:dark){{{_themed(DARK)}}}{_SHAPES}"
