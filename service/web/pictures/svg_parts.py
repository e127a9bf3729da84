"""Pieces of a picture: texts, lines, bars, and labels that keep out of each other's way."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

LETTER = 7.2  # average width of a letter at 13 units, to keep labels apart
_APART = 10.0


def text(x: float, y: float, words: str, kind: str) -> Markup:
    """A line of text; ``kind`` is the end of its class."""
    return Markup('<text class="pic-{kind}" x="{x}" y="{y}">{words}</text>').format(kind=kind, x=x, y=y, words=words)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight line."""
    return Markup('<line class="pic-{kind}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>').format(
        kind=kind, x1=x1, y1=y1, x2=x2, y2=y2
    )


def bar(start: float, end: float, top: float, height: float, kind: str) -> Markup:
    """A bar, at least wide enough to be seen."""
    return Markup('<rect class="pic-bar {kind}" x="{x}" y="{y}" width="{w}" height="{h}" rx="2"/>').format(
        kind=kind, x=start, y=top, w=max(round(end - start, 1), 3), h=height
    )


@dataclass(frozen=True, slots=True)
class Label:
    """A text beside a point; it stands to the right of ``x``, or to its left where the picture ends."""

    x: float
    words: str
    leftwards: bool

    @classmethod
    def beside(cls, x: float, words: str, right: float, *, gap: float = 12) -> Label:
        """The label of a point at ``x`` in a picture that ends at ``right``; ``gap`` lies between them."""
        leftwards = x + gap + len(words) * LETTER >= right
        return cls(round(x - gap if leftwards else x + gap, 1), words, leftwards)

    @property
    def extent(self) -> tuple[float, float]:
        """From where to where the words run."""
        width = len(self.words) * LETTER
        return (self.x - width, self.x) if self.leftwards else (self.x, self.x + width)

    def drawn(self, y: float, kind: str) -> Markup:
        return text(self.x, y, self.words, f"{kind} pic-end" if self.leftwards else kind)


def stack(labels: list[Label]) -> list[int]:
    """A row for each label, counted from 0, so that no two labels of a row touch."""
    taken: list[list[tuple[float, float]]] = []
    rows = []
    for label in labels:
        start, end = label.extent
        row = next(
            (n for n, extents in enumerate(taken) if all(end + _APART < a or b + _APART < start for a, b in extents)),
            len(taken),
        )
        if row == len(taken):
            taken.append([])
        taken[row].append((start, end))
        rows.append(row)
    return rows
