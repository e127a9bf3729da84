"""Token alignment: what is left out is cheap, what contradicts is dear.

Every token of one name is paired with at most one of the other, or with two neighbours written as one word.
What stays over on one side only was left out; what stays over on both sides contradicts, and one real
contradiction keeps a name under the threshold however much else agrees.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import OSA

from service.matching.names import ParsedName, Role, Token
from service.matching.tokens import LEAST, abjad_similarity, similarity, soft_similarity
from service.matching.transliterate import sound_key
from service.screening.match import AlignedToken

CONTRADICTION = 1.2  # weight of a contradiction against an agreement of the same size
OMITTED_IN_LISTED = 0.43  # the query says more than the list
OMITTED_IN_QUERY = 0.09  # the list says more than the query
CONTRADICTED_AT_MOST = 0.76  # a name with a real contradiction scores no more than this
UNIDENTIFIED_AT_MOST = 0.6  # nothing that identifies an organisation agrees
_JOINED_LIKE = 0.9  # how alike a word and two neighbours must be
_MANY = 99
_LEAST_OWN_LETTERS = 5  # of the words of an organisation's own, for one of them to be forgiven
_LEAST_LETTERS = 8  # and of its whole name
_SURE_WORD = 0.8  # and where other words are left out besides
_SLIPS_IN_A_FORM = (3, 7)  # letters from which on one slip and two are forgiven in a legal form
_BUT_FOR_A_SLIP = (
    0.8  # what the name of an organisation is worth whose own words differ in one letter, if no word is over
)
CLEAR = 0.75  # how alike a word that identifies must be, at least one of them
PARTIAL_PERSON_AT_MOST = 0.74  # one name of several is not a person


@dataclass(frozen=True, slots=True)
class Alignment:
    """``score``: 0 to 1. ``pairs``: (query tokens, listed tokens, similarity, how)."""

    score: float
    pairs: tuple[tuple[tuple[int, ...], tuple[int, ...], float, str], ...]
    query_over: tuple[int, ...]
    listed_over: tuple[int, ...]


NOTHING = Alignment(0.0, (), (), ())


def align(query: ParsedName, listed: ParsedName) -> Alignment:
    """The best pairing of two parsed names and its score."""
    if not query.tokens or not listed.tokens:
        return NOTHING
    pairs = _choose(_possible_pairs(query, listed))
    used_query = {i for pair in pairs for i in pair[0]}
    used_listed = {j for pair in pairs for j in pair[1]}
    query_over = tuple(i for i in range(len(query.tokens)) if i not in used_query)
    listed_over = tuple(j for j in range(len(listed.tokens)) if j not in used_listed)
    counted = query_over, listed_over
    if query.kind == "organisation" and (query_over or listed_over):
        counted = (
            _without_misspelt_forms(query, query_over, listed),
            _without_misspelt_forms(listed, listed_over, query),
        )
    score = _score(query, listed, pairs, *counted)
    return Alignment(score, tuple(pairs), query_over, listed_over)


def _without_misspelt_forms(name: ParsedName, over: tuple[int, ...], other: ParsedName) -> tuple[int, ...]:
    """What is left over but for words of the other's legal form or generic words, misspelt: LIMTIED, COMPANs."""
    forms = [w for t in other.tokens if t.role in (Role.LEGAL, Role.GENERIC) for w in t.written.split()]
    return tuple(
        i
        for i in over
        if name.tokens[i].role is not Role.CONTENT or not any(_is_misspelt(name.tokens[i].text, form) for form in forms)
    )


def _is_misspelt(word: str, form: str) -> bool:
    slips = sum(len(form) >= length for length in _SLIPS_IN_A_FORM)
    return OSA.distance(word, form, score_cutoff=slips) <= slips


Pair = tuple[tuple[int, ...], tuple[int, ...], float, str]


