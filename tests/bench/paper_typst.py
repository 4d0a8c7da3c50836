"""The COPIL file as typst markup."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from qpvdesk.reports.tables import DataTable
from tests.bench.paper import COVER, MARGINS, Cell, Markup, Picture, Run, colour_of
from tests.bench.sketch import FAMILIES

_FACE = """#let (blue, mention) = (rgb("#000091"), rgb("#55555a"))
#let (medium, bold) = ("IBM Plex Sans Medm", "IBM Plex Sans SmBld")
#let drawn(file, width) = box(pdf.artifact(image(file, width: width)))
#let pale(it) = text(8pt, fill: mention, it)
#let group(columns, it) = table.header(level: 2, table.cell(colspan: columns, fill: rgb("#f2f2fb"), text(font: medium, it)))
#set page("a4", header: context {
  let begun = query(selector(heading.where(level: 1)).before(here()))
  text(8pt, fill: mention)[#document.title #h(1fr) #if begun.len() > 0 { begun.last().body }]
})
#set text(lang: "fr", font: "IBM Plex Sans", size: 9.2pt, fill: rgb("#161616"), top-edge: 0.8em, bottom-edge: -0.2em)
#set par(leading: 4pt, spacing: 5pt)
#set list(spacing: 6.5pt)
#set enum(spacing: 6.5pt)
#set table(inset: (x: 4pt, top: 3.2pt, bottom: 3.8pt), stroke: (_, y) => (
  bottom: if y == 0 { 0.9pt + blue } else { 0.4pt + rgb("#e6e6ea") }))
#show table: set text(8pt)
#show table: set par(leading: 2.2pt)
#show table: set block(below: 4pt)
#show table.cell.where(y: 0): set text(fill: blue, font: medium)
"""


class Typst(Markup):
    """As typst's documentation has it: set rules, headings, `table.header`, an outline."""

    turn, apart = "#pagebreak(weak: true)\n", "#v(18pt, weak: true)\n"
    bar = "#block(above: 4pt, below: 9pt, pdf.artifact(rect(width: 34pt, height: 3pt, fill: blue)))\n"

    def document(self) -> str:
        """The whole of it."""
        body, identity = "".join(self.body(self.story)), self.identity
        top, side, bottom, _ = (f"{points:.1f}pt" for points in MARGINS)
        rules = "".join(map(_rule, self.styles.values()))
        facts = "\n\n".join(f"#{_string(fact)}" for fact in identity.cover)
        foot = f'[page #context counter(page).display("1 / 1", both: true) #h(1fr) #{_string(self.foot)}'
        return (
            f"#set document(title: {_string(identity.title)}, author: {_string(identity.author)})\n{_FACE}"
            f"#set page(margin: (top: {top}, x: {side}, bottom: {bottom}), footer: text(8pt, fill: mention, "
            f"{foot} {self.picture(self.seal).strip()}]))\n{rules}"
            f"#block(fill: blue, width: 100%, height: 330pt, inset: 20pt, text(16pt, fill: white)[#text(38pt, font: bold)"
            f"[{COVER}]\n\n#{_string(identity.title)}])\n"
            f"{facts}\n\n{body}"
        )

    def words(self, runs: Sequence[Run]) -> str:
        return "".join(map(_run, runs))

    def paragraph(self, style: str, words: str, level: int, key: str) -> str:
        place = f"<{key}>" if key else ""
        return f"#heading(level: {level})[{words}]{place}\n" if level else f"#s-{style}[{words}]\n"

    def listed(self, lines: Sequence[str], *, numbered: bool) -> str:
        return f"#{'enum' if numbered else 'list'}({''.join(f'[{words}],' for words in lines)})\n"

    def contents(self, entries: Sequence[tuple[str, str]]) -> str:  # noqa: ARG002 - it finds the titles itself
        return "#outline(title: none, depth: 1)\n"

    def picture(self, picture: Picture) -> str:
        if not picture.alt:
            return f"#drawn({_string(picture.file)}, {picture.width:.1f}pt)"
        return f"#image({_string(picture.file)}, width: {picture.width:.1f}pt, alt: {_string(picture.alt)})\n"

    def beside(self, columns: Sequence[Sequence[str]]) -> str:
        parts = ",".join(f"[{part}]" for part in map("".join, columns))
        return f"#grid(columns: {len(columns)}, {parts})\n"

    def table(self, table: DataTable) -> str:
        columns = table.columns
        widths = ",".join(f"{width:.1f}pt" for width in columns.widths)
        sides = ",".join("right" if at in columns.right else "left" for at in range(len(columns.header)))
        rows = [f"table.header({''.join(f'[#{_string(title)}],' for title in columns.header)})"]
        for is_group, is_total, cells in self.rows(table):
            filled = [self._filled(cell) for cell in cells]
            if is_group:
                rows.append(f"group({len(columns.header)}, [{filled[0]}])")
            elif is_total:
                rows.append(",".join(f"text(font: medium)[{told}]" for told in filled))
            else:
                rows.append(",".join(f"[{told}]" for told in filled))
        return f"#table(columns: ({widths}), align: ({sides}), {','.join(rows)})\n"

    def _filled(self, cell: Cell) -> str:
        told = "#linebreak()".join(map(self.words, cell.lines))
        told = f"#box[{told}]<code-{cell.code}>" if cell.code else told
        drawn = self.picture(cell.picture) if cell.picture else ""
        return f"{told}#linebreak(){drawn}" if drawn and cell.under else f"{drawn} {told}" if drawn else told


def _run(run: Run) -> str:
    told = "#linebreak()".join(f"#{_string(piece)}" for piece in run.words.split("\n"))
    face = "pale" if run.pale else {600: "text(font: bold)", 500: "text(font: medium)"}.get(run.weight)
    told = f"#{face}[{told}]" if face else told
    return f"#link(<code-{run.code}>)[{told}]" if run.code else told


def _rule(style: Any) -> str:
    """A style of the paper: of titles as a set rule of theirs, of paragraphs as a function."""
    face = f'{style.fontSize}pt, font: "{FAMILIES[style.fontName]}", fill: rgb("{colour_of(style)}")'
    air = f"above: {style.spaceBefore}pt, below: {style.spaceAfter}pt"
    if style.name in ("h1", "h2", "h3"):
        title = f"#show heading.where(level: {style.name[1]}): set"
        return f"{title} text({face}, weight: 400)\n{title} block({air})\n"
    leading = f"par(leading: {style.leading - style.fontSize:.1f}pt, text({face}, it))"
    return f"#let s-{style.name}(it) = block({air}, inset: (left: {style.leftIndent}pt), {leading})\n"


def _string(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
