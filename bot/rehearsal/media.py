"""Files: what people and the bot send, kept in memory; media are tiny."""

import struct
import zlib

from bot.rehearsal.refused import bad
from bot.rehearsal.world import Json, StoredFile, World

_FOLDERS = {"image/png": "photos", "image/jpeg": "photos", "video/mp4": "videos", "audio/ogg": "voice"}


def store(world: World, data: bytes, mime: str, name: str) -> StoredFile:
    """Keep a file; ``name`` gives the ending of its path."""
    number = next(world.serial)
    path = f"{_FOLDERS.get(mime, 'documents')}/file_{number}.{name.rpartition('.')[2]}"
    stored = StoredFile(f"REHEARSAL-FILE-{number:08d}", f"rehearsal{number:08d}", path, data, mime)
    world.files[stored.id] = stored
    return stored


def find(world: World, file_id: str) -> StoredFile:
    """A file by its id. Refused (400) as Telegram refuses an unknown one."""
    stored = world.files.get(file_id)
    if stored is None:
        raise bad("wrong file identifier/HTTP URL specified")
    return stored


def file(stored: StoredFile) -> Json:
    """A File."""
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
        "file_path": stored.path,
    }


def _base(stored: StoredFile) -> Json:
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
    }


def photo(stored: StoredFile) -> Json:
    """The content of a message with a photo."""
    return {"photo": [_base(stored) | {"width": 96, "height": 64}]}


def document(stored: StoredFile) -> Json:
    """The content of a message with a document."""
    name = stored.path.rpartition("/")[2]
    return {"document": _base(stored) | {"file_name": name, "mime_type": stored.mime}}


def video(stored: StoredFile) -> Json:
    """The content of a message with a video."""
    return {"video": _base(stored) | {"width": 96, "height": 64, "duration": 1, "mime_type": stored.mime}}


def voice(stored: StoredFile) -> Json:
    """The content of a message with a voice note."""
    return {"voice": _base(stored) | {"duration": 1, "mime_type": stored.mime}}


def picture(seed: int) -> bytes:
    """A real PNG of 96 by 64 pixels in one of several quiet colours."""
    colour = bytes(120 + (seed + 1) * step % 100 for step in (37, 61, 89))
    rows = b"".join(b"\0" + b"".join(bytes(min(255, c + y // 2) for c in colour) for _ in range(96)) for y in range(64))
    header = struct.pack(">IIBBBBB", 96, 64, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
