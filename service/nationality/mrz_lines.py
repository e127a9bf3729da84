"""The shapes of a machine-readable zone: how many lines, how long, and where each field stands.

Source: ICAO Doc 9303, part 3 (characters), part 4 (TD3), 5 (TD1), 6 (TD2), 7 (MRV-A, MRV-B).
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from enum import StrEnum

from service.errors import HirescreenError

FILLER = "<"
ALPHABET = string.digits + string.ascii_uppercase  # the index of a character is its value
UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)  # str.upper() makes I of ı, SS of ß
JOINED = {90: 30, 88: 44, 72: 36}  # length of a zone that lost its line breaks: length of its lines

Place = tuple[int, int, int]  # line, first position and the one after the last, from 0


class MrzFormat(StrEnum):
    """The five kinds of zone in Doc 9303."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRV_A = "MRV-A"
    MRV_B = "MRV-B"


class MrzError(HirescreenError, ValueError):
    """This is not the machine-readable zone of a travel document."""

    def __init__(self, detail: str, *, line: int, position: int) -> None:
        """``line`` and ``position`` count from 1; the message never repeats what was read."""
        super().__init__(f"line {line}, position {position}: {detail}")
        self.line = line
        self.position = position


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """Where the fields of one format stand; a check digit stands right after its field.

    ``needed``: the characters that each line must have; fillers may be missing only after them.
    ``overflow``: optional data that may continue a long number. ``optional``: optional data with a check
    digit. ``composite``: what the last digit of the second line covers.
    """

    format: MrzFormat
    length: int
    needed: tuple[int, ...]
    name: Place
    number: Place
    nationality: Place
    birth: Place
    sex: Place
    expiry: Place
    overflow: Place | None = None
    optional: Place | None = None
    composite: tuple[Place, ...] = ()


def _two_lines(form: MrzFormat, length: int, *, visa: bool = False) -> Layout:
    """TD2, TD3 and the visas share the first 28 positions of their second line."""
    return Layout(
        format=form,
        length=length,
        needed=(6, 28 if visa else length),
        name=(0, 5, length),
        number=(1, 0, 9),
        nationality=(1, 10, 13),
        birth=(1, 13, 19),
        sex=(1, 20, 21),
        expiry=(1, 21, 27),
        overflow=(1, 28, 35) if form is MrzFormat.TD2 else None,
        optional=(1, 28, 42) if form is MrzFormat.TD3 else None,
        composite=() if visa else ((1, 0, 10), (1, 13, 20), (1, 21, length - 1)),
    )


TD1 = Layout(
    format=MrzFormat.TD1,
    length=30,
    needed=(15, 30, 1),
    name=(2, 0, 30),
    number=(0, 5, 14),
    nationality=(1, 15, 18),
    birth=(1, 0, 6),
    sex=(1, 7, 8),
    expiry=(1, 8, 14),
    overflow=(0, 15, 30),
    composite=((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
)
TD2 = _two_lines(MrzFormat.TD2, 36)
TD3 = _two_lines(MrzFormat.TD3, 44)
MRV_A = _two_lines(MrzFormat.MRV_A, 44, visa=True)
MRV_B = _two_lines(MrzFormat.MRV_B, 36, visa=True)


def lay_out(text: str) -> tuple[Layout, list[str]]:
    """The format of the zone in ``text`` and its lines, upper case and filled up to their length.

    MrzError where there is no such format, or a line has a character that no zone has.
    """
    lines = text.translate(UPPER).split()
    if len(lines) == 1 and (length := JOINED.get(len(lines[0]))):
        lines = [lines[0][at : at + length] for at in range(0, len(lines[0]), length)]
    for number, line in enumerate(lines, 1):
        for position, char in enumerate(line, 1):
            if char != FILLER and char not in ALPHABET:
                raise MrzError("only A to Z, 0 to 9 and < can stand here", line=number, position=position)
    layout = _layout_of(lines)
    for number, (line, needed) in enumerate(zip(lines, layout.needed, strict=True), 1):
        if len(line) > layout.length:
            raise MrzError(f"a line has {layout.length} characters", line=number, position=layout.length + 1)
        if len(line) < needed:
            raise MrzError("the line ends too early", line=number, position=len(line) + 1)
    return layout, [line.ljust(layout.length, FILLER) for line in lines]


def _layout_of(lines: list[str]) -> Layout:
    if len(lines) == len(TD1.needed):
        return TD1
    if len(lines) != len(TD3.needed):
        raise MrzError("a zone has two or three lines", line=max(len(lines), 1), position=1)
    long = max(len(line) for line in lines) > TD2.length
    if lines[0].startswith("V"):
        return MRV_A if long else MRV_B
    return TD3 if long else TD2
