"""The final statement of a contract: its facts and figures, and how it was settled (`settlement.json`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.statements import wording
from app.statements.final import SETTLEMENT, read_settlement
from app.statements.kinds.contract import ASSESSMENT, DOSSIER, ContractPaper, plan_of, reckoned
from app.statements.paper import INK, Documents, Imprint, read_canonical


@dataclass(frozen=True, slots=True)
class FinalPaper(ContractPaper):
    """A contract's paper that says how it was settled."""

    NEEDED: ClassVar[tuple[str, ...]] = (DOSSIER, ASSESSMENT, SETTLEMENT)
    TITLE: ClassVar[Any] = _l("Final social return statement %(number)s")

    @classmethod
    def read(cls, imprint: Imprint, documents: Documents) -> Self:
        dossier, assessment = reckoned(documents[DOSSIER], documents[ASSESSMENT], imprint)
        final = read_settlement(read_canonical(documents[SETTLEMENT], SETTLEMENT), dossier, assessment)
        return cls(imprint, documents, dossier, assessment, plan_of(documents), final)

    @property
    def ink(self) -> str:
        """Of no state: what is settled asks for nothing any more."""
        return INK

    @property
    def verdict(self) -> str:
        assert self.final is not None
        return wording.final_verdict(self.dossier, self.final)

    def contents(self) -> Mapping[str, tuple[str, str]]:
        return {**ContractPaper.contents(self), SETTLEMENT: (_("how the contract was settled"), "Source")}
