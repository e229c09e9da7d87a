"""Encryption at rest, and the fingerprint by which equal secrets meet."""

import base64

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from svyaz.lib import crypto

OLD = base64.urlsafe_b64encode(b"o" * 32).decode()
NEW = base64.urlsafe_b64encode(b"n" * 32).decode()


@pytest.fixture
def keys(settings):
    def use(*chosen):
        settings.DATA_KEYS = list(chosen)
        crypto._box.cache_clear()

    yield use
    crypto._box.cache_clear()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=64))
def test_what_is_encrypted_comes_back(text):
    token = crypto.encrypt(text)
    assert crypto.decrypt(token) == crypto.decrypt(memoryview(token)) == text


def test_the_same_text_never_looks_the_same():
    assert crypto.encrypt("4010 123456") != crypto.encrypt("4010 123456")


def test_a_new_key_takes_over_and_the_old_one_still_reads(keys):
    keys(OLD)
    token, print_before = crypto.encrypt("4010 123456"), crypto.fingerprint("4010123456")

    keys(NEW, OLD)
    assert crypto.decrypt(token) == "4010 123456"
    assert crypto.fingerprint("4010123456") == print_before

    fresh = crypto.encrypt("4010 123456")
    keys(OLD)
    with pytest.raises(InvalidToken):
        crypto.decrypt(fresh)


def test_a_fingerprint_hangs_on_the_key(keys):
    keys(OLD)
    before = crypto.fingerprint("1")
    keys(NEW)

    assert crypto.fingerprint("1") != before
