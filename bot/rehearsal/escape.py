"""A message's text and entities as HTML that a browser may show: everything escaped, few tags."""

from html import escape
from typing import Any

_SAFE = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}


def to_html(text: str, entities: list[dict[str, Any]]) -> str:
    """``text`` with its entities as tags; links only to http(s), tg and mailto addresses."""
    encoded = text.encode("utf-16-le")
    marks: list[tuple[int, int, int, str]] = []
    for order, (start, end, entity) in enumerate(_nested(entities)):
        opening, closing = _tags(entity, encoded[start * 2 : end * 2].decode("utf-16-le", "replace"))
        # Closing tags come before opening ones at the same place, inner ones first.
        marks.append((start, 1, order, opening))
        marks.append((end, 0, -order, closing))
    pieces, position = [], 0
    for at, _, _, tag in sorted(marks):
        pieces.append(escape(encoded[position * 2 : at * 2].decode("utf-16-le", "replace")))
        pieces.append(tag)
        position = at
    pieces.append(escape(encoded[position * 2 :].decode("utf-16-le", "replace")))
    return "".join(pieces)


def _nested(entities: list[dict[str, Any]]) -> list[tuple[int, int, dict[str, Any]]]:
    """Start, end and entity, outer ones first; one that crosses another's end is cut there."""
    found: list[tuple[int, int, dict[str, Any]]] = []
    open_ends: list[int] = []
    for entity in sorted(entities, key=lambda e: (e["offset"], -e["length"])):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        while open_ends and open_ends[-1] <= start:
            open_ends.pop()
        end = min([end, *open_ends[-1:]])
        if end > start:
            open_ends.append(end)
            found.append((start, end, entity))
    return found


def _tags(entity: dict[str, Any], inside: str) -> tuple[str, str]:
    kind = entity["type"]
    if kind in _SAFE:
        return f"<{_SAFE[kind]}>", f"</{_SAFE[kind]}>"
    if kind == "spoiler":
        return '<span class="spoiler">', "</span>"
    address = {"url": inside, "text_link": entity.get("url", ""), "email": f"mailto:{inside}"}.get(kind, "")
    if address.startswith(("https://", "http://", "tg://", "mailto:")):
        return f'<a href="{escape(address)}" rel="noopener noreferrer" target="_blank">', "</a>"
    return f'<span class="{escape(kind)}">', "</span>"
