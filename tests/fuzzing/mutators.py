"""Changes to inputs that keep their shape: elements, rows and values move, while bytes alone would only break them.

Every mutator takes (input, what a plain byte mutation makes of it, a source of chance, inputs to splice from).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeAlias

Chance: TypeAlias = random.Random
Mutator: TypeAlias = Callable[[bytes, Chance, Sequence[bytes]], bytes]

TEXTS: tuple[str, ...] = (
    *("", " ", "\u00a0", "\u200b", "\ufeff", "\u2028", "\x85", ".", ";", ",", "()", "(", ")", "-", "/", "'", '"', "\t"),
    *("-0-", "na", "N/A", "none", "null", "true", "False", "nan", "Infinity", "1e999", "-1", "0", "00", "+5", "1_000"),
    *("²", "٣", "١٩٦٧", "۱۹۶۷-۰۱-۳۱", "１９６７", "Ⅷ", "99999999999999999999", "9" * 5000, "18446744073709551616"),
    *("0000-00-00", "0001-01-01", "9999-12-31", "1967-02-30", "2106-07-16", "1967-13-01", "00/00/0000", "31/02/1967"),
    *("00/00/1967", "31 Jun 1967", "circa 1967", "1970s", "0-0", "1967 to 1960", "between 1967 and 1960", "00000"),
    *("29 Feb 1900", "1967-01-31T25:61:61Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "12:00"),
    *("1.1.1967", "15.13.1967", "c 1967", "Jan. 67", "DOB 00 Jan 0000; POB nowhere; nationality XX; Gender M."),
    *(
        "a" * 70,
        "A A A A A A A A B",
        "(AAAAAAAB)",
        "((((((((",
        "a.k.a. b; f.k.a. c",
        "Name (Aliases: ; , )",
        "кириллица",
    ),
    *("김정은", "عربي", "\U0001f600", "e\u0301" * 20, "\u202eabc", "ß", "İ", "PRK", "DPRK", "North Korea", "KP", "xx"),
    *("Passport 123 (North Korea)", "IMO 1234567", "Linked To: ; Linked To: X", "{}", "[]", "&amp;", "&#x0;", "%s%n"),
)
SNIPPETS: tuple[bytes, ...] = (
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\x1a",
        b"\r",
        b"\n",
        b"\r\n",
        b"\x0b",
        b"\x85",
        b"\xc0\x80",
    ),
    *(b"\xed\xa0\x80", b'"', b'""', b"'", b",", b";", b"\t", b"<", b">", b"&", b"]]>", b"<!--", b"-->", b"<?x?>"),
    *(b"<![CDATA[x]]>", b"&#0;", b"&#xD800;", b"&#55296;", b"&lt;", b"\\u0000", b"\\ud800", b"{", b"}", b"[", b"]"),
    b'<!DOCTYPE x [<!ENTITY a "aa">]>',
)


def text(chance: Chance, others: Sequence[str] = ()) -> str:
    """A text that tries a parser, or one of ``others``, whole or in part."""
    if others and chance.random() < 0.5:
        found = chance.choice(others)
        if chance.random() < 0.3 and found:
            place = chance.randrange(len(found) + 1)
            return found[:place] + chance.choice(TEXTS) + found[place + chance.randrange(3) :]
        return found
    return chance.choice(TEXTS)


def raw(data: bytes, chance: Chance, others: Sequence[bytes]) -> bytes:
    """Bytes cut, doubled, replaced and put in."""
    place, end = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    end = min(end, place + 200)
    choice = chance.randrange(6)
    if choice == 0:
        return data[:place] + chance.choice(SNIPPETS) + data[place:]
    if choice == 1:
        return data[:place] + data[end:]
    if choice == 2:
        return data[:end] + data[place:end] * chance.randrange(1, 4) + data[end:]
    if choice == 3:
        return data[:place]
    if choice == 4 and others:
        other = chance.choice(others)
        start = chance.randrange(len(other) + 1)
        return data[:place] + other[start : start + 200] + data[end:]
    return data[:place] + text(chance).encode("utf-8", "surrogatepass") + data[end:]


ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252", "utf-32", "utf-7", "cp037")


def encoded(data: bytes, chance: Chance) -> bytes:
    """The same text in another encoding, with or without saying so."""
    form = chance.choice(ENCODINGS)
    stated = data.replace(b"UTF-8", form.encode(), 1) if chance.random() < 0.5 else data
    return stated.decode("utf-8", "replace").encode(form, "replace")


def lines(data: bytes, chance: Chance, others: Sequence[bytes]) -> bytes:
    """For texts of lines: one is doubled, dropped, moved, changed or taken from another input."""
    held = data.split(b"\n")
    place, other = chance.randrange(len(held)), chance.randrange(len(held))
    choice = chance.randrange(6)
    if choice == 0:
        held.insert(place, held[other])
    elif choice == 1:
        del held[place]
    elif choice == 2:
        held[place], held[other] = held[other], held[place]
    elif choice == 3 and others:
        held.insert(place, chance.choice(chance.choice(others).split(b"\n")))
    elif choice == 4:
        held[place] = raw(held[place], chance, others)
    else:
        words = held[place].split(b" ")
        words[chance.randrange(len(words))] = text(chance).encode("utf-8", "surrogatepass")
        held[place] = b" ".join(words)
    return b"\n".join(held)


def structured(inner: Mutator) -> Mutator:
    """``inner`` most of the time, now and then another encoding or plain bytes; up to four changes."""

    def mutate(data: bytes, chance: Chance, others: Sequence[bytes]) -> bytes:
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
            dice = chance.random()
            if dice < 0.85:
                data = inner(data, chance, others)
            elif dice < 0.98 or not data:
                data = raw(data, chance, others)
            else:
                data = encoded(data, chance)
        return data

    return mutate
