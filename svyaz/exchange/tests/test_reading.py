"""Delimited text is read with true line numbers, whatever it holds."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svyaz.exchange.actions import Result
from svyaz.exchange.actions.encodings import guess_encoding
from svyaz.exchange.actions.formats import detect
from svyaz.exchange.actions.origins import PlainFile
from svyaz.exchange.actions.reading import fields, records
from svyaz.exchange.tests.conftest import table
from svyaz.parties.models import Party

Bring = Callable[..., Result]


def read(data: bytes, columns: int = 3) -> list[tuple[int, bytes, bool]]:
    return [(each.line, each.raw, bool(each.problem)) for each in records(io.BytesIO(data), 1, ",", columns)]


def test_a_quoted_field_may_hold_line_ends() -> None:
    assert read(b'a,b,c\n1,"x\n,""y""\n",3\n4,5,6') == [
        (1, b"a,b,c\n", False), (2, b'1,"x\n,""y""\n",3\n', False), (5, b"4,5,6", False),
    ]  # fmt: skip


def test_a_stray_quotation_mark_spoils_its_own_line_only() -> None:
    assert read(b'1,"x,3\n4,5,6\n7,"8",9\n') == [
        (1, b'1,"x,3\n', True), (2, b"4,5,6\n", False), (3, b'7,"8",9\n', False),
    ]  # fmt: skip
    assert read(b'1,O"N,3\n4,5,6\n') == [(1, b'1,O"N,3\n', False), (2, b"4,5,6\n", False)]


def test_a_line_without_end_is_passed_over() -> None:
    huge = b"x" * (3 << 20)

    assert [(line, problem) for line, _raw, problem in read(b"1,2,3\n" + huge + b"\n4,5,6\n")] == [
        (1, False), (2, True), (3, False),
    ]  # fmt: skip


CELL = st.text(st.characters(exclude_characters="\x00\r", codec="utf-8"), max_size=8)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from([",", ";", "\t"]))
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    found = [
        fields(each.raw.decode(), delimiter)
        for each in records(io.BytesIO(out.getvalue().encode()), 1, delimiter, 3)
        if not each.problem
    ]

    assert found == rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_encoding_and_delimiter_are_found(bring: Bring, encoding: str, delimiter: str) -> None:
    lines = ["ФИО;Телефон;Примечание", "Щукина Яна;89215550001;x", "Ёжиков Лев;89215550002;y"]
    result = bring([line.replace(";", delimiter) for line in lines], written_in=encoding)

    assert result.format.encoding == encoding.removesuffix("-sig")
    assert result.format.delimiter == delimiter
    assert result.unused_columns == ["Примечание"]
    assert set(Party.objects.values_list("name", flat=True)) == {"Щукина Яна", "Ёжиков Лев"}


def test_the_encoding_shows_after_a_long_stretch_of_ascii(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_bytes(b"name,phone\n" + b"Ivan,1\n" * 100_000 + "Щукин,2\n".encode("cp1251"))

    assert guess_encoding(PlainFile(path)) == "cp1251"
    assert detect(PlainFile(path), ["name", "phone"]).header == ("name", "phone")


def test_broken_bytes_later_in_the_file_are_bad_rows(bring: Bring) -> None:
    good = [f"Иванов Иван,8921555{number:04d}\n".encode() for number in range(50)]
    bad = [b"\xcf\xe5\xf2\xf0\xee\xe2,89215559999\n", b"Nul\x00,89215559998\n", b"one column\n", b'"open,89215559997\n']
    result = bring(b"name,phone\n" + b"".join([*good, *bad, *good[:1]]), mapping="customers_simple")

    assert (result.added, result.bad, result.unchanged) == (50, 4, 1)
    rows = table(result.bad_rows_file)[1:]
    assert [row[0] for row in rows] == ["52", "53", "54", "55"]
    assert "0xCF" in rows[0][2]


def test_line_numbers_hold_after_fields_with_line_ends_and_blank_lines(bring: Bring) -> None:
    data = 'name,phone,address\n"Иванов\nИван",89215550001,"дом\n1"\n\n,,\nПетров Пётр,12,\n'.encode()
    result = bring(data, mapping="customers_simple")

    assert (result.rows, result.added, result.bad) == (2, 1, 1)
    assert table(result.bad_rows_file)[1][0] == "7"
    assert Party.objects.get().name == "Иванов Иван"
