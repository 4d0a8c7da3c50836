"""The subset of Markdown that the guide is written in, as the tree that markdown-it makes of it.

One tree serves the window (as HTML), the paper and the search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode as Node

from qpvdesk.domain.french import typeset

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_ANCHOR = re.compile(r"\s*\{#([a-z0-9-]+)\}\s*$")
_KNOWN = frozenset(
    {
        "root", "heading", "paragraph", "bullet_list", "ordered_list", "list_item", "blockquote", "table", "thead",
        "tbody", "tr", "th", "td", "inline", "text", "softbreak", "strong", "em", "code_inline", "link", "image",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChapterHeading:
    """A title: 1 for a chapter, 2 and 3 under it. `anchor` is its name in links and for F1; empty for none."""

    level: int
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """Words that can be looked for: a paragraph, an item, a row, a heading, what a picture shows."""

    heading: ChapterHeading
    """Under which it is, or itself."""
    anchor: str
    """Where to go: the nearest heading with a name."""
    words: str
    is_heading: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter. `word` names its file; its first block is its title."""

    word: str
    tree: Node

    @property
    def headings(self) -> tuple[ChapterHeading, ...]:
        """Its titles, in order."""
        return tuple(heading_of(node) for node in self.tree.children if node.type == "heading")

    def lines(self) -> Iterator[Line]:
        """Yield everything that it says."""
        heading, anchor = ChapterHeading(0, "", ""), ""
        for node in self.tree.children:
            if node.type == "heading":
                heading = heading_of(node)
                anchor = heading.anchor or anchor
            for words in _lines(node):
                yield Line(heading, anchor, words, node.type == "heading")

    def html(self) -> str:
        """Return it for the window, without the blanks between blocks."""
        rendered = _MARKDOWN.renderer.render(self.tree.to_tokens(), _MARKDOWN.options, {})
        return re.sub(r">\n+<", "><", rendered).strip()


def read_chapter(text: str, word: str) -> Chapter:
    """Read a chapter. Raises `ValueError` for what the guide is not written in."""
    tree = Node(_MARKDOWN.parse(text))
    for node in tree.walk():
        if node.type not in _KNOWN:
            raise ValueError(f"the guide does not know {node.type}: {node.content[:60]}")
        if node.type.endswith("_list") and _is_inside(node, "list_item"):
            raise ValueError("a list inside a list")
        if node.type == "text" and node.token is not None:
            node.token.content = typeset(node.token.content)
        if node.type == "heading":
            _name(node)
    return Chapter(word, tree)


def plain(text: str) -> str:
    """Return a text from elsewhere as Markdown that says just that."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def heading_of(node: Node) -> ChapterHeading:
    return ChapterHeading(int(node.tag[1:]), words_of(node), str(node.attrs.get("id", "")))


def words_of(node: Node) -> str:
    """Return everything a node says, as plain words."""
    if node.type == "softbreak":
        return " "
    if node.type == "image":
        return typeset(node.content)
    return "".join(map(words_of, node.children)) if node.children else node.content


def chapter_picture(node: Node) -> Node | None:
    """Return the picture that a paragraph is; None for one of words."""
    inside = node.children[0].children if node.type == "paragraph" else []
    return inside[0] if len(inside) == 1 and inside[0].type == "image" else None


def _name(heading: Node) -> None:
    """Make the name at the end of a title (`{#statuts}`) the name of its place."""
    last = heading.children[0].children[-1]
    found = _ANCHOR.search(last.content) if last.type == "text" else None
    if found is not None and last.token is not None and heading.nester_tokens is not None:
        last.token.content = last.content[: found.start()]
        heading.nester_tokens.opening.attrSet("id", found[1])


def _is_inside(node: Node, kind: str) -> bool:
    above = node.parent
    return above is not None and (above.type == kind or _is_inside(above, kind))


def _lines(node: Node) -> Iterator[str]:
    match node.type:
        case "bullet_list" | "ordered_list":
            yield from map(words_of, node.children)
        case "table":
            for row in (row for part in node.children for row in part.children):
                yield " – ".join(map(words_of, row.children))
        case _:
            yield words_of(node)


def _key(_renderer: object, tokens: Sequence[Token], at: int, *_: object) -> str:
    """A key of the keyboard, or words of the window."""
    return f'<span class="key">\u00a0{escape(tokens[at].content)}\u00a0</span>'


def _picture(_renderer: object, tokens: Sequence[Token], at: int, *_: object) -> str:
    words = escape(typeset(tokens[at].content))
    source = escape(str(tokens[at].attrs["src"]))
    return f'<img src="{source}" alt="{words}"/><br/><span class="said">{words}</span>'


def _writing(words: str) -> Callable[..., str]:
    return lambda *_: words


for _kind, _rule in {
    "code_inline": _key,
    "image": _picture,
    "softbreak": _writing(" "),
    "blockquote_open": _writing('<table width="100%" cellpadding="8"><tr><td class="aside">'),
    "blockquote_close": _writing("</td></tr></table>"),
    "table_open": _writing('<table class="grid" border="1" cellspacing="0" cellpadding="6">'),
}.items():
    _MARKDOWN.add_render_rule(_kind, _rule)
