"""Files as people have them: what they are written in is found out, and can be said."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from svyaz.exchange.actions import Result, UnreadableFile
from svyaz.exchange.actions.formats import Wish, detect
from svyaz.exchange.actions.origins import PlainFile, SealedFile
from svyaz.exchange.actions.streams import Stream
from svyaz.exchange.tests.conftest import table
from svyaz.lib.sealed import BLOCK, BrokenSeal, open_sealed, seal
from svyaz.parties.models import AddressUse, ContactMedium, Party

Bring = Callable[..., Result]
LINES = ["ФИО;Телефон", "Щукина Яна;89215550001", "ЁЖИКОВ ЛЕВ ПЕТРОВИЧ;89215550002", "Жуков Юрий;89215550003"]
NAMES = {"Щукина Яна", "ЁЖИКОВ ЛЕВ ПЕТРОВИЧ", "Жуков Юрий"}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1251", "cp866", "koi8-r", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_every_encoding_of_russian_is_found(bring: Bring, encoding: str) -> None:
    result = bring(LINES, written_in=encoding)

    expected = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)
    assert (result.format.encoding, result.added, result.bad) == (expected, 3, 0)
    assert set(Party.objects.values_list("name", flat=True)) == NAMES


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
@pytest.mark.parametrize("text", ["ИВАНОВ", "иванов иван", "Щёголев", "ООО «Север»"])
def test_one_short_name_is_enough(tmp_path: Path, encoding: str, text: str) -> None:
    if encoding != "cp1251" and "«" in text:
        text = text.replace("«", '"').replace("»", '"')
    path = tmp_path / "short.csv"
    path.write_bytes(f"name,phone\n{text.replace(chr(34), '')},1\n".encode(encoding))

    assert detect(PlainFile(path), ["name"]).encoding == encoding


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_delimiter_is_found_without_known_headings(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text("\n".join(delimiter.join(row) for row in [["a", "b", "c"], ["1,5", "x y", "z"]]), encoding="utf-8")

    assert detect(PlainFile(path), []).header == ("a", "b", "c") if delimiter != "," else True


def test_a_file_without_a_header_names_its_columns_by_letters(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Иванов Иван;89215550001\nПетров Пётр;89215550002\n", encoding="utf-8")
    how = detect(PlainFile(path), [])
    with Stream(PlainFile(path), how) as stream:
        lines = [each.line for each in stream.records()]

    assert (how.header, how.header_line, lines) == (("A", "B"), 0, [1, 2])


def test_what_is_guessed_can_be_overruled(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("Отчёт за май\n\nФИО,Телефон\nИванов Иван,1;2\n".encode("cp1251"))
    how = detect(PlainFile(path), [], Wish(encoding="cp1251", delimiter=",", header_line=3))

    assert (how.header, how.first_line) == (("ФИО", "Телефон"), 4)
    with Stream(PlainFile(path), how) as stream:
        assert [(each.line, each.raw.decode("cp1251").strip()) for each in stream.records()] == [(4, "Иванов Иван,1;2")]


def test_headings_that_repeat_or_are_empty_get_names_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Телефон;Телефон;;ФИО\n", encoding="utf-8")

    assert detect(PlainFile(path), ["ФИО"]).header == ("Телефон", "Телефон (2)", "C", "ФИО")


def book(path: Path, rows: list[list[object]], title: str = "Клиенты") -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    workbook.create_sheet("Второй").append(["ФИО", "Телефон"])
    workbook.save(path)
    return path


def test_a_spreadsheet_gives_what_its_cells_show(bring: Bring, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["ФИО", "Телефон", "Дата рождения", "ИНН", "Адрес"],
        ["Щукина Яна", 89215550001, date(1984, 3, 5), "500100732259", "=дом 1"],
        [],
        # A spreadsheet's days are moments of no zone.
        ["Жуков\nЮрий", 89215550003.0, datetime(1990, 1, 2), None, 'кв. "5", дом'],  # noqa: DTZ001
        ["Плохой", "12", "когда-то"],
    ]
    result = bring(book(tmp_path / "b.xlsx", rows).read_bytes(), name="k.xlsx")

    assert (result.format.kind, result.format.sheet, result.format.sheets) == ("xlsx", "Клиенты", ("Клиенты", "Второй"))
    assert (result.added, result.bad) == (2, 1)
    assert set(Party.objects.values_list("name", "birth_date", "inn")) == {
        ("Щукина Яна", date(1984, 3, 5), "500100732259"), ("Жуков Юрий", date(1990, 1, 2), ""),
    }  # fmt: skip
    assert set(AddressUse.objects.values_list("address__text", flat=True)) == {'кв. "5", дом'}
    assert table(result.bad_rows_file)[1][:2] == ["5", "Телефон; Дата рождения"]


def test_text_that_begins_with_an_equals_sign_stays_text(bring: Bring, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["ФИО", "Телефон", "Адрес"])
    sheet.append(["Щукина Яна", "89215550001", "x"])
    sheet["C2"].value = "=HYPERLINK(1)"
    sheet["C2"].data_type = "s"
    workbook.save(tmp_path / "b.xlsx")
    bring((tmp_path / "b.xlsx").read_bytes(), name="k.xlsx")

    assert AddressUse.objects.get().address.text == "=HYPERLINK(1)"


def test_the_same_customers_as_a_table_and_as_a_spreadsheet_are_the_same(bring: Bring, tmp_path: Path) -> None:
    bring(LINES)
    rows: list[list[object]] = [list(line.split(";")) for line in LINES]

    assert bring(book(tmp_path / "b.xlsx", rows).read_bytes(), name="k.xlsx").unchanged == 3


def test_another_sheet_may_be_chosen(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", [["a"]])

    assert detect(PlainFile(path), [], Wish(sheet="Второй")).header == ("ФИО", "Телефон")


def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", [["ФИО"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * (64 << 20))

    with pytest.raises(UnreadableFile):
        detect(PlainFile(path), [])


def xml_with_entities(path: Path) -> bytes:
    """Return a spreadsheet with a cell that blows up when read ("billion laughs")."""
    book(path, [["ФИО"], ["laughs"]])
    levels = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    doctype = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "ha">{levels}]>'
    out = path.with_name("laughs.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if ">laughs<" in text:
                text = doctype + text[text.index("?>") + 2 if text.startswith("<?xml") else 0 :]
            new.writestr(name, text.replace(">laughs<", ">&a9;<"))
    return out.read_bytes()


def test_entities_that_blow_up_are_refused(bring: Bring, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        bring(xml_with_entities(tmp_path / "b.xlsx"), name="k.xlsx")


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4 x", b"\x89PNG\r\n\x1a\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04not a zip",
        b"\x1f\x8b\x08", bytes(range(32)) * 40, b"one\rtwo\rthree", b"",
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_what_is_in_it(bring: Bring, data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        bring(data, name="looks-like.csv")


def test_a_sealed_file_is_read_like_any_other_and_nothing_of_it_lies_in_clear(tmp_path: Path) -> None:
    text = ("\r\n".join(LINES) + "\r\n").encode()
    size = seal(tmp_path / "x.sealed", [text[:7], text[7:]])
    origin = SealedFile(tmp_path / "x.sealed", "k.csv", size)

    assert detect(origin, ["ФИО"]).header == ("ФИО", "Телефон")
    assert "Щукина".encode() not in (tmp_path / "x.sealed").read_bytes()
    assert (tmp_path / "x.sealed").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK + 17])
def test_a_sealed_file_opens_anywhere(tmp_path: Path, size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    path = tmp_path / "x.sealed"
    assert seal(path, [data]) == size
    with open_sealed(path) as file:
        assert file.read() == data
        file.seek(size // 2)
        assert file.read(10) == data[size // 2 : size // 2 + 10]
        assert file.seek(0, 2) == size


def test_a_sealed_file_that_was_cut_or_changed_does_not_open(tmp_path: Path) -> None:
    path = tmp_path / "x.sealed"
    seal(path, [b"x" * (BLOCK + 10)])
    whole = path.read_bytes()
    path.write_bytes(whole[: -10 - 16])
    with pytest.raises(BrokenSeal), open_sealed(path) as file:
        file.read()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(BrokenSeal), open_sealed(path) as file:
        file.read()


def test_media_of_several_columns_come_together(bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        "identity = [['phone']]\n[fields]\nphone = [{ columns = ['a'] }, { columns = ['b'] }]\n", encoding="utf-8"
    )
    bring(["a,b", "89215550001,8 921 555 00 02", ",89215550003"], mapping=str(path))

    assert ContactMedium.objects.count() == 3
