"""Cells: what each kind understands, and what it refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.web.errors import Invalid
from app.workbook.kinds import (
    Amount,
    Choice,
    Day,
    Email,
    HoursSeries,
    Identifier,
    Kind,
    KvkNumber,
    Percentage,
    Quantity,
    Several,
    Text,
    YesOrNo,
)
from app.workbook.read import Cell, Unreadable
from app.workbook.sheets import CONTRACT_KIND, LEVEL, PROGRAMME

DAY = date(2025, 5, 1)
UNDERSTOOD: list[tuple[Kind, Cell, Any]] = [
    (Amount(), Decimal("1250.5"), 125_050),
    (Amount(), Decimal("12.125") - Decimal("0.005"), 1212),
    (Amount(), "1.250,50", 125_050),
    (Amount(), "1250.50", 125_050),
    (Amount(), "-90000", -9_000_000),
    (Percentage(), Decimal(5), Decimal(5)),
    (Percentage(), "5%", Decimal(5)),
    (Percentage(), "2,5", Decimal("2.5")),
    (Quantity(), Decimal("7.25"), Decimal("7.25")),
    (Day(), DAY, DAY),
    (Day(), "2025-05-01", DAY),
    (Day(), "1-5-2025", DAY),
    (Day(), "1 mei 2025", DAY),
    (KvkNumber(), Decimal(12345678), "12345678"),
    (KvkNumber(), "1234 5678", "12345678"),
    (Several(KvkNumber()), "12345678, 8765.4321,", ("12345678", "87654321")),
    (Several(KvkNumber()), Decimal(12345678), ("12345678",)),
    (Several(Identifier()), "bonus-50plus,bonus-permanent", ("bonus-50plus", "bonus-permanent")),
    (HoursSeries(), Decimal("28.8"), ((None, Decimal("28.8")),)),
    (HoursSeries(), "28,8", ((None, Decimal("28.8")),)),
    (HoursSeries(), "20; 2025-05-01: 32,5;", ((None, Decimal(20)), (DAY, Decimal("32.5")))),
    (HoursSeries(), "1-5-2025: 20", ((DAY, Decimal(20)),)),
    (YesOrNo(), True, True),
    (YesOrNo(), "Ja", True),
    (YesOrNo(), "no", False),
    (YesOrNo(), Decimal(1), True),
    (YesOrNo(), Decimal(0), False),
    (Email(), " Info@Asten.Example ", "info@asten.example"),
    (Identifier(), Decimal(2025014), "2025014"),
    (Identifier(), " 2025-014\u200b ", "2025-014"),
    (Identifier(), "111222333", "111222333"),
    (Text(100), Decimal(42), "42"),
    (LEVEL, Decimal(2), LEVEL.of_text("2")),
    (CONTRACT_KIND, "Nieuwbouw", CONTRACT_KIND.of_text("new_build")),
    (PROGRAMME, "Via diensten", PROGRAMME.of_text("services")),
]
REFUSED: list[tuple[Kind, Cell, str]] = [
    (Amount(), Decimal("12.125"), "amount_in_parts_of_cents"),
    (Amount(), "1.25,0", "amount_unclear"),
    (Amount(), "5%", "amount_unclear"),
    (Amount(), True, "amount_unclear"),
    (Percentage(), "vijf", "percentage_unclear"),
    (Percentage(), Decimal("0.00001"), "too_many_decimals"),
    (Day(), Decimal(45658), "date_unclear"),
    (Day(), "31-02-2025", "date_does_not_exist"),
    (KvkNumber(), Decimal(1234567), "kvk_unclear"),
    (HoursSeries(), "20; 32", "hours_without_day"),
    (HoursSeries(), "20; 1 maart: 32", "date_unclear"),
    (HoursSeries(), "veel", "hours_unclear"),
    (YesOrNo(), "misschien", "choice_unknown"),
    (YesOrNo(), DAY, "choice_unknown"),
    (Email(), "geen adres", "email_unclear"),
    (Identifier(), DAY, "text_is_no_text"),
    (Identifier(5), "123456", "text_too_long"),
    (Text(100), True, "text_is_no_text"),
    (Text(5), "123456", "text_too_long"),
    (Text(100), Decimal(111222333), "bsn"),
    (LEVEL, "4", "choice_unknown"),
    (Text(100), Unreadable("cell_error"), "cell_error"),
]


@pytest.mark.parametrize(("kind", "cell", "value"), UNDERSTOOD)
def test_what_is_typed_is_understood(kind: Kind, cell: Cell, value: Any) -> None:
    assert kind.read(cell) == value


@pytest.mark.parametrize(("kind", "cell", "code"), REFUSED)
def test_what_is_not_clear_is_refused(kind: Kind, cell: Cell, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        kind.read(cell)
    assert refused.value.code == code


@pytest.mark.parametrize(("kind", "cell", "value"), UNDERSTOOD)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_written_is_read_back(kind: Kind, cell: Cell, value: Any, language: str) -> None:
    assert kind.read(kind.write(value, language)) == value


def test_every_member_of_a_choice_has_words() -> None:
    for choice in (LEVEL, CONTRACT_KIND, PROGRAMME):
        assert isinstance(choice, Choice)
        assert set(choice.members) == set(type(next(iter(choice.members))))
