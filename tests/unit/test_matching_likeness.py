"""The sweep over a vocabulary finds what asking every word would find, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.matching.alignment import CLEAR, token_similarity
from service.matching.likeness import Vocabulary
from service.matching.names import Token, parse_name
from service.matching.tokens import LEAST

_NAMES = """
Mohammed Muhammad Mohamad Mahmoud Hamid Ahmed Abdulrahman Rahman Abdul Aziz Azis
Sergey Sergei Serhiy Ivanov Ivanova Rotenbergskaya Rotenbergskiy Oleksandrovych Aleksandr
Kim Kym Ri Rhee Li Jong Chong Jung Un Eun Hyok Hyuk Chol Cheol Yong Young
Schmidt Shmid Tschaikowski Chaykovsky Jaques Jacques Jean Philippe Filip Phillip
Genco Jenko Zenko Dzhenko Namgang Namhung Mansudae Rungrado Trading General Corporation
محمد أحمد حسين عبدالرحمن 39 392 3 A B
""".split()
_LETTERS = st.text("abcdeghiklmnorstuyz", min_size=1, max_size=11)


def tokens(words: list[str], kind: str) -> list[Token]:
    return [t for word in words for t in parse_name(word, kind).tokens]


def vocabulary(known: list[Token], kind: str) -> Vocabulary:
    return Vocabulary.of(known, organisation=kind == "organisation")


def asked_one_by_one(made: Vocabulary, token: Token, least: float) -> set[int]:
    found = set()
    for number, other in enumerate(made.tokens):
        value, how = token_similarity(token, other, organisation=made.organisation)
        if token.text == other.text or (value >= least and how != "initial"):
            found.add(number)
    return found


@pytest.mark.parametrize("kind", ["person", "organisation"])
@pytest.mark.parametrize("least", [LEAST, CLEAR])
def test_every_like_word_is_found_and_no_other(kind: str, least: float) -> None:
    known = tokens(_NAMES, kind)
    made = vocabulary(known, kind)
    for token in known:
        found = set(made.like(token, least).tolist())
        missed = asked_one_by_one(made, token, least) ^ found
        assert not missed, (token.text, [made.tokens[i].text for i in missed])


@pytest.mark.parametrize("kind", ["person", "organisation"])
@settings(max_examples=60, deadline=None)
@given(words=st.lists(_LETTERS, min_size=1, max_size=25), query=_LETTERS)
def test_made_up_words_are_no_different(kind: str, words: list[str], query: str) -> None:
    made = vocabulary(tokens([*words, *_NAMES], kind), kind)
    for token in tokens([query, *words[:3]], kind):
        for least in (LEAST, CLEAR):
            assert set(made.like(token, least).tolist()) == asked_one_by_one(made, token, least)
        numbers = np.arange(len(made))
        among = set(np.flatnonzero(made.like_among(token, numbers)).tolist())
        assert among == asked_one_by_one(made, token, LEAST)
