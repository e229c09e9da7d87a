"""Every text is there in Russian, whole: nothing missing, empty, doubtful or left over, and all plural forms."""

import re
from collections import Counter

import polib
import pytest
from django.utils.translation import ngettext, override

from tests.guards.texts import Text, catalogues, texts, texts_of_module, texts_of_template

PLACE = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}")


@pytest.fixture(scope="module")
def files() -> list[polib.POFile]:
    return [polib.pofile(str(path), encoding="utf-8") for path in catalogues("ru")]


@pytest.fixture(scope="module")
def russian(files: list[polib.POFile]) -> list[polib.POEntry]:
    return [entry for file in files for entry in file if not entry.obsolete]


def key(entry: polib.POEntry) -> Text:
    return Text(entry.msgctxt or "", entry.msgid, entry.msgid_plural)


def forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_text_of_the_sources_is_in_the_catalogue(russian: list[polib.POEntry]) -> None:
    known = {key(entry) for entry in russian}
    assert {text: place for text, place in texts().items() if text not in known} == {}


def test_the_catalogue_holds_nothing_that_nobody_says(files: list[polib.POFile], russian: list[polib.POEntry]) -> None:
    said = set(texts())
    assert [entry.msgid for file in files for entry in file.obsolete_entries()] == []
    assert [entry.msgid for entry in russian if key(entry) not in said] == []


def test_no_text_is_empty_or_doubtful(russian: list[polib.POEntry]) -> None:
    assert [entry.msgid for entry in russian if not all(forms(entry)) or entry.fuzzy] == []


def test_no_text_stands_twice(files: list[polib.POFile]) -> None:
    # In gettext a text with a plural and the same text without one are one entry.
    counted = [Counter((entry.msgctxt, entry.msgid) for entry in file) for file in files]
    assert [one for count in counted for one, times in count.items() if times > 1] == []


def test_every_text_keeps_its_places(russian: list[polib.POEntry]) -> None:
    """What is filled in has the same names in both languages, else a page fails or says a bracket."""
    wrong = []
    for entry in russian:
        allowed = set(PLACE.findall(entry.msgid)) | set(PLACE.findall(entry.msgid_plural))
        wrong += [entry.msgid for form in forms(entry) if not set(PLACE.findall(form)) <= allowed]
        if not entry.msgid_plural:
            wrong += [entry.msgid for form in forms(entry) if set(PLACE.findall(form)) != allowed]
    assert wrong == []


def test_plurals_have_all_four_forms(russian: list[polib.POEntry]) -> None:
    assert [entry.msgid for entry in russian if entry.msgid_plural and len(entry.msgstr_plural) != 4] == []


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [("ru", 1, "1 день"), ("ru", 2, "2 дня"), ("ru", 5, "5 дней"), ("ru", 11, "11 дней"), ("ru", 21, "21 день"),
     ("en", 1, "1 day"), ("en", 2, "2 days"), ("en", 21, "21 days")],
)  # fmt: skip
def test_plurals_are_said_rightly(language: str, count: int, said: str) -> None:
    with override(language):
        assert ngettext("%(count)s day", "%(count)s days", count) % {"count": count} == said


def test_the_reader_of_sources_sees_what_it_must() -> None:
    imports = "from django.utils.translation import gettext_lazy as _, ngettext\n"
    module = imports + "_('a')\nngettext('b', 'c', n)\nprint('d')"
    assert list(texts_of_module(module)) == [Text("", "a", ""), Text("", "b", "c")]
    page = """<c-x label="{% translate 'a' %}"/>{% translate "b" context "k" %}
    {% blocktranslate count n=n %}c{% plural %}d {{ n }}{% endblocktranslate %}"""
    assert set(texts_of_template(page)) == {Text("", "a", ""), Text("k", "b", ""), Text("", "c", "d %(n)s")}
