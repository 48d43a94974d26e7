"""How long the rule book takes, beside its own smaller cases: `python -m bench.rules`.

Prints the time of one assessment and of one course for growing dossiers, and the ratio to the case before: time is
linear in contributions when ten times as many take about ten times as long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter

from app.rules import Dossier, assess, course
from tests.rules.making import certificate, dossier, placement

ON = date(2026, 6, 30)
SIZES = (10, 100, 1000, 10_000)


def large(placements: int) -> Dossier:
    """A contract over two years with so many placements, each of somebody else, with a change of hours and a bonus."""
    first = date(2025, 1, 1)
    rows = []
    for number in range(placements):
        starts = first + timedelta(days=number % 400)
        changed = starts + timedelta(days=60)
        row = placement("participatiewet", starts.isoformat(), None, f"20; {changed}: 32", bonuses=("bonus-50plus",))
        rows.append(replace(row, reference=f"P{number:05}", person=str(number)))
    held = [certificate("2", "2025-01-01", "2025-06-30")]
    return dossier(("2025-01-01", "2026-12-31"), rows, certificates=held)


def best_of(runs: int, act: Callable[[], object]) -> float:
    def timed() -> float:
        begun = perf_counter()
        act()
        return perf_counter() - begun

    return min(timed() for _ in range(runs))


def main() -> None:
    before: float | None = None
    print(f"{'placements':>10} {'assess':>10} {'course':>10} {'ratio':>6}")
    for size in SIZES:
        facts = large(size)
        runs = 5 if size < SIZES[-1] else 1
        took, drawn = best_of(runs, lambda: assess(facts, ON)), best_of(1, lambda: course(facts))  # noqa: B023
        ratio = f"{took / before:.1f}" if before else ""
        print(f"{size:>10} {took * 1000:>7.1f} ms {drawn * 1000:>7.1f} ms {ratio:>6}")
        before = took


if __name__ == "__main__":
    main()