def _possible_pairs(query: ParsedName, listed: ParsedName) -> list[Pair]:
    found: list[Pair] = []
    organisation = query.kind == "organisation"
    for i, a in enumerate(query.tokens):
        for j, b in enumerate(listed.tokens):
            if a.text == b.text and a.text:
                found.append(((i,), (j,), 1.0, "same" if a.written == b.written else "transliteration"))
                continue
            value, how = token_similarity(a, b, organisation=organisation)
            if value >= LEAST:
                found.append(((i,), (j,), value, how))
    found += _joined_pairs(query.tokens, listed.tokens, swap=False)
    found += _joined_pairs(listed.tokens, query.tokens, swap=True)
    return found


def token_similarity(a: Token, b: Token, *, organisation: bool) -> tuple[float, str]:
    """(0 to 1, how) for two tokens."""
    if a.abjad or b.abjad:
        one, other = (a.written if a.abjad else a.text), (b.written if b.abjad else b.text)
        return abjad_similarity(one, other), "spelling" if a.abjad and b.abjad else "transliteration"
    if len(a.text) == 1 or len(b.text) == 1:
        if organisation:
            return 0.0, ""  # an initial stands for a given name, not for a firm's
        if a.text[:1] == b.text[:1] and Role.NUMBER not in (a.role, b.role):
            return 0.8, "initial"
        return 0.0, ""
    if Role.NUMBER in (a.role, b.role):
        return (1.0, "same") if a.text == b.text else (0.0, "")
    value = similarity(a.text, b.text, a.sound, b.sound)
    if organisation and value < 0.9 and a.role is Role.CONTENT and b.role is Role.CONTENT:
        soft = soft_similarity(a.text, b.text)
        if soft > value:
            return soft, "sound_alike"
    same_script = a.written.isascii() == b.written.isascii()
    how = "sound_alike" if a.sound == b.sound else "spelling"
    return value, how if same_script else "transliteration"


def _joined_pairs(single: tuple[Token, ...], many: tuple[Token, ...], *, swap: bool) -> list[Pair]:
    """One token on the one side that is two or three neighbours (or initials) on the other."""
    found: list[Pair] = []
    for i, a in enumerate(single):
        length = len(a.text)
        if length < 2 or a.abjad:
            continue
        starts = [j for j, t in enumerate(many) if not t.text or t.text[0] == a.text[0]]  # no other start can join
        for size in (2, 3, 4):
            for j in starts:
                if j + size > len(many):
                    break
                value = _joined(a, many[j : j + size], length)
                if value >= LEAST:
                    run = tuple(range(j, j + size))
                    found.append((run, (i,), value, "joined") if swap else ((i,), run, value, "joined"))
    return found


def _joined(a: Token, run: tuple[Token, ...], length: int) -> float:
    if any(t.abjad for t in run):
        return 0.0
    if any(t.role is Role.LEGAL for t in run):
        return 0.99 if len(a.text) > 4 and "".join(t.text for t in run) == a.text else 0.0
    if (
        length == len(run)
        and length <= 3
        and a.role is not Role.PARTICLE
        and all(t.text[:1] == c for t, c in zip(run, a.text, strict=True))
    ):
        return 0.75
    total = sum(len(t.text) for t in run)
    if abs(total - length) > 1 + length // 6 or length < 4 or run[0].text[:1] != a.text[:1]:
        return 0.0
    text = "".join(t.text for t in run)
    if text == a.text:
        return 0.99
    value = similarity(a.text, text, a.sound, sound_key(text))
    return value * 0.98 if value >= _JOINED_LIKE else 0.0


def _choose(possible: list[Pair]) -> list[Pair]:
    """Greedy: the likest first, longer joins before shorter, so that each token is used once."""
    chosen: list[Pair] = []
    used_query: set[int] = set()
    used_listed: set[int] = set()
    for pair in sorted(possible, key=_preference):
        if used_query.isdisjoint(pair[0]) and used_listed.isdisjoint(pair[1]):
            chosen.append(pair)
            used_query.update(pair[0])
            used_listed.update(pair[1])
    return chosen


def _preference(pair: Pair) -> tuple[float, int, int]:
    distance = abs(pair[0][0] - pair[1][0])
    return (-pair[2] + (0.3 if pair[3] == "initial" else 0), -len(pair[0]) - len(pair[1]), distance)


