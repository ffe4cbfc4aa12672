"""Cutting what people wrote to a length in UTF-16 units, without breaking a character that a reader sees as one."""

import unicodedata

ELLIPSIS = "…"
_ZWJ = "\u200d"
#: A cut goes back at most so many code points in search of a whole character (hostile texts pile up marks).
_FURTHEST = 64


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def sendable(text: str) -> str:
    """`text` without lone surrogates, which cannot be sent; each becomes a replacement character."""
    return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)


def cut(text: str, longest: int) -> str:
    """`text`, or as much of its beginning as fits into `longest` units with an ellipsis behind it."""
    if units(text) <= longest:
        return text
    end, used = 0, 0
    for sign in text:
        used += 2 if ord(sign) > 0xFFFF else 1
        if used > longest - 1:
            break
        end += 1
    return (text[: _whole(text, end)].rstrip() + ELLIPSIS) if longest > 0 else ""


def _whole(text: str, end: int) -> int:
    """The nearest place at or before `end` between two characters as a reader sees them."""
    for place in range(end, max(0, end - _FURTHEST), -1):
        if not _joined(text, place):
            return place
    return end


def _joined(text: str, place: int) -> bool:
    """Whether the code points on both sides of a place belong together."""
    before, after = text[place - 1], text[place]
    if before == _ZWJ or _extends(after):
        return True
    if _is_flag_letter(before) and _is_flag_letter(after):
        return _flag_letters_before(text, place) % 2 == 1
    return before == "\r" and after == "\n"


def _extends(sign: str) -> bool:
    """Whether a code point only changes the one before it: marks, joiners, variation, skin tones, tags."""
    return (
        sign == _ZWJ
        or unicodedata.category(sign) in {"Mn", "Me", "Mc"}
        or 0x1F3FB <= ord(sign) <= 0x1F3FF
        or 0xE0020 <= ord(sign) <= 0xE007F
    )


def _is_flag_letter(sign: str) -> bool:
    return 0x1F1E6 <= ord(sign) <= 0x1F1FF


def _flag_letters_before(text: str, place: int) -> int:
    count = 0
    while place - count > 0 and _is_flag_letter(text[place - count - 1]):
        count += 1
    return count
