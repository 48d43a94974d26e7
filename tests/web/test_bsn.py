"""What may be a citizen service number is found, however it is disguised, and other numbers are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.bsn import contains_bsn, passes_eleven_test, without_bsn
from app.web.errors import Invalid

# The number that the government uses in examples.
EXAMPLE = "111222333"


@pytest.mark.parametrize(
    "text",
    [
        "111222333",
        "BSN: 111222333.",
        "BSN111222333abc",
        "111 222 333",
        "111.222.333",
        "1112-22-333",
        "111 - 222 - 333".replace(" - ", "--"),
        "1 1 1 2 2 2 3 3 3",
        "111–222–333",
        "111\N{NO-BREAK SPACE}222\N{NARROW NO-BREAK SPACE}333",
        "111\N{ZERO WIDTH SPACE}222333",
        "111222333 en 999",
        "7 111222333",
        "1,111222333",
        "\N{FULLWIDTH DIGIT ONE}11222333",
        "".join(chr(ord("\N{ARABIC-INDIC DIGIT ZERO}") + int(digit)) for digit in EXAMPLE),
        "bewijs_111222333.pdf",
    ],
)
def test_a_bsn_is_found_in_every_disguise(text: str) -> None:
    assert contains_bsn(text)
    with pytest.raises(Invalid) as refusal:
        without_bsn(text)
    assert refusal.value.code == "bsn"
    assert EXAMPLE not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "111222334",
        "000000000",
        "1112223330",
        "0111222333",
        "11122233",
        "KvK 99990000",
        "2025-014",
        "06-12345678",
        "€ 111.222,333",
        "14-05-2026",
        "111   222   333",
    ],
)
def test_what_is_no_bsn_is_left_alone(text: str) -> None:
    assert without_bsn(text) == text


@given(st.text(alphabet="0123456789", min_size=8, max_size=8), st.sampled_from(["", " ", ".", "-", " -"]))
def test_of_every_eight_digits_the_ninth_that_makes_a_bsn_is_found(eight: str, separator: str) -> None:
    made = [f"{eight}{ninth}" for ninth in range(10) if passes_eleven_test(f"{eight}{ninth}")]
    assert len(made) <= 1
    assert all(contains_bsn(f"x {separator.join(number)} y") for number in made)


@given(st.text(alphabet="0123456789", min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_makes_it_no_bsn(number: str, place: int, change: int) -> None:
    other = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]
    assert not (passes_eleven_test(number) and passes_eleven_test(other))
