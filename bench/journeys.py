"""What each step of the journeys takes in a real browser, the slowest first: `./run journeys`.

Walks those of tests/browser in both languages at both widths, and prints of each step the median and the longest.
Nothing of that is asserted: how long a page takes says more of the machine than of the product.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from statistics import median

import pytest

from tests.browser import playing

JOURNEYS = ("tests/browser/test_journeys.py", "tests/browser/test_short_journeys.py")


def main() -> int:
    os.environ["WEDERDIENST_JOURNEYS"] = "all"
    outcome = pytest.main([*JOURNEYS, "-q", "-n0", "--show-capture=no", *sys.argv[1:]])
    took: dict[str, list[float]] = defaultdict(list)
    for seconds, name in playing.STEPS:
        took[name].append(seconds * 1000)
    print(f"{'median':>10} {'longest':>10} {'times':>6}  step")
    for name, each in sorted(took.items(), key=lambda row: median(row[1]), reverse=True):
        print(f"{median(each):>7.0f} ms {max(each):>7.0f} ms {len(each):>6}  {name}")
    return int(outcome)


if __name__ == "__main__":
    raise SystemExit(main())
