"""The register of statements as a list: every number that was given out, as the address asks for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, selectinload

from app.accounts.models import Corporation, Language, User
from app.contracts.models import Contract
from app.extensions import db
from app.statements.archive import is_sealed
from app.statements.bundle import MOST
from app.statements.checking import code_in
from app.statements.kinds.log import RECORDS
from app.statements.models import FILE_NAMES, Rendition, Statement, StatementKind, StatementState, numbered
from app.statements.queries import SUPPLIER_ID, visible_to
from app.suppliers.models import Supplier, SupplierRecord
from app.web import parsing
from app.web.listing import (
    Choice,
    Listing,
    Offer,
    Options,
    Order,
    a_day,
    a_number,
    a_text,
    by_word,
    mentions,
    one_of,
    page_of_columns,
)

SORTS: Mapping[str, Order] = {
    "newest": (Statement.id,),
    "number": (Statement.year, Statement.sequence, Statement.id),
    "contract": (Contract.number, Statement.id),
    "supplier": (func.lower(SupplierRecord.name), Statement.id),
    "on": (Statement.on, Statement.id),
    "net": (Statement.net_cents, Statement.id),
    "credited": (Statement.credited_cents, Statement.id),
}
OFFER = Offer(
    SORTS,
    {
        "state": one_of(*StatementState),
        "kind": one_of(*StatementKind),
        "year": a_number,
        "from": a_day,
        "until": a_day,
        "corporation": a_text,
        "supplier": a_text,
        "contract": a_number,
    },
    begins_descending=True,
)
Earlier, Successor = aliased(Statement), aliased(Statement)
PREVIOUS_ID = (
    select(func.max(Earlier.id))
    .where(
        Earlier.contract_id == Statement.contract_id,
        Earlier.id < Statement.id,
        Earlier.state.in_((StatementState.ISSUED, StatementState.SUPERSEDED)),
    )
    .correlate(Statement)
    .scalar_subquery()
)
"""The statement of the same contract before it that was not withdrawn, if any."""
COLUMNS = (
    Statement.id,
    Statement.year,
    Statement.sequence,
    Statement.kind,
    Statement.covers_from,
    Statement.on,
    Statement.state,
    Statement.standing,
    Statement.net_cents,
    Statement.credited_cents,
    Contract.number.label("contract"),
    Contract.title,
    SupplierRecord.name.label("supplier"),
    Corporation.kvk.label("corporation_kvk"),
    Corporation.name.label("corporation"),
    PREVIOUS_ID.label("previous_id"),
    Statement.superseded_by_id,
    Successor.year.label("successor_year"),
    Successor.sequence.label("successor_sequence"),
)
KINDS: Mapping[StatementKind, Any] = {
    StatementKind.CONTRACT: _l("One contract"),
    StatementKind.FINAL: _l("Final statement"),
    StatementKind.SUPPLIER: _l("A supplier over a year"),
    StatementKind.ANNUAL: _l("Annual report"),
    StatementKind.LOG: _l("Extract of the audit log"),
}
TITLES: Mapping[StatementKind, Any] = {
    StatementKind.CONTRACT: _l("Statement %(number)s"),
    StatementKind.FINAL: _l("Final statement %(number)s"),
    StatementKind.SUPPLIER: _l("Supplier statement %(number)s"),
    StatementKind.ANNUAL: _l("Annual report %(number)s"),
    StatementKind.LOG: _l("Extract %(number)s of the audit log"),
}
LONGEST_NUMBER = 15
"""Characters of a year and a sequence, more than any statement has."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a statement: its language, its name without the ending, and whether it carries a seal."""

    language: Language
    name: str
    is_sealed: bool


def register_of(user: User, choice: Choice) -> Listing[Row[*tuple[Any, ...]]]:
    """The page of the register that was asked for, in a constant number of statements."""
    shown = _joined(select(*COLUMNS), user).join(Successor, Statement.superseded_by_id == Successor.id, isouter=True)
    wanted = _asked(shown, choice)
    return page_of_columns(wanted, choice, SORTS[choice.sort], **_options(user))


def sees_whole_series(user: User) -> bool:
    """Whether `user` may see each number of every corporation of which they may see one."""
    seen = _joined(select(Statement.id, Statement.corporation_id), user).subquery()
    of_the_same = select(func.count(Statement.id)).where(Statement.corporation_id.in_(select(seen.c.corporation_id)))
    found, whole = db.session.execute(
        select(select(func.count(seen.c.id)).scalar_subquery(), of_the_same.scalar_subquery())
    ).one()
    return bool(found == whole)


