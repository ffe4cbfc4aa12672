"""Encryption at rest: three layers of keys, and one way to seal a text in its place.

    MasterKey     the school's file or variable       wraps the school key
    DataKey       one a school, kept wrapped           wraps each case's key
    DataKey       one a case, kept wrapped             seals that case's words

Destroying a case's wrapped key erases its words everywhere, even inside an append-only history.

A ciphertext is one version byte, 8 bytes of key id, a 96-bit nonce, then AES-256-GCM's ciphertext and 128-bit
tag. The header and the place ("table/row/column") are associated data, so that a ciphertext opens only where
it was put. Nonces are random: one key may seal 2**32 texts (NIST SP 800-38D, 8.3), far more than a case has.
"""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import KeyRefused, SealBroken
from storage.keyfile import read_private_file, write_private_file

KEY_BYTES = 32
FORMAT_VERSION = 1
_KEY_ID_BYTES = 8
_NONCE_BYTES = 12
_TAG_BYTES = 16
_HEADER_BYTES = 1 + _KEY_ID_BYTES

# Crockford's base32 in lower case: no i, l, o, u, so that a code survives being read aloud.
_CODE_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CODE_GROUPS, _CODE_GROUP = 7, 4
_MISHEARD = str.maketrans({"i": "1", "l": "1", "o": "0"})


@dataclass(frozen=True, slots=True)
class DataKey:
    """A 256-bit key: a school's or a case's, kept only in wrapped form. Its secret is never shown."""

    secret: bytes = field(repr=False)
    key_id: bytes = field(init=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise KeyRefused(f"A key has {KEY_BYTES} bytes; this one has {len(self.secret)}.")
        object.__setattr__(self, "key_id", _derived(self.secret, b"schoolgate key id")[:_KEY_ID_BYTES])

    @classmethod
    def generate(cls) -> Self:
        """A fresh random key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    def wrap(self, key: "DataKey", *, where: str) -> bytes:
        """`key` sealed by this one, to be kept at `where` ("table/row/column")."""
        return _seal(self, key.secret, where)

    def unwrap(self, wrapped: bytes, *, where: str) -> "DataKey":
        """The key that was wrapped by this one for `where`.

        Raises:
            KeyRefused: it was wrapped by another key.
            SealBroken: it was altered, or wrapped for another place.
        """
        return DataKey(_open(self, wrapped, where))


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The key that the school keeps outside the database, and which opens everything in it."""

    key: DataKey

    @classmethod
    def from_base64(cls, text: str) -> Self:
        """The key written as base64 (44 characters).

        Raises:
            KeyRefused: it is not base64 or not 32 bytes.
        """
        try:
            secret = base64.b64decode("".join(text.split()), validate=True)
        except ValueError:
            raise KeyRefused(
                "The key is not base64. It should be the 44 characters that schoolgate init wrote."
            ) from None
        if len(secret) != KEY_BYTES:
            raise KeyRefused(
                f"The key has {len(secret)} bytes instead of {KEY_BYTES}; "
                "it may have been cut short when it was copied."
            )
        return cls(DataKey(secret))

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """The key in the file that `generate_file` made.

        Raises:
            KeyRefused: there is no such file, others may read it (on POSIX), or it holds no key.
        """
        text = read_private_file(path)
        try:
            return cls.from_base64(text)
        except KeyRefused as error:
            raise KeyRefused(f"{path}: {error}") from None

    @classmethod
    def generate_file(cls, path: Path) -> Self:
        """Make a fresh key and keep it in `path`, mode 600, safely on disk before this returns.

        Raises:
            KeyRefused: the file exists (a key is never overwritten), or it cannot be written.
        """
        made = cls(DataKey.generate())
        write_private_file(path, made.to_base64() + "\n")
        return made

    def to_base64(self) -> str:
        """The key as base64, for its file or variable."""
        return base64.b64encode(self.key.secret).decode("ascii")

    def wrap(self, key: DataKey, *, where: str) -> bytes:
        """A school's key sealed by this one, to be kept at `where` ("table/row/column")."""
        return self.key.wrap(key, where=where)

    def unwrap(self, wrapped: bytes, *, where: str) -> DataKey:
        """The school's key that was wrapped by this one for `where`; refuses as `DataKey.unwrap` does."""
        return self.key.unwrap(wrapped, where=where)

    def derive(self, purpose: bytes) -> bytes:
        """Another 32 secret bytes, for one purpose; the same each time."""
        return _derived(self.key.secret, purpose)

    def key_check(self) -> bytes:
        """32 bytes to keep in the database, by which a wrong key is found out at start; they reveal nothing."""
        return _derived(self.key.secret, b"schoolgate key check")

    def verify(self, key_check: bytes) -> None:
        """Make sure that this is the key whose `key_check` the database keeps.

        Raises:
            KeyRefused: it is another key.
        """
        if not hmac.compare_digest(self.key_check(), key_check):
            raise KeyRefused(
                "This is not the key that this database was made with. Put the right key back "
                "(key_file or SCHOOLGATE_KEY); without it, nothing in the database can be read."
            )


@dataclass(frozen=True, slots=True)
class Sealed:
    """Seals and opens texts by one key."""

    key: DataKey

    def seal(self, plaintext: str, *, where: str) -> bytes:
        """`plaintext` as a ciphertext that opens only at `where` ("table/row/column")."""
        # Telegram's JSON can carry a lone surrogate; it must not break here, nor show its text in an error.
        return _seal(self.key, plaintext.encode("utf-8", errors="surrogatepass"), where)

    def open(self, ciphertext: bytes, *, where: str) -> str:
        """The text that was sealed at `where`.

        Raises:
            KeyRefused: it was sealed by another key.
            SealBroken: it was altered, cut short, or sealed for another place.
        """
        return _open(self.key, ciphertext, where).decode("utf-8", errors="surrogatepass")


def digest(secret: str) -> bytes:
    """SHA-256 of a one-time code or callback handle: all that is kept of it. The secret must be random."""
    return hashlib.sha256(secret.encode("utf-8", errors="surrogatepass")).digest()


def new_code() -> str:
    """A one-time code of 140 random bits: 34 characters in groups of four, to link to or to read aloud."""
    return "-".join("".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_GROUP)) for _ in range(_CODE_GROUPS))


