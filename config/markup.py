"""Telegram's HTML, as far as our texts use it (Bot API, "HTML style").

Source: https://core.telegram.org/bots/api#html-style
"""

import re

#: The tags of Telegram's HTML style that a text of ours may use.
ALLOWED_TAGS = frozenset({"b", "strong", "i", "em", "u", "s", "code", "pre", "blockquote", "tg-spoiler", "a"})

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-z-]+)(?P<attributes>[^<>]*)>")
_HREF = re.compile(r'\s+href="[^"<>]+"')
_EXPANDABLE = re.compile(r"\s+expandable")


def escape(text: str) -> str:
    """`text` made safe between tags and inside a double-quoted attribute of Telegram's HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def utf16_units(text: str) -> int:
    """The length of `text` as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def markup_problem(text: str) -> str | None:
    """What is wrong with the tags of `text`, as a sentence; None when Telegram would take them."""
    open_tags: list[str] = []
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if name not in ALLOWED_TAGS:
            return f"Telegram has no tag <{name}>."
        if tag["close"]:
            if not open_tags or open_tags.pop() != name:
                return f"</{name}> closes a tag that is not the last one opened."
        elif not _attributes_fit(name, tag["attributes"]):
            return f'<{name}> is not written as Telegram reads it (a link is <a href="...">).'
        else:
            open_tags.append(name)
    if open_tags:
        return f"<{open_tags[-1]}> is never closed."
    if set(_TAG.sub("", text)) & {"<", ">"}:
        return "< or > stands alone; write &lt; or &gt;."
    return None


def without_markup(text: str) -> str:
    """`text` as a person sees it: tags taken out, the four named entities read."""
    shown = _TAG.sub("", text)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(entity, sign)
    return shown


def _attributes_fit(name: str, attributes: str) -> bool:
    if name == "a":
        return _HREF.fullmatch(attributes) is not None
    if name == "blockquote":
        return not attributes or _EXPANDABLE.fullmatch(attributes) is not None
    return not attributes