def _score(
    query: ParsedName, listed: ParsedName, pairs: list[Pair], query_over: tuple[int, ...], listed_over: tuple[int, ...]
) -> float:
    agreed = matched = 0.0
    for left, right, value, how in pairs:
        weight = (sum(query.tokens[i].weight for i in left) + sum(listed.tokens[j].weight for j in right)) / 2
        if how == "initial":
            weight = min(weight, 0.4)
        agreed += weight * value
        matched += weight
    over_query = sum(query.tokens[i].weight for i in query_over)
    over_listed = sum(listed.tokens[j].weight for j in listed_over)
    both = min(over_query, over_listed)
    total = matched + CONTRADICTION * both
    total += OMITTED_IN_LISTED * (over_query - both) + OMITTED_IN_QUERY * (over_listed - both)
    if total <= 0 or matched <= 0:
        return 0.0
    over = (query_over, listed_over)
    if (
        query.kind == "organisation"
        and not query_over
        and not listed_over
        and _slips_in_own_words(query, listed, pairs) <= 1
    ):
        return max(agreed / total, _BUT_FOR_A_SLIP)
    return min(agreed / total, _ceiling(query, listed, pairs, over))


def _slips_in_own_words(query: ParsedName, listed: ParsedName, pairs: list[Pair]) -> int:
    """In how many letters the words that identify two organisations differ; many, where they are too short."""
    slips, letters = 0, 0
    for left, right, _, _ in pairs:
        if _identifies(query, left) and _identifies(listed, right):
            one = "".join(query.tokens[i].text for i in left)
            other = "".join(listed.tokens[j].text for j in right)
            slips += OSA.distance(one, other)
            letters += max(len(one), len(other))
        elif (_identifies(query, left) or _identifies(listed, right)) and not _is_form(query, left, listed, right):
            return _MANY
    enough = letters >= _LEAST_OWN_LETTERS and min(len(query.squeezed), len(listed.squeezed)) >= _LEAST_LETTERS
    return slips if enough else _MANY  # an acronym with another letter is another acronym


def _is_form(query: ParsedName, left: tuple[int, ...], listed: ParsedName, right: tuple[int, ...]) -> bool:
    """Whether a pair is a legal form or a generic word that one side misspells: LIMITED, LIMTIED."""
    one, other = (" ".join(name.tokens[i].written for i in at) for name, at in ((query, left), (listed, right)))
    return _is_misspelt(one, other)


def _identifies(name: ParsedName, indices: tuple[int, ...]) -> bool:
    return any(name.tokens[i].counts for i in indices)


def _ceiling(
    query: ParsedName,
    listed: ParsedName,
    pairs: list[Pair],
    over: tuple[tuple[int, ...], tuple[int, ...]],
) -> float:
    """The most that a pair of names may score, whatever the sum says."""
    query_counts = [i for i in over[0] if query.tokens[i].counts]
    listed_counts = [j for j in over[1] if listed.tokens[j].counts]
    if query_counts and listed_counts:
        return CONTRADICTED_AT_MOST
    if (query_counts or listed_counts) and _servant_replaced(query, listed, pairs, listed_side=bool(query_counts)):
        return CONTRADICTED_AT_MOST
    if _initial_contradicts(query, over[0], listed_counts) or _initial_contradicts(listed, over[1], query_counts):
        return CONTRADICTED_AT_MOST
    identifying = [v for left, right, v, how in pairs if how != "initial" and _either(query, left, listed, right)]
    full, weakest = len(identifying), min(identifying, default=0.0)
    if identifying and max(identifying) < CLEAR:
        return CONTRADICTED_AT_MOST
    if query.kind == "organisation":
        if _has_place(query, over[0]) and _has_place(listed, over[1]):
            return CONTRADICTED_AT_MOST
        return _organisation_ceiling(query, listed, pairs, over, only=weakest if full == 1 else 1.0)
    more = _has_more_than_patronymics(query, query_counts) or _has_more_than_patronymics(listed, listed_counts)
    if full <= 2 and weakest < _SURE_WORD and more:
        return CONTRADICTED_AT_MOST  # left out and misspelt at once: too little is left
    parts = max(sum(t.counts for t in query.tokens), sum(t.counts for t in listed.tokens))
    joined = any(how == "joined" for _, _, _, how in pairs)
    initials = any(how == "initial" for _, _, _, how in pairs)
    if full == 0 or (full == 1 and parts > 1 and not joined and (not initials or query_counts or listed_counts)):
        return PARTIAL_PERSON_AT_MOST
    return 1.0


