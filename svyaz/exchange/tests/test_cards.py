"""vCards come in as Outlook, Apple and Android write them."""

import base64
from collections.abc import Callable
from datetime import date
from pathlib import Path

from svyaz.exchange.actions import Result
from svyaz.exchange.tests.conftest import table
from svyaz.parties.models import AddressUse, ContactMedium, Party

Bring = Callable[..., Result]


def quoted(text: str, encoding: str, *, width: int = 60) -> str:
    """Return text as vCard 2.1 quotes it: every byte, broken softly at the width."""
    letters = [f"={byte:02X}" for byte in text.encode(encoding)]
    per_line = width // 3
    return "=\r\n".join("".join(letters[start : start + per_line]) for start in range(0, len(letters), per_line))


def outlook() -> str:
    """Version 2.1 in quoted-printable windows-1251, with soft breaks and a picture."""
    mark = "LANGUAGE=ru;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE"
    picture = "\r\n ".join(base64.b64encode(b"x" * 300).decode()[place : place + 70] for place in range(0, 400, 70))
    return "\r\n".join(
        [
            "BEGIN:VCARD", "VERSION:2.1",
            f"N;{mark}:{quoted('Иванов-Преображенский', 'cp1251')};"
            f"{quoted('Пётр', 'cp1251')};{quoted('Ильич', 'cp1251')}",
            f"FN;{mark}:{quoted('Пётр Ильич Иванов-Преображенский', 'cp1251')}",
            f"ORG;{mark}:{quoted('ООО Работа', 'cp1251')}",
            "TEL;WORK;VOICE:8 (812) 300-10-20", "TEL;CELL;VOICE:+7 921 555-12-34", "TEL;WORK;FAX:+7 812 300-10-21",
            f"ADR;WORK;PREF;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:;;{quoted('Невский, 1', 'cp1251')};"
            f"{quoted('Санкт-Петербург', 'cp1251')};;190000;{quoted('Россия', 'cp1251')}",
            "BDAY:19840305", "EMAIL;PREF;INTERNET:Petr@Mail.RU",
            f"PHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n {picture}", "", "REV:20260101T000000Z", "END:VCARD", "",
        ]
    )  # fmt: skip


APPLE = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//macOS 15.1//EN
N:Ёлкина;Ольга;Петровна;;
FN:Ольга Ёлкина
item1.TEL;type=pref:8 921 111-22-33
item1.X-ABLabel:личный
TEL;type=CELL;type=VOICE:+7 (921) 555-12-35
EMAIL;type=INTERNET;type=HOME;type=pref:olga@mail.ru
item2.ADR;type=HOME;type=pref:;;Большой пр.\\, д. 5;Санкт-Петербур
 г;;190001;Россия
BDAY:1984-03-08
NOTE:длинная\\nзаметка\\; с запятой\\, и
  продолжением
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQ
 broken base64 that no one should care about=
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:;;;;
FN:Север
ORG:ООО «Север»;Отдел связи
TEL;type=WORK:88123001020
X-ABShowAs:COMPANY
END:VCARD
"""
ANDROID = """BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
FN:Анна Козлова
N:Козлова;Анна;;;
GENDER:F
LANG:ru
TEL;VALUE=uri;PREF=1;TYPE="voice,cell":tel:+79215550077
EMAIL;TYPE=home:anna@example.org
BDAY:--0412
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9B=D1=83=D0=BD=D0=B8=D0=BD;=D0=9B=D0=B5=D0=B2;;;
TEL;CELL:+7-921-555-00-78
END:VCARD
"""


def people() -> dict[str, Party]:
    return {party.family_name or party.name: party for party in Party.objects.all()}


def media_of(party: Party) -> set[tuple[str, str]]:
    return set(ContactMedium.objects.filter(party=party).values_list("kind", "value"))


def test_outlooks_quoted_card(bring: Bring) -> None:
    result = bring(outlook().encode("ascii"), mapping="vcard", name="o.vcf")

    assert (result.added, result.bad, result.format.kind) == (1, 0, "vcard"), table(result.bad_rows_file)
    petr = people()["Иванов-Преображенский"]
    assert (petr.name, petr.birth_date) == ("Иванов-Преображенский Пётр Ильич", date(1984, 3, 5))
    assert media_of(petr) == {
        ("phone", "+78123001020"), ("mobile", "+79215551234"), ("fax", "+78123001021"), ("email", "petr@mail.ru"),
    }  # fmt: skip
    assert AddressUse.objects.get().address.text == "190000, Россия, Санкт-Петербург, Невский, 1"


def test_apples_folded_cards_of_a_person_and_a_company(bring: Bring) -> None:
    result = bring(APPLE.replace("\n", "\r\n").encode(), mapping="vcard", name="a.vcf")

    assert (result.added, result.bad) == (2, 0), table(result.bad_rows_file)
    olga, sever = people()["Ёлкина"], people()["ООО «Север»"]
    assert media_of(olga) == {
        ("mobile", "+79211112233"), ("mobile", "+79215551235"), ("email", "olga@mail.ru"),
    }  # fmt: skip
    assert olga.addresses.get().address.text == "190001, Россия, Санкт-Петербург, Большой пр., д. 5"
    assert (sever.kind, sever.legal_form) == ("organization", "ООО")


def test_androids_cards_of_both_versions(bring: Bring) -> None:
    bring(ANDROID.encode(), mapping="vcard", name="c.vcf")

    anna, lev = people()["Козлова"], people()["Лунин"]
    assert (anna.gender, anna.language, anna.birth_date) == ("female", "ru", None)
    assert media_of(anna) == {("mobile", "+79215550077"), ("email", "anna@example.org")}
    assert (lev.given_name, media_of(lev)) == ("Лев", {("mobile", "+79215550078")})


def test_the_same_cards_twice_add_nobody(bring: Bring) -> None:
    bring(ANDROID.encode(), mapping="vcard", name="c.vcf")

    assert bring(ANDROID.encode(), mapping="vcard", name="c.vcf").unchanged == 2


def test_a_broken_card_is_told_with_its_line_and_the_next_one_comes_in(bring: Bring) -> None:
    broken = "BEGIN:VCARD\nVERSION:3.0\nN:Первый;;;;\nTEL:12\nEND:VCARD\nBEGIN:VCARD\nN:Обрыв\n"
    result = bring((broken + ANDROID).encode(), mapping="vcard", name="c.vcf")

    assert (result.added, result.bad) == (2, 2)
    assert [row[0] for row in table(result.bad_rows_file)[1:]] == ["1", "6"]


def test_cards_in_cp1251_and_utf_16(bring: Bring, tmp_path: Path) -> None:
    one, other = (
        "BEGIN:VCARD\nN:Щукин;Лев\nTEL:89215550001\nEND:VCARD\n",
        "BEGIN:VCARD\nN:Жуков;Юрий\nTEL:89215550002\nEND:VCARD\n",
    )
    bring(one.encode("cp1251"), mapping="vcard", name="1.vcf")
    bring(other.encode("utf-16"), mapping="vcard", name="2.vcf")

    assert set(people()) == {"Щукин", "Жуков"}
