"""What makes the paper one that lasts and that everyone can read: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1).

The file says both of itself in its metadata; what they ask beside the structure is put in here, when the file is
whole: the meaning of its colours, the letters behind its glyphs, links that are printed.
"""

from __future__ import annotations

import re
import struct
from functools import lru_cache
from html import escape

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDate, PDFDocument, PDFString

from qpvdesk.reports.pdf_file import Raw, stream

_NOTHING = re.compile(r"<[0-9A-Fa-f]{2}> <0000>\n")
_BLOCK = re.compile(r"\d+ beginbfchar\n(.*?)endbfchar", re.DOTALL)
_MOST = 100
"""Entries that one block of a character map may hold."""


def conform(document: PDFDocument, title: str) -> None:
    """Put in what both standards ask of a file whose structure is in place, and say that it follows them."""
    for page in document.Pages.pages:
        # ReportLab gives each page an empty transition, which is for slides.
        page.Trans = None
    for name, item in document.idToObject.items():
        if name.startswith("toUnicodeCMap:"):
            item.content = _named_letters(item.content)
    profile = Raw(document, stream(b"/N 3", srgb_profile()))
    words = b"(sRGB IEC61966-2.1)"
    intent = b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier%b/Info%b/DestOutputProfile %b>>"
    root = document.Catalog
    root.OutputIntents = PDFArray([Raw(document, intent % (words, words, profile.reference))])
    root.__NoDefault__ = [*root.__NoDefault__, "OutputIntents"]
    root.ViewerPreferences = Raw(document, b"<</DisplayDocTitle true>>")
    info = _info(document)
    metadata = _metadata(title, info, document._timeStamp.YMDhms)
    root.Metadata = Raw(document, stream(b"/Type/Metadata/Subtype/XML", metadata, packed=False))
    info |= dict.fromkeys(("CreationDate", "ModDate"), PDFDate(document._timeStamp))
    # ReportLab's own answers a question that does not concern such a file, « Trapped », and gives keywords that are none.
    told = b"".join(b"/%b%b" % (name.encode(), value.format(document)) for name, value in info.items())
    document.info = Raw(document, b"<<%b>>" % told)


def _info(document: PDFDocument) -> dict[str, PDFString]:
    """The dictionary of old: what is said of the file."""
    told = document.info
    named = {
        "Title": told.title,
        "Author": told.author,
        "Subject": told.subject,
        "Creator": told.creator,
        "Producer": told.producer,
        "Keywords": told.keywords,
    }
    return {name: PDFString(text) for name, text in named.items() if text}


def _named_letters(content: str) -> str:
    """A character map without the codes that stand for nothing, which ReportLab maps to the character zero."""
    lines: list[str] = []
    for block in _BLOCK.findall(content):
        lines += _NOTHING.sub("", block).splitlines(keepends=True)
    blocks = [lines[start : start + _MOST] for start in range(0, len(lines), _MOST)]
    whole = "".join(f"{len(part)} beginbfchar\n{''.join(part)}endbfchar\n" for part in blocks)
    start = content.index("endcodespacerange\n") + len("endcodespacerange\n")
    end = content.rindex("endbfchar") + len("endbfchar")
    return content[:start] + whole.rstrip("\n") + content[end:]


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """The colours of the paper: sRGB (IEC 61966-2-1) as an ICC profile of version 2, made here from its definition."""

    def text(words: str) -> bytes:
        return b"text\0\0\0\0" + words.encode("ascii") + b"\0"

    def description(words: str) -> bytes:
        name = words.encode("ascii") + b"\0"
        return b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(8 + 3 + 67)

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))

    points = 1024
    curve = b"curv\0\0\0\0" + struct.pack(">I", points)
    curve += struct.pack(f">{points}H", *(round(65535 * _linear(at / (points - 1))) for at in range(points)))
    # The primaries as seen under D50, by Bradford's adaptation.
    tags = (
        (b"desc", description("sRGB IEC61966-2.1")),
        (b"cprt", text("No copyright, use freely")),
        (b"wtpt", xyz(0.9505, 1.0, 1.0891)),
        (b"rXYZ", xyz(0.4360747, 0.2225045, 0.0139322)),
        (b"gXYZ", xyz(0.3850649, 0.7168786, 0.0971045)),
        (b"bXYZ", xyz(0.1430804, 0.0606169, 0.7141733)),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    )
    table, body, placed = struct.pack(">I", len(tags)), b"", dict[bytes, int]()
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags:
        if content not in placed:
            placed[content] = start + len(body)
            body += content + bytes(-len(content) % 4)
        table += name + struct.pack(">2I", placed[content], len(content))
    head = struct.pack(">I4sI4s4s4s", start + len(body), bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + b"acsp" + bytes(24 + 4)
    head += struct.pack(">3i", 63190, 65536, 54061)
    return head + bytes(128 - len(head)) + table + body


def _linear(value: float) -> float:
    """The light of a value of sRGB, both from 0 to 1."""
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)


def _metadata(title: str, info: dict[str, PDFString], moment: tuple[int, ...]) -> bytes:
    """The metadata as XMP; what it says agrees with the dictionary of old."""

    def text_of(name: str) -> str:
        return escape(str(info[name].s) if name in info else "", quote=False)

    keywords = text_of("Keywords")
    values = {
        "title": escape(title, quote=False),
        "author": text_of("Author"),
        "subject": text_of("Subject"),
        "tool": text_of("Creator"),
        "producer": text_of("Producer"),
        "keywords": f"\n   <pdf:Keywords>{keywords}</pdf:Keywords>" if keywords else "",
        "moment": "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+00:00".format(*moment),
    }
    return _XMP.format(**values).encode("utf-8", "replace")


# PDF/A wants the schema of each word that its own list lacks, such as those of PDF/UA, written out.
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
   <dc:language><rdf:Bag><rdf:li>fr-FR</rdf:li></rdf:Bag></dc:language>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <xmp:CreatorTool>{tool}</xmp:CreatorTool>
   <xmp:CreateDate>{moment}</xmp:CreateDate>
   <xmp:ModifyDate>{moment}</xmp:ModifyDate>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
   <pdf:Producer>{producer}</pdf:Producer>{keywords}
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>2</pdfaid:part>
   <pdfaid:conformance>A</pdfaid:conformance>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
   <pdfuaid:part>1</pdfuaid:part>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <pdfaExtension:schemas>
    <rdf:Bag>
     <rdf:li rdf:parseType="Resource">
      <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
      <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
      <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
      <pdfaSchema:property>
       <rdf:Seq>
        <rdf:li rdf:parseType="Resource">
         <pdfaProperty:name>part</pdfaProperty:name>
         <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
         <pdfaProperty:category>internal</pdfaProperty:category>
         <pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
        </rdf:li>
       </rdf:Seq>
      </pdfaSchema:property>
     </rdf:li>
    </rdf:Bag>
   </pdfaExtension:schemas>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
