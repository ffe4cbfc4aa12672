"""Text as Telegram counts and marks it: UTF-16 units, HTML parse mode, entities that it finds by itself.

https://core.telegram.org/bots/api#html-style
"""

import re
from dataclasses import dataclass, field
from typing import Any

from bot.rehearsal.refused import bad

Json = dict[str, Any]

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "span": "spoiler",
}
_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>|&(#x?[0-9a-fA-F]+|[a-z]+);|<|&", re.ASCII)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?", re.ASCII)),
    ("url", re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("mention", re.compile(r"(?<![\w/])@[A-Za-z0-9_]{4,32}\b", re.ASCII)),
)


def units(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    tag: str
    start: int
    extra: Json = field(default_factory=dict)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The text and the entities of ``source``. Refused (400) if a tag is unknown, unclosed or crossed."""
    text, length, position = "", 0, 0
    stack: list[_Open] = []
    found: list[Json] = []
    for match in _TOKEN.finditer(source):
        piece = source[position : match.start()]
        text, length, position = text + piece, length + units(piece), match.end()
        closing, tag, attributes, reference = match.groups()
        if tag is None:
            char = _character(match.group(), reference, match.start())
            text, length = text + char, length + units(char)
        elif not closing:
            stack.append(_opened(tag.lower(), attributes, length, match.start()))
        else:
            entity = _closed(stack, tag.lower(), length, match.start())
            if entity is not None:
                found.append(entity)
    if stack:
        raise _cannot(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag}"')
    return text + source[position:], sorted(found, key=lambda e: (e["offset"], -e["length"]))


def _cannot(reason: str) -> Exception:
    return bad(f"can't parse entities: {reason}")


def _character(whole: str, reference: str | None, at: int) -> str:
    if whole == "<":
        raise _cannot(f"Unsupported start tag at byte offset {at}")
    if reference is None:
        return "&"
    if reference.startswith("#"):
        number = int(reference[2:], 16) if reference[1] == "x" else int(reference[1:])
        return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else whole
    return _NAMED.get(reference, whole)


def _opened(tag: str, attributes: str, length: int, at: int) -> _Open:
    values = dict(re.findall(r'([a-z-]+)="([^"]*)"', attributes))
    if tag not in _TAGS or (tag == "span" and values.get("class") != "tg-spoiler"):
        raise _cannot(f'Unsupported start tag "{tag}" at byte offset {at}')
    extra: Json = {"type": _TAGS[tag]}
    if tag == "a":
        extra["url"] = re.sub(r"&(lt|gt|amp|quot);", lambda m: _NAMED[m.group(1)], values.get("href", ""))
    if tag == "blockquote" and "expandable" in attributes:
        extra["type"] = "expandable_blockquote"
    return _Open(tag, length, extra)


def _closed(stack: list[_Open], tag: str, length: int, at: int) -> Json | None:
    if not stack:
        raise _cannot(f"Unexpected end tag at byte offset {at}")
    opened = stack.pop()
    if opened.tag != tag:
        raise _cannot(f'Unmatched end tag at byte offset {at}, expected "</{opened.tag}>", found "</{tag}>"')
    if length == opened.start or opened.extra.get("url") == "":
        return None
    return {"offset": opened.start, "length": length - opened.start, **opened.extra}


def find_entities(text: str, known: list[Json]) -> list[Json]:
    """``known`` and the commands, links and mentions that Telegram finds outside of them."""
    entities = list(known)
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            offset, length = units(text[: match.start()]), units(match.group())
            if not any(e["offset"] < offset + length and offset < e["offset"] + e["length"] for e in entities):
                entities.append({"type": kind, "offset": offset, "length": length})
    return sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without white space at the ends, as Telegram stores it; entities move with the text."""
    lead = units(text) - units(text.lstrip())
    kept, text = [], text.strip()
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        end = min(units(text), entity["offset"] + entity["length"] - lead)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, kept


def read_text(source: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """What the bot's text and parse mode come to. Refused (400) if the markup is wrong or not HTML."""
    if parse_mode and parse_mode.lower() != "html":
        raise bad("the rehearsal reads parse_mode HTML only")
    text, marks = parse_html(source) if parse_mode else (source, list(entities or []))
    text, marks = trimmed(text, marks)
    return text, find_entities(text, marks)
