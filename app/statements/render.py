"""From a paper to a PDF: PDF/A-3a and PDF/UA-1, with its data attached, the same bytes for the same paper.

Needs an application context for templates and language, and no database.
"""

from __future__ import annotations

import gc
import platform
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib import metadata
from itertools import count
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import babel
import fontTools
import pydyf
import segno
import weasyprint
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup
from weasyprint.text import ffi

from app.rules.dossier_json import canonical
from app.statements import wording
from app.statements.paper import IMPRINT, LOGO, Paper
from app.statements.typeface import LOGO_ADDRESS, Gate, style, writable
from config import ROOT

VARIANT = "pdf/a-3a"
LAYOUT = (
    "app/rules/**/*.py",
    "app/statements/**/*.py",
    "app/web/**/*.py",
    "app/static/fonts/*.woff2",
    "app/translations/**/*.mo",
    "templates/components/*",
    "templates/pdf/*",
)

# WeasyPrint writes the identification of one standard; this adds PDF/UA-1 beside PDF/A-3a, described as PDF/A asks.
UA_IDENTIFICATION = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"\
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>PDF/UA part</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""

# Pango and Fontconfig may be used by one thread at a time.
_one_at_a_time = Lock()


def render(paper: Paper) -> bytes:
    """The PDF of a paper. The same paper, program, fonts and libraries give the same bytes."""
    return pdf_of(paper, page_of(paper))


def pdf_of(paper: Paper, page: str) -> bytes:
    """The PDF of a paper whose page is made already."""
    with force_locale(paper.imprint.language):
        return pdf_with(page, attachments_of(paper), paper.documents.get(LOGO))


def pdf_with(page: str, attachments: Sequence[weasyprint.Attachment], logo: bytes | None = None) -> bytes:
    """The PDF of any page in the style of the papers, with its logo and what is attached to it."""
    with _one_at_a_time, _garbage_collected_after():
        kept = style()
        html = weasyprint.HTML(string=page, url_fetcher=Gate(logo))
        document = html.render(stylesheets=[kept.sheet], font_config=kept.fonts, pdf_variant=VARIANT)
        document.metadata.generate_rdf_metadata = _with_ua(document.metadata.generate_rdf_metadata)
        made: bytes = document.write_pdf(attachments=list(attachments), pdf_variant=VARIANT)
    return made


@contextmanager
def _garbage_collected_after() -> Iterator[None]:
    """Let the collector stand by: all boxes live until the paper is written, and looking at them took a third of it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def page_of(paper: Paper) -> str:
    """The HTML of a paper, in the language of its imprint. No visitor's context: a paper knows none."""
    with force_locale(paper.imprint.language):
        template = current_app.jinja_env.get_template(paper.TEMPLATE)
        return writable(template.render({**_values(paper), **paper.values()}))


def _values(paper: Paper) -> dict[str, Any]:
    """What the templates of all kinds place."""
    imprint = paper.imprint
    return {
        "paper": paper,
        "imprint": imprint,
        "title": paper.title,
        "verdict": paper.verdict,
        "state_colour": paper.ink,
        "created": imprint.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "foot": wording.foot(paper),
        "roles": wording.ROLES,
        "logo": LOGO_ADDRESS if LOGO in paper.documents else "",
        "qr": qr_of(imprint.verify_address),
        "attached": [
            (name, holds, _sha256(content) if content else "") for name, (holds, _kind, content) in _files(paper)
        ],
        "hashed": paper.hashed,
        "verify_host": urlsplit(imprint.public_url).netloc + "/verify",
    }


def qr_of(address: str) -> Markup:
    """The QR code that leads to an address, as SVG with its text alternative."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(
        border=0, omitsize=True, svgclass="qr", lineclass=None, title=_("QR code: %(address)s", address=address)
    )
    return Markup(drawn)  # noqa: S704 (segno escapes the title; the rest is digits)


def attachments_of(paper: Paper) -> list[weasyprint.Attachment]:
    """The data of a paper, in the order of their names as PDF wants, dated as the paper is; none of a draft."""
    if paper.imprint.is_draft:
        return []
    at, imprint = paper.imprint.issued_at, imprint_json(paper)
    return [attached(name, content or imprint, holds, kind, at) for name, (holds, kind, content) in _files(paper)]


def _files(paper: Paper) -> list[tuple[str, tuple[str, str, bytes]]]:
    """What is attached, by name: what it holds, its relation to the paper, the content (of the imprint none yet)."""
    about = {LOGO: (_("the logo"), "Supplement"), **paper.contents()}
    files = {name: (*about[name], content) for name, content in {**paper.documents, **paper.derived()}.items()}
    return sorted((files | {IMPRINT: (_("number, code and hash of this statement"), "Data", b"")}).items())


def attached(name: str, content: bytes, what: str, kind: str, at: datetime) -> weasyprint.Attachment:
    """A file inside a PDF; `what` says what it holds, `kind` what it is to the paper ("Data", "Source")."""
    day = at.astimezone(UTC)
    return weasyprint.Attachment(
        string=content, name=name, description=what, created=day, modified=day, relationship=kind
    )


def imprint_json(paper: Paper) -> bytes:
    """`statement.json`: the imprint, and with what the file was made, so that whoever has the same can compare."""
    return canonical(paper.imprint.to_json() | {"layout_sha256": layout_sha256(), "made_with": made_with()})


@cache
def layout_sha256() -> str:
    """All of the product that may change a byte of a paper: templates, style, fonts, words, and the program itself."""
    digest = sha256()
    for path in sorted(path for pattern in LAYOUT for path in ROOT.glob(pattern)):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\n" + _sha256(path.read_bytes()).encode() + b"\n")
    return digest.hexdigest()


@cache
def made_with() -> str:
    """The libraries whose version may change a byte of the PDF."""
    versions = (
        f"WeasyPrint {weasyprint.__version__}",
        f"Babel {babel.__version__}",
        f"Jinja {metadata.version('jinja2')}",
        f"pydyf {pydyf.__version__}",
        f"fontTools {fontTools.version}",
        f"Pango {ffi.pango.pango_version()}",
        f"HarfBuzz {_harfbuzz_version()}{' with subset' if ffi.harfbuzz_subset else ''}",
        f"zlib {zlib.ZLIB_RUNTIME_VERSION}",
        f"{platform.system()} {platform.machine()}",
    )
    return ", ".join(versions)


def _harfbuzz_version() -> str:
    """Asked as "at least ...?", the only question that WeasyPrint's binding knows."""
    found: list[int] = []
    while len(found) < 3:
        rest = [0] * (2 - len(found))
        found.append(next(n for n in count() if not ffi.harfbuzz.hb_version_atleast(*found, n + 1, *rest)))
    return ".".join(map(str, found))


def _with_ua(generate: Callable[..., bytes]) -> Callable[..., bytes]:
    return lambda *args: generate(*args).replace(b"</rdf:RDF>", UA_IDENTIFICATION + b"</rdf:RDF>")


def _sha256(content: bytes) -> str:
    return sha256(content).hexdigest()