def files_of(statement_ids: Iterable[int]) -> Mapping[int, Sequence[File]]:
    """The files of these statements, by statement id."""
    files: dict[int, list[File]] = {}
    wanted = (
        select(Rendition.statement_id, Rendition.language, Rendition.path, Statement.year, Statement.sequence)
        .join(Rendition.statement)
        .where(Rendition.statement_id.in_(list(statement_ids)))
        .order_by(Rendition.language.desc())
    )
    for statement_id, language, path, year, sequence in db.session.execute(wanted):
        name = f"{FILE_NAMES[language]}-{numbered(year, sequence)}"
        files.setdefault(statement_id, []).append(File(language, name, is_sealed(path)))
    return files


def selected(user: User, statement_ids: Collection[int] | None, choice: Choice) -> Sequence[Statement]:
    """Of what `user` may see these statements, or with None all that the choice finds; at most one too many for a
    bundle. Each with its files, in the order of their numbers.
    """
    wanted = _joined(select(Statement), user)
    wanted = _asked(wanted, choice) if statement_ids is None else wanted.where(Statement.id.in_(statement_ids))
    whole = (contains_eager(Statement.corporation), contains_eager(Statement.contract).selectinload(Contract.supplier))
    beside = (selectinload(Statement.supplier), selectinload(Statement.renditions))
    ordered = wanted.options(*whole, *beside).order_by(Corporation.kvk, *SORTS["number"])
    return db.session.scalars(ordered.limit(MOST + 1)).all()


def title_of(statement: Statement) -> str:
    """Its kind and its number."""
    return str(TITLES[statement.kind]) % {"number": statement.number}


def records_in(statement: Statement) -> int | None:
    """How many records of the audit log an extract has; None of another kind."""
    if statement.kind is not StatementKind.LOG:
        return None
    return len(json.loads(statement.documents[RECORDS])["records"])


def _joined(wanted: Select[*tuple[Any, ...]], user: User) -> Select[*tuple[Any, ...]]:
    """With what a row says of its contract, of what `user` may see."""
    recorded = (SupplierRecord.supplier_id == Supplier.id) & (SupplierRecord.corporation_id == Corporation.id)
    return (
        wanted.select_from(Statement)
        .join(Statement.contract, isouter=True)
        .join(Statement.corporation)
        .join(Supplier, Supplier.id == SUPPLIER_ID, isouter=True)
        .join(SupplierRecord, recorded, isouter=True)
        .where(visible_to(user))
    )


def _asked(wanted: Select[*tuple[Any, ...]], choice: Choice) -> Select[*tuple[Any, ...]]:
    """A verify code, as it is typed or in its address, finds its statement."""
    has_code = Statement.code == code_in(choice.q)
    return wanted.where(*(or_(has_code, _mentions(word)) for word in choice.words), *_filters(choice))


def _filters(choice: Choice) -> list[ColumnElement[bool]]:
    """The days are those as of which statements are."""
    asked: Mapping[str, Callable[[str], ColumnElement[bool]]] = {
        "state": lambda text: Statement.state == StatementState(text),
        "kind": lambda text: Statement.kind == StatementKind(text),
        "year": lambda text: Statement.year == int(text),
        "from": lambda text: Statement.on >= parsing.day(text),
        "until": lambda text: Statement.on <= parsing.day(text),
        "corporation": lambda text: Corporation.kvk == text,
        "supplier": lambda text: Supplier.kvk == text,
        "contract": lambda text: Statement.contract_id == int(text),
    }
    return [condition(choice[name]) for name, condition in asked.items() if choice[name]]


def _mentions(word: str) -> ColumnElement[bool]:
    """Whether the number, the contract or the supplier has this word in it; a whole statement number finds its own."""
    found = mentions(word, Contract.number, Contract.title, SupplierRecord.name, Supplier.kvk)
    year, separator, sequence = word.partition("-")
    if separator and len(word) < LONGEST_NUMBER and a_number(year) and a_number(sequence.lstrip("0")):
        return or_(found, (Statement.year == int(year)) & (Statement.sequence == int(sequence)))
    return found


def _options(user: User) -> Mapping[str, Options]:
    columns = (
        Statement.year,
        Statement.kind,
        Contract.id,
        Contract.number,
        Contract.title,
        Supplier.kvk,
        SupplierRecord.name,
        Corporation.kvk.label("corporation_kvk"),
        Corporation.name.label("corporation"),
    )
    rows = db.session.execute(_joined(select(*columns), user).distinct()).all()
    return {
        "year": [(str(year), str(year)) for year in sorted({row.year for row in rows}, reverse=True)],
        "kind": sorted({(row.kind.value, str(KINDS[row.kind])) for row in rows}),
        "corporation": by_word({row.corporation_kvk: row.corporation for row in rows}),
        "supplier": by_word({row.kvk: row.name for row in rows if row.kvk}),
        "contract": by_word({str(row.id): f"{row.number} {row.title}" for row in rows if row.id}),
    }
