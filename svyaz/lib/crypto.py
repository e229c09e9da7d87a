"""Encryption at rest of what must not be read from a stolen copy of the base, and its blind index."""

import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@cache
def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.DATA_KEYS])


def encrypt(text: str) -> bytes:
    """Return text encrypted with the newest data key (AES-128-CBC with HMAC-SHA256: Fernet)."""
    return _box().encrypt(text.encode())


def decrypt(token: bytes | memoryview) -> str:
    """Return the text behind `encrypt`, whichever of the data keys wrote it."""
    return _box().decrypt(bytes(token)).decode()


def fingerprint(text: str) -> str:
    """Return a keyed digest (HMAC-SHA256, hexadecimal) by which equal secrets find each other and no one else does.

    Keyed by the oldest data key, so that it stays the same while newer keys take over encryption.
    """
    key = settings.DATA_KEYS[-1].encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
