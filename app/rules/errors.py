"""The one error of the rule book: a code and the values that a sentence needs.

The sentence itself is the reader's language, not ours.
"""

from __future__ import annotations

from typing import Any


class RuleError(ValueError):
    """Facts that the rule book refuses.

    `code` names the rule that was broken ("end_before_start"); `values` are what the sentence about it needs. Whoever
    shows the error turns the code into a sentence that says what to do.
    """

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return f"{self.code} {self.values}" if self.values else self.code
