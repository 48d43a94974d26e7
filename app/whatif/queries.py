"""Reads of the calculator: the contract that it is about, and what is proposed for many contracts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from app.accounts.models import User
from app.assessments.queries import dossiers_json
from app.contracts.models import Contract
from app.contracts.queries import NAMES, visible_to
from app.rules import assess
from app.rules.dossier_json import dossier_from_json
from app.web.rows import the_row
from app.whatif.mixes import Mix, mixes_of

REMEMBERED = 2048


def contract_thought_of(user: User, contract_id: int) -> Contract:
    """A contract that `user` sees. Errors: NotFound."""
    return the_row(visible_to(user).where(Contract.id == contract_id).options(*NAMES))


def proposals(contracts: Sequence[Contract], on: date) -> Mapping[int, tuple[Mix, ...]]:
    """Ways to fill what stays open as of a day, by the contract's id, in a constant number of statements."""
    return {contract_id: _proposed(written, on) for contract_id, written in dossiers_json(contracts).items()}


@lru_cache(REMEMBERED)
def _proposed(written: bytes, on: date) -> tuple[Mix, ...]:
    dossier = dossier_from_json(json.loads(written))
    return mixes_of(dossier, assess(dossier, on))
