"""Text as Telegram counts and marks it, and as a browser may show it."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.entities import find_entities, parse_html, read_text, trimmed, units
from bot.rehearsal.escape import to_html
from bot.rehearsal.refused import Refused


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(html.escape(text)) == (text, [])


@given(st.text(min_size=1))
def test_an_entity_covers_its_text_in_utf16_units(text: str) -> None:
    read, entities = parse_html(f"😀<b>{html.escape(text, quote=False)}</b>")
    assert read == "😀" + text
    assert entities == [{"offset": 2, "length": units(text), "type": "bold"}]


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("<b>a</b> <i>b</i> <u>c</u> <s>d</s>", "a b c d", ["bold", "italic", "underline", "strikethrough"]),
        ("<b>a<i>b</i></b>", "ab", ["bold", "italic"]),
        ("<code>a</code><pre>b</pre>", "ab", ["code", "pre"]),
        ('<a href="https://a.org/?x&amp;y">z</a>', "z", ["text_link"]),
        ('<a href="">z</a><b></b>', "z", []),
        ('<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', "ab", ["spoiler", "spoiler"]),
        ("<blockquote expandable>a</blockquote>", "a", ["expandable_blockquote"]),
        ("<blockquote>a</blockquote>", "a", ["blockquote"]),
        ("1 &lt; 2 &amp; 3 &gt; 2 &quot;&#39;&#x41;", "1 < 2 & 3 > 2 \"'A", []),
        ("a & b &nbsp; &#0;", "a & b &nbsp; &#0;", []),
    ],
)
def test_html_is_read_as_telegram_reads_it(source: str, text: str, kinds: list[str]) -> None:
    read, entities = parse_html(source)
    assert (read, [entity["type"] for entity in entities]) == (text, kinds)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<h1>a</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("<span>a</span>", 'Unsupported start tag "span"'),
        ("a < b", "Unsupported start tag at byte offset 2"),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ],
)
def test_wrong_markup_is_refused(source: str, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_text(source, "HTML", None)
    assert refusal.value.description.startswith(f"Bad Request: can't parse entities: {reason}")


def test_links_commands_and_mentions_are_found_outside_of_other_entities() -> None:
    text = "/help@a_bot see https://a.org/x. or write a@b.org, @somebody"
    found = [(e["type"], text[e["offset"] : e["offset"] + e["length"]]) for e in find_entities(text, [])]
    assert found == [
        ("bot_command", "/help@a_bot"),
        ("url", "https://a.org/x"),
        ("email", "a@b.org"),
        ("mention", "@somebody"),
    ]
    whole = {"type": "code", "offset": 0, "length": len(text)}
    assert find_entities(text, [whole]) == [whole]


def test_space_at_the_ends_goes_and_entities_move_along() -> None:
    marks = [{"type": "bold", "offset": 0, "length": 4}, {"type": "italic", "offset": 5, "length": 1}]
    assert trimmed("  ab ", marks) == ("ab", [{"type": "bold", "offset": 0, "length": 2}])


@given(st.text(), st.text(min_size=1))
def test_no_text_becomes_a_tag_in_the_browser(first: str, second: str) -> None:
    text = first + second
    bold = {"type": "bold", "offset": units(first), "length": units(second)}
    shown = to_html(text, [bold])
    assert shown == html.escape(first) + "<b>" + html.escape(second) + "</b>"


@pytest.mark.parametrize(
    ("kind", "extra", "opening"),
    [
        ("text_link", {"url": "https://a.org/?x&y"}, '<a href="https://a.org/?x&amp;y" '),
        ("text_link", {"url": "javascript:alert(1)"}, '<span class="text_link">'),
        ("spoiler", {}, '<span class="spoiler">'),
        ("mention", {}, '<span class="mention">'),
        ("email", {}, '<a href="mailto:x" '),
    ],
)
def test_only_safe_links_become_links(kind: str, extra: dict[str, str], opening: str) -> None:
    assert to_html("x", [{"type": kind, "offset": 0, "length": 1} | extra]).startswith(opening)


def test_nested_entities_close_in_order() -> None:
    marks = [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 1}]
    assert to_html("abc", marks) == "<b>a<i>b</i></b>c"
    after = {"type": "code", "offset": 2, "length": 1}
    assert to_html("abc", [after, *marks]) == "<b>a<i>b</i></b><code>c</code>"


def test_entities_that_cross_or_are_empty_do_not_break_the_page() -> None:
    marks = [
        {"type": "italic", "offset": 1, "length": 2},
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "code", "offset": 1, "length": 0},
    ]
    assert to_html("abc", marks) == "<b>a<i>b</i></b>c"
