"""What the index keeps of a spelling: its words and the keys under which it is found. Read once, then carried on.

Reading a name is what takes its time in building an index. It depends on the spelling and its kind alone, so
several processes can share it, and an index takes over what an earlier one has read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from service.matching import chinese, korean, mandarin
from service.matching.comparison import Readings, read
from service.matching.lexicon import Words
from service.matching.names import ParsedName, Role, Token
from service.matching.packed import Columns, Numbers, Runs, Texts, key_of, numbered
from service.matching.tokens import shapes
from service.matching.transliterate import sound_key


@dataclass(frozen=True, kw_only=True, slots=True)
class Read(Columns):
    """What was read of each of some spellings."""

    texts: Texts
    words: Runs  # those that count, as places in a vocabulary
    own: npt.NDArray[np.bool_]  # whether a word identifies
    initials: npt.NDArray[np.bool_]
    pairs: Runs  # keys of the sounds of two neighbours written as one word
    keys: Runs  # of the exact name and of syllables
    squeezed: Texts  # without its spaces
    formless: Texts  # and without its legal form, where that is another


@dataclass(frozen=True, slots=True)
class Spellings:
    """Different spellings of names of one kind, and their different words in the order in which they have them."""

    read: Read
    vocabulary: Words

    @classmethod
    def of(cls, texts: Sequence[str], kind: str) -> Spellings:
        """Read names of a kind, which are all different."""
        known: dict[tuple[str, str, Role], int] = {}
        tokens: list[Token] = []
        words, pairs, keys, own, initials, parsed = [], [], [], [], [], []
        for text in texts:
            readings = read(text, kind)
            chosen = words_that_count(readings.parsed)
            for token in chosen:
                if known.setdefault((token.text, token.written, token.role), len(tokens)) == len(tokens):
                    tokens.append(token)
            words.append([known[token.text, token.written, token.role] for token in chosen])
            pairs.append(sorted(map(key_of, {*pairs_as_one(chosen)} - {""})))
            keys.append(sorted(lookup_keys(readings)))
            own.append(any(token.counts for token in chosen))
            initials.append(any(token.role is Role.INITIAL for token in readings.parsed.tokens))
            parsed.append(readings.parsed)
        every = Read(
            texts=Texts.of(texts),
            words=Runs.of(words, np.int32),
            own=np.array(own, dtype=np.bool_),
            initials=np.array(initials, dtype=np.bool_),
            pairs=Runs.of(pairs, np.uint64),
            keys=Runs.of(keys, np.uint64),
            squeezed=Texts.of(name.squeezed for name in parsed),
            formless=Texts.of(name.joined if name.joined != name.squeezed else "" for name in parsed),
        )
        return cls(every, Words.of(tokens, organisation=kind == "organisation"))

    @classmethod
    def gathered(cls, many: Sequence[Spellings], places: Numbers) -> Spellings:
        """Those at these places among the spellings of all; no other's words are left."""
        starts = np.cumsum([0, *(len(each.vocabulary) for each in many)])
        words = Words.joined([each.vocabulary for each in many])
        shifted = [
            replace(each.read, words=Runs(each.read.words.values + start, each.read.words.ends))
            for each, start in zip(many, starts, strict=False)
        ]
        met = Read.joined(shifted).take(places)
        numbers, firsts = numbered(words.itself[met.words.values])
        return cls(
            replace(met, words=Runs(numbers.astype(np.int32), met.words.ends)), words.take(met.words.values[firsts])
        )

    def __len__(self) -> int:
        return len(self.read.texts)


def words_that_count(name: ParsedName) -> list[Token]:
    """The words whose absence on both sides would contradict; where there are none, all but legal forms."""
    own = [t for t in name.tokens if t.counts]
    return own or [t for t in name.tokens if t.role not in (Role.LEGAL, Role.PARTICLE)] or list(name.tokens)


def pairs_as_one(tokens: Sequence[Token]) -> list[str]:
    """The sound of each two neighbours written as one word; an empty string where they cannot be."""
    return ["" if a.abjad or b.abjad else sound_key(a.text + b.text) for a, b in pairwise(tokens)]


def lookup_keys(readings: Readings) -> set[int]:
    """The keys under which a name is found as it is, or by its syllables."""
    parsed = readings.parsed
    exact = {" ".join(parsed.key), "".join(parsed.key), parsed.shuffled}
    exact |= shapes(parsed.joined) | shapes(parsed.squeezed)
    if readings.imitated is not None:
        exact.add(readings.imitated.joined)
    syllables = {f"ko {key}" for key in korean.keys(readings.korean) | mandarin.keys(readings.mandarin)}
    syllables |= {f"zh {key}" for key in chinese.keys(readings.chinese)}
    return {key_of(key) for key in exact - {""}} | {key_of(f"\0{key}") for key in syllables}
