"""What is not one JSON value with one meaning is refused with a plain reason, and nothing else happens."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.web.json_body import DEEPEST_BODY, LARGEST_BODY, MalformedBodyError, read_json


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


NOT_JSON = [
    b"",
    b" ",
    b"\n",
    b"{",
    b"}",
    b"[",
    b"]",
    b"[1,]",
    b"{,}",
    b'{"a":1,}',
    b'{"a"}',
    b'{"a":}',
    b'{"a" 1}',
    b"{a:1}",
    b"{'a':1}",
    b'{"a":1}{"b":2}',
    b'{"a":1} x',
    b'{"a":1}\0',
    b"nul",
    b"True",
    b"None",
    b"undefined",
    b"+1",
    b"01",
    b"-",
    b"1.",
    b".5",
    b"1e",
    b"0x10",
    b'"',
    b'"\\x41"',
    b'"\\u12"',
    b'"\\u12g4"',
    b'"line\nbreak"',
    b'"tab\tin"',
    b'"nul\0in"',
    b'{"a":"\x1f"}',
    b"/* c */ {}",
    b"// c\n{}",
    b"<a/>",
    b"a=1&b=2",
    b"--boundary\r\n",
    b"%PDF-1.7",
]
NOT_UTF8 = [
    b"\x1f\x8b\x08\x00\x00",  # gzip
    b"\xff\xfe{\0}\0",
    b"\xfe\xff\0{\0}",
    b'{"a":"\xe9"}',
    b'{"a":"\xc0\xaf"}',  # overlong
    b'{"a":"\xed\xa0\x80"}',  # a surrogate in UTF-8's clothes
    b'{"a":"\xf4\x90\x80\x80"}',  # beyond Unicode
    b'{"a":"\xe2\x82"}',
]
POINTED = [
    (b'{"a":1,"a":2}', ""),
    (b'{"a":1,"\\u0061":2}', ""),
    (b'{"a":{"b":1,"b":1}}', "/a"),
    (b'[{"x":1},{"x":1,"x":1}]', "/1"),
    (b'{"worker":{"name":"A","name":"B"}}', "/worker"),
    (b"NaN", ""),
    (b"Infinity", ""),
    (b'{"a":[1,NaN]}', "/a/1"),
    (b'{"a":-Infinity}', "/a"),
    (b'{"a":1e400}', "/a"),
    (b'{"a":-1e400}', "/a"),
    (b"9" * 5_000, ""),
    (b'{"a":' + b"9" * 5_000 + b"}", "/a"),
    (b'{"a":' + b"9" * 5_000 + b".5}", "/a"),
    (b'{"a":9007199254740992}', "/a"),
    (b'{"a":-9007199254740992}', "/a"),
    (b'{"a":"\\u0000"}', "/a"),
    (b'{"a":"x\\u0000y"}', "/a"),
    (b'{"\\u0000":1}', ""),
    (b'{"a":"\\ud800"}', "/a"),
    (b'{"a":"\\udfff"}', "/a"),
    (b'{"a":"\\ude00\\ud83d"}', "/a"),
    (b'{"a":"\\ud83dx"}', "/a"),
    (b'{"\\ud800":1}', ""),
    (b'{"a":["\\ud800"]}', "/a/0"),
    (b'{"a/b":{"c~d":NaN}}', "/a~1b/c~0d"),
    (nested(DEEPEST_BODY + 1), "/0" * DEEPEST_BODY),
    (b'{"a":' * (DEEPEST_BODY + 1) + b"1" + b"}" * (DEEPEST_BODY + 1), "/a" * DEEPEST_BODY),
    (b"\xef\xbb\xbf{}", ""),
    (b" " * (LARGEST_BODY + 1), ""),
    (nested(500), "/0" * DEEPEST_BODY),
    (b"[" * 100_000, ""),
    (b'{"a":' * 50_000, ""),
    (nested(100_000), ""),
]


def refusal(raw: bytes) -> MalformedBodyError:
    with pytest.raises(MalformedBodyError) as refused:
        read_json(raw)
    return refused.value


def test_the_table_of_traps_is_long() -> None:
    assert len(NOT_JSON) + len(NOT_UTF8) + len(POINTED) >= 80


@pytest.mark.parametrize("raw", NOT_JSON)
def test_what_is_not_json_is_refused_with_its_place(raw: bytes) -> None:
    ((pointer, detail),) = refusal(raw).faults
    assert pointer == ""
    assert detail.startswith("Not JSON at line ")


@pytest.mark.parametrize("raw", NOT_UTF8)
def test_what_is_not_utf8_is_refused_with_its_byte(raw: bytes) -> None:
    ((pointer, detail),) = refusal(raw).faults
    assert pointer == ""
    assert detail.startswith("Not UTF-8 at byte ")


@pytest.mark.parametrize(("raw", "place"), POINTED, ids=range(len(POINTED)))
def test_json_with_more_than_one_meaning_is_refused_at_its_pointer(raw: bytes, place: str) -> None:
    assert [pointer for pointer, _ in refusal(raw).faults] == [place]


def test_every_fault_of_a_body_is_named_at_once() -> None:
    faults = refusal(b'{"a":NaN,"b":{"c":1,"c":2},"d":["\\u0000"]}').faults
    assert [pointer for pointer, _ in faults] == ["/a", "/b", "/d/0"]


def test_a_fault_does_not_repeat_what_was_sent() -> None:
    said = str(refusal(b'{"' + b"Kim Yong Chol " * 10 + b'":{"a":"Kim\\u0000Chol"}}'))
    assert "Kim" not in said
    assert "Kim" not in str(refusal(b'{"name":"Kim Yong Chol"'))


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        None,
        True,
        0,
        -0.0,
        1.5,
        2**53 - 1,
        "",
        "김영철 😀 \u2028 \x7f",
        {"": {"a": [1, [2, [3]]]}},
        {"a": {"a": {"a": 1}}, "b": {"a": 1}},
    ],
)
def test_sound_json_is_read_as_it_is(value: Any) -> None:
    assert read_json(json.dumps(value).encode()) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value
    assert read_json(b" \t\r\n" + json.dumps(value, indent=2).encode() + b"\n") == value


def test_twenty_levels_and_256_kib_are_still_read() -> None:
    assert read_json(nested(DEEPEST_BODY)) is not None
    assert len(read_json(b'"' + b"x" * (LARGEST_BODY - 2) + b'"')) == LARGEST_BODY - 2
