"""Keys of names and numbers."""

from hypothesis import given
from hypothesis import strategies as st

from svyaz.lib.text import code_key, digits_of, like_literal, name_key

RUSSIAN = st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙ -'", max_size=30)


def test_case_aside_and_yo_as_ye():
    assert name_key("Ёлкина", "АННА", "") == name_key("елкина анна") == "елкина анна"


def test_letters_in_two_characters_are_letters():
    assert name_key("Андре\u0438\u0306 \u0415\u0308лкин") == "андрей елкин"


def test_punctuation_parts_words():
    assert name_key('ООО "Рога-и_Копыта"') == "ооо рога и копыта"


@given(RUSSIAN)
def test_a_key_is_its_own_key(text):
    assert name_key(name_key(text)) == name_key(text)


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    key = name_key(text)
    assert key == key.strip()
    assert "  " not in key


@given(st.lists(RUSSIAN.map(str.strip).filter(bool), min_size=2, max_size=8))
def test_keys_by_code_point_stand_as_in_a_russian_dictionary(names):
    alphabet = " абвгдежзийклмнопрстуфхцчшщъыьэюя"

    def by_the_book(name):
        return [alphabet.index(letter) for letter in name_key(name)]

    assert sorted(names, key=name_key) == sorted(names, key=by_the_book)


@given(st.text(alphabet="ab-. 12/№", max_size=20))
def test_a_documents_number_is_the_same_in_any_spelling(text):
    assert code_key(text) == code_key(text.lower()) == code_key(f" {text} ")


def test_digits_and_literals():
    assert digits_of("+7 (921) ½ 5") == "79215"
    assert like_literal(r"50%_\ ") == r"50\%\_\\ "
