"""Statements in one zip file: the files of each, as they were issued, and a list with their SHA-256.

The same selection gives the same bytes. It is made in a temporary file, so that many statements need little memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.accounts.models import Language
from app.statements import archive
from app.statements.models import FILE_NAMES, Rendition, Statement, StatementKind
from app.web.clock import HERE
from app.web.csv_file import MARK, line_of
from app.web.errors import Invalid

MOST = 1000
"""Statements in one file."""
IN_MEMORY = 8_000_000
SAVED_AS: Mapping[StatementKind, Mapping[Language, str]] = {
    StatementKind.CONTRACT: FILE_NAMES,
    StatementKind.FINAL: {Language.DUTCH: "eindverklaring", Language.ENGLISH: "final-statement"},
    StatementKind.SUPPLIER: {Language.DUTCH: "leveranciersverklaring", Language.ENGLISH: "supplier-statement"},
    StatementKind.ANNUAL: {Language.DUTCH: "jaarverslag", Language.ENGLISH: "annual-report"},
    StatementKind.LOG: {Language.DUTCH: "uittreksel", Language.ENGLISH: "log-extract"},
}
INDEX = "index.csv"
HEAD = (
    "number",
    "kind",
    "corporation_kvk",
    "contract",
    "supplier_kvk",
    "covers_from",
    "as_of",
    "state",
    "net_eur",
    "credited_eur",
    "document_sha256",
    "file",
    "file_sha256",
)


class Spool(SpooledTemporaryFile[bytes]):
    """A temporary file that also closes itself when whoever was to read it went away."""

    def __del__(self) -> None:
        self.close()


def bundle(statements: Sequence[Statement]) -> IO[bytes]:
    """The zip file, to be read from its beginning.

    Errors: Invalid `no_statements`, `too_many_statements`; Conflict when a file is gone or was changed.
    """
    if not statements:
        raise Invalid("no_statements")
    if len(statements) > MOST:
        raise Invalid("too_many_statements", most=MOST)
    made = Spool(IN_MEMORY)
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for statement in statements:
            for rendition in statement.renditions:
                file.writestr(_entry(_path(rendition), rendition.made_at), archive.read(rendition))
        newest = max(statement.reserved_at for statement in statements)
        file.writestr(_entry(INDEX, newest), MARK + "".join(map(line_of, _index(statements))))
    made.seek(0)
    return made


def saved_as(rendition: Rendition) -> str:
    """What a file is called where somebody saves it, without the ending: what it is, and its number."""
    return f"{SAVED_AS[rendition.statement.kind][rendition.language]}-{rendition.statement.number}"


def _path(rendition: Rendition) -> str:
    """Its name in the zip: made of digits and words of ours only, in a folder for each corporation."""
    return f"{rendition.corporation.kvk}/{saved_as(rendition)}.pdf"


def _entry(name: str, at: datetime) -> ZipInfo:
    here = at.astimezone(HERE)
    entry = ZipInfo(name, here.timetuple()[:6])
    entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
    return entry


def _index(statements: Iterable[Statement]) -> Iterator[Sequence[Any]]:
    yield HEAD
    for each in statements:
        for rendition in each.renditions or (None,):
            yield (*_columns(each), *((_path(rendition), rendition.file_sha256) if rendition else ("", "")))


def _columns(statement: Statement) -> Sequence[Any]:
    contract = statement.contract
    supplier = contract.supplier if contract else statement.supplier
    return (
        statement.number,
        str(statement.kind),
        statement.corporation.kvk,
        contract.number if contract else "",
        supplier.kvk if supplier else "",
        statement.covers_from.isoformat() if statement.covers_from else "",
        statement.on.isoformat(),
        str(statement.state),
        _euro(statement.net_cents),
        _euro(statement.credited_cents),
        statement.document_sha256,
    )


def _euro(cents: int | None) -> str:
    return "" if cents is None else f"{Decimal(cents) / 100:.2f}"
