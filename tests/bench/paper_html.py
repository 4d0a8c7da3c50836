"""The COPIL file as HTML with a style sheet: what WeasyPrint is given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from qpvdesk.reports.tables import DataTable
from tests.bench.paper import COVER, MARGINS, Cell, Markup, Picture, Run, colour_of
from tests.bench.sketch import FAMILIES

_SHEET = """@page{size:A4;margin:%s;font:8pt IBM Plex Sans;color:#55555a;
@top-left{content:%s}@top-right{content:string(chapter)}
@bottom-left{content:"page " counter(page) " / " counter(pages);width:60pt}
@bottom-right{content:%s}@bottom-right-corner{content:url(%s)}}
body{font:9.2pt/13.2pt IBM Plex Sans;color:#161616;margin:0}h1{string-set:chapter content()}h1,h2,h3{break-after:avoid}
a{color:inherit;text-decoration:none}b{font-weight:600}strong{font-weight:500}small{font-size:8pt;color:#55555a}
ul,ol{margin:0;padding-left:10pt}ol{padding-left:18pt}li{margin-bottom:2.5pt}.bar{width:34pt;height:3pt;background:#000091;margin-bottom:7pt}
.turn{break-after:page}.apart{height:18pt}.cover{height:330pt;background:#000091;color:#fff;padding:20pt;font-size:16pt}
.name{font:600 38pt IBM Plex Sans}nav a::after{float:right;content:target-counter(attr(href),page)}
table{table-layout:fixed;width:100%%;border-collapse:collapse;font-size:8pt;line-height:10.2pt;margin-bottom:4pt}
th,td{text-align:left;vertical-align:top;padding:3.2pt 4pt 3.8pt;border-bottom:.4pt solid #e6e6ea}tr{break-inside:avoid}
thead th{font-weight:500;color:#000091;vertical-align:bottom;border-bottom:.9pt solid #000091}.r{text-align:right}
.g th{background:#f2f2fb;font-weight:500}.t td{font-weight:500;border-top:.9pt solid #000091}.beside{display:flex}"""


class Html(Markup):
    """As WeasyPrint's documentation has it: a style sheet, `thead`, named strings, counters of pages."""

    turn, bar, apart = (f'<div class="{name}"></div>' for name in ("turn", "bar", "apart"))

    def document(self) -> str:
        body = "".join(self.body(self.story))
        rules = "".join(
            f".{style.name}{{font:{style.fontSize}pt/{style.leading}pt {FAMILIES[style.fontName]};"
            f"color:{colour_of(style)};margin:{style.spaceBefore}pt 0 {style.spaceAfter}pt {style.leftIndent}pt}}"
            for style in self.styles.values()
        )
        identity, margins = self.identity, " ".join(f"{points:.1f}pt" for points in MARGINS)
        sheet = _SHEET % (margins, _string(identity.title), _string(self.foot), self.seal.file)
        return (
            f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{escape(identity.title)}</title>'
            f'<meta name="author" content="{escape(identity.author)}"><style>{sheet}{rules}</style></head><body>'
            f'<div class="cover"><p class="name">{COVER}</p><p>{escape(identity.title)}</p></div>'
            f"{''.join(f'<p>{escape(fact)}</p>' for fact in identity.cover)}{body}</body></html>"
        )

    def words(self, runs: Sequence[Run]) -> str:
        return "".join(map(self._run, runs))

    def _run(self, run: Run) -> str:
        told = escape(run.words, quote=False).replace("\n", "<br>")
        tag = "small" if run.pale else {600: "b", 500: "strong"}.get(run.weight)
        told = f"<{tag}>{told}</{tag}>" if tag else told
        return f'<a href="#code-{run.code}">{told}</a>' if run.code else told

    def paragraph(self, style: str, words: str, level: int, key: str) -> str:
        tag, place = f"h{level}" if level else "p", f' id="{key}"' if key else ""
        return f'<{tag} class="{style}"{place}>{words}</{tag}>'

    def listed(self, lines: Sequence[str], *, numbered: bool) -> str:
        tag = "ol" if numbered else "ul"
        return f"<{tag}>{''.join(f'<li>{words}</li>' for words in lines)}</{tag}>"

    def contents(self, entries: Sequence[tuple[str, str]]) -> str:
        lines = (f'<div><a href="#{key}">{escape(title)}</a></div>' for key, title in entries)
        return f"<nav>{''.join(lines)}</nav>"

    def picture(self, picture: Picture) -> str:
        return f'<img src="{picture.file}" style="width:{picture.width:.1f}pt" alt="{escape(picture.alt)}">'

    def beside(self, columns: Sequence[Sequence[str]]) -> str:
        parts = "".join(f"<div>{part}</div>" for part in map("".join, columns))
        return f'<div class="beside">{parts}</div>'

    def table(self, table: DataTable) -> str:
        columns = table.columns
        right = [' class="r"' if at in columns.right else "" for at in range(len(columns.header))]
        widths = "".join(f'<col style="width:{width:.1f}pt">' for width in columns.widths)
        titles = zip(columns.header, right, strict=True)
        head = "".join(f'<th scope="col"{side}>{escape(title)}</th>' for title, side in titles)
        rows = ""
        for is_group, is_total, cells in self.rows(table):
            if is_group:
                told = f'<th scope="row" colspan="{len(right)}">{self._filled(cells[0])}</th>'
            else:
                told = "".join(
                    f"<td{side}{f' id=code-{cell.code}' * bool(cell.code)}>{self._filled(cell)}</td>"
                    for cell, side in zip(cells, right, strict=True)
                )
            rows += f"<tr{' class=g' if is_group else ' class=t' if is_total else ''}>{told}</tr>"
        return (
            f"<table><colgroup>{widths}</colgroup><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _filled(self, cell: Cell) -> str:
        told = "<br>".join(map(self.words, cell.lines))
        drawn = self.picture(cell.picture) if cell.picture else ""
        return f"{told}<br>{drawn}" if drawn and cell.under else f"{drawn} {told}" if drawn else told


def _string(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
