"""The kinds of statement. Each is a paper of its own; what all share knows none of them by name."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from app.statements.kinds.annual import AnnualPaper
from app.statements.kinds.contract import ContractPaper
from app.statements.kinds.final import FinalPaper
from app.statements.kinds.log import LogPaper
from app.statements.kinds.supplier import SupplierPaper
from app.statements.models import StatementKind
from app.statements.paper import LOGO, Documents, Imprint, Paper, document_sha256
from app.web.errors import Invalid

PAPERS: Mapping[str, type[Paper]] = {
    StatementKind.CONTRACT: ContractPaper,
    StatementKind.FINAL: FinalPaper,
    StatementKind.SUPPLIER: SupplierPaper,
    StatementKind.ANNUAL: AnnualPaper,
    StatementKind.LOG: LogPaper,
}


def read_paper(imprint: Imprint, documents: Documents) -> Paper:
    """The paper of the imprint's kind, made of the documents that such a paper has, and reckoned again.

    Errors: `Invalid` for a kind that is none, a document that lacks, a hash or a figure that is another; RuleError for
    facts that are none.
    """
    kind = PAPERS.get(imprint.kind)
    if kind is None:
        raise Invalid("statement_kind_unknown", kind=imprint.kind)
    lacks = [name for name in kind.NEEDED if name not in documents]
    if lacks:
        raise Invalid("statement_none", name=lacks[0])
    names = kind.NEEDED + kind.OPTIONAL
    if imprint.document_sha256 != document_sha256(names, documents):
        raise Invalid("statement_hash_differs")
    if imprint.logo_sha256 != (sha256(documents[LOGO]).hexdigest() if LOGO in documents else ""):
        raise Invalid("statement_attachment_changed", name=LOGO)
    return kind.read(imprint, {name: documents[name] for name in (*names, LOGO) if name in documents})


def hash_of(kind: StatementKind, documents: Documents) -> str:
    """The document hash of a statement of that kind."""
    paper = PAPERS[kind]
    return document_sha256(paper.NEEDED + paper.OPTIONAL, documents)
