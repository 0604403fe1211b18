"""The file opens whole, with its key, or not at all."""

import io
from datetime import UTC, datetime

import pytest

from practice.copies.failing import CannotCopy
from practice.copies.members import MemberReader, MemberWriter
from practice.copies.sealed_file import CHUNK, MAGIC, TAG, SealedReader, SealedWriter

KEYS = {"b2": bytes([2]) * 32, "b1": bytes([1]) * 32}
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def sealed(content, key_id="b1"):
    out = io.BytesIO()
    writer = SealedWriter(out, key_id=key_id, key=KEYS[key_id], now=NOW)
    writer.write(content)
    writer.close()
    return out.getvalue()


def opened(file, keys=KEYS):
    reader = SealedReader(io.BytesIO(file), keys=keys)
    return b"".join(reader._open())


def body_at(file):
    """Where the chunks begin."""
    return file.index(b"\n", len(MAGIC)) + 1


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
def test_what_was_written_is_read(size):
    content = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(content[:size])) == content[:size]


def test_older_key_opens_its_file():
    assert opened(sealed(b"words", "b1"), {"b2": KEYS["b2"], "b1": KEYS["b1"]}) == b"words"


def test_nothing_of_the_content_stands_in_the_file():
    assert b"lighthouse" not in sealed(b"lighthouse" * 1000)


def test_two_files_of_one_content_differ():
    assert sealed(b"words") != sealed(b"words")


@pytest.mark.parametrize(
    ("keys", "says"),
    [({"b2": KEYS["b2"]}, "'b1', which BACKUP_KEYS doesn't have"), ({"b1": bytes(32)}, "another key than the one")],
)
def test_wrong_key_is_named(keys, says):
    with pytest.raises(CannotCopy, match=says):
        opened(sealed(b"words"), keys)


@pytest.mark.parametrize("where", ["first", "second", "last", "tag", "salt"])
def test_flipped_bit_is_found(where):
    file = bytearray(sealed(bytes(2 * CHUNK + 99)))
    begin = body_at(bytes(file))
    places = {
        "first": begin + 5, "second": begin + CHUNK + TAG + 5, "last": len(file) - 40, "tag": len(file) - 1,
        "salt": file.index(b'"salt": "') + 12,
    }  # fmt: skip
    file[places[where]] ^= 1
    with pytest.raises(CannotCopy, match="damaged"):
        opened(bytes(file))


@pytest.mark.parametrize("cut", ["a byte", "a chunk", "all but one chunk", "all chunks", "in the header"])
def test_cut_file_is_found(cut):
    file = sealed(bytes(2 * CHUNK + 99))
    begin = body_at(file)
    whole = begin + 2 * (CHUNK + TAG)
    ends = {
        "a byte": len(file) - 1, "a chunk": whole, "all but one chunk": begin + CHUNK + TAG, "all chunks": begin,
        "in the header": begin - 9,
    }  # fmt: skip
    with pytest.raises(CannotCopy, match="damaged"):
        opened(file[: ends[cut]])


def test_chunks_in_another_order_are_found():
    file, size = sealed(bytes(3 * CHUNK)), CHUNK + TAG
    begin = body_at(file)
    first, second, rest = file[begin : begin + size], file[begin + size : begin + 2 * size], file[begin + 2 * size :]
    with pytest.raises(CannotCopy, match="damaged"):
        opened(file[:begin] + second + first + rest)


def test_chunk_added_at_the_end_is_found():
    with pytest.raises(CannotCopy, match="damaged"):
        opened(sealed(bytes(CHUNK)) + sealed(b"more")[-30:])


def test_other_file_is_no_backup():
    with pytest.raises(CannotCopy, match="no backup"):
        opened(b"PGDMP" + bytes(5000))


def pack(*members, end=True):
    out = io.BytesIO()
    writer = MemberWriter(SealedWriter(out, key_id="b1", key=KEYS["b1"], now=NOW))
    for name, parts in members:
        writer.add(name, parts)
    if end:
        writer.end()
    return out.getvalue(), writer


def test_members_are_read_as_they_were_written():
    file, writer = pack(("a", [b"one", b"", b"two"]), ("b", []), ("c", [bytes(CHUNK)] * 3))
    reader = MemberReader(SealedReader(io.BytesIO(file), keys=KEYS))

    assert [b"".join(reader.member(name)) for name in "abc"] == [b"onetwo", b"", bytes(3 * CHUNK)]
    assert reader.end() == writer.sums


def test_sums_that_are_not_the_contents_are_refused():
    out = io.BytesIO()
    writer = MemberWriter(SealedWriter(out, key_id="b1", key=KEYS["b1"], now=NOW))
    writer.add("a", [b"one"])
    writer.sums["a"]["bytes"] = 4
    writer.end()
    reader = MemberReader(SealedReader(io.BytesIO(out.getvalue()), keys=KEYS))
    list(reader.member("a"))
    with pytest.raises(CannotCopy, match="sums"):
        reader.end()


def test_member_that_is_not_there_is_named():
    reader = MemberReader(SealedReader(io.BytesIO(pack(("a", []))[0]), keys=KEYS))
    with pytest.raises(CannotCopy, match=r"no database\.dump"):
        list(reader.member("database.dump"))