def canonical_code(typed: str) -> str:
    """A code as `new_code` writes it, from one that a person typed: capitals, spaces, O for 0, I or L for 1.

    What is no such code comes back unchanged, and will match nothing.
    """
    letters = "".join(typed.lower().replace("-", " ").split()).translate(_MISHEARD)
    if len(letters) != _CODE_GROUPS * _CODE_GROUP or not set(letters) <= set(_CODE_ALPHABET):
        return typed
    return "-".join(letters[at : at + _CODE_GROUP] for at in range(0, len(letters), _CODE_GROUP))


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return hmac.digest(secret, purpose, "sha256")


def _seal(key: DataKey, plaintext: bytes, where: str) -> bytes:
    header = bytes([FORMAT_VERSION]) + key.key_id
    nonce = os.urandom(_NONCE_BYTES)
    return header + nonce + AESGCM(key.secret).encrypt(nonce, plaintext, header + where.encode())


def _open(key: DataKey, sealed: bytes, where: str) -> bytes:
    if len(sealed) < _HEADER_BYTES + _NONCE_BYTES + _TAG_BYTES:
        raise SealBroken(where, "it is cut short")
    header, rest = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
    if header[0] != FORMAT_VERSION:
        raise SealBroken(where, f"format {header[0]} is unknown")
    if header[1:] != key.key_id:
        found, expected = header[1:].hex(), key.key_id.hex()
        raise KeyRefused(f"What is kept at {where} was sealed by key {found}, not by {expected}.")
    try:
        return AESGCM(key.secret).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], header + where.encode())
    except InvalidTag:
        raise SealBroken(where) from None