def _has_place(name: ParsedName, over: tuple[int, ...]) -> bool:
    return any(name.tokens[i].role is Role.PLACE for i in over)


def _has_more_than_patronymics(name: ParsedName, over: list[int]) -> bool:
    return any(name.tokens[i].role is not Role.PATRONYMIC for i in over)


def _initial_contradicts(name: ParsedName, over: tuple[int, ...], other_counts: list[int]) -> bool:
    """Whether an initial met none of the names that the other side has over: Hans O, Hans Joachim."""
    return bool(other_counts) and any(name.tokens[i].role is Role.INITIAL for i in over)


def _organisation_ceiling(
    query: ParsedName,
    listed: ParsedName,
    pairs: list[Pair],
    over: tuple[tuple[int, ...], tuple[int, ...]],
    *,
    only: float,
) -> float:
    """Generic words and places never make a match while either name has a word of its own.

    A word that is like a generic word of the other name is that word misspelt, not a word of its own.
    """
    own_word_over = any(query.tokens[i].counts for i in over[0]) or any(listed.tokens[j].counts for j in over[1])
    both = any(_either(query, left, listed, right) for left, right, _, _ in pairs)
    if not both:
        return UNIDENTIFIED_AT_MOST if own_word_over else _generic_ceiling(query, listed, over)
    return CONTRADICTED_AT_MOST if only < (_SURE_WORD if own_word_over else CLEAR) else 1.0


def _generic_ceiling(query: ParsedName, listed: ParsedName, over: tuple[tuple[int, ...], tuple[int, ...]]) -> float:
    """Names of generic words only are one name if nothing but small words is over on both sides."""
    small = (Role.LEGAL, Role.PARTICLE)
    mine = any(query.tokens[i].role not in small for i in over[0])
    theirs = any(listed.tokens[j].role not in small for j in over[1])
    return CONTRADICTED_AT_MOST if mine and theirs else 1.0


def _either(query: ParsedName, left: tuple[int, ...], listed: ParsedName, right: tuple[int, ...]) -> bool:
    """Whether a pair identifies: a name of a person on either side; of an organisation, an own word on both."""
    mine, theirs = _identifies(query, left), _identifies(listed, right)
    return (mine and theirs) if query.kind == "organisation" else (mine or theirs)


def _servant_replaced(query: ParsedName, listed: ParsedName, pairs: list[Pair], *, listed_side: bool) -> bool:
    """Whether ``abd`` stands on the one side where the other has a name of its own: Abdul Agha, Azim Agha."""
    for left, right, value, _ in pairs:
        if value < 1.0 and len(left) == len(right) == 1:
            mine, theirs = query.tokens[left[0]].text, listed.tokens[right[0]].text
            bearer, other = (theirs, mine) if listed_side else (mine, theirs)
            if bearer == "abd" + other:
                return True
    return False


def explain(alignment: Alignment, query: ParsedName, listed: ParsedName) -> tuple[AlignedToken, ...]:
    """The alignment in words, in the order of the query, then what the list has besides."""

    def written(name: ParsedName, indices: tuple[int, ...]) -> str:
        return " ".join(name.tokens[i].written for i in indices)

    found = [
        (left[0], AlignedToken(query=written(query, left), listed=written(listed, right), how=how))
        for left, right, _, how in alignment.pairs
    ]
    found += [
        (i, AlignedToken(query=query.tokens[i].written, listed="", how="query_only")) for i in alignment.query_over
    ]
    ordered = [token for _, token in sorted(found, key=lambda item: item[0])]
    ordered += [
        AlignedToken(query="", listed=listed.tokens[j].written, how="listed_only") for j in alignment.listed_over
    ]
    return tuple(ordered)
