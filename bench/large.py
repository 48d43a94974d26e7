"""How long and how much memory a statement with many contributions takes: `python -m bench.large [NUMBER ...]`.

Each number is made in a process of its own, so that its peak memory is its own. Linear means: the seconds a
contribution stay the same.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from app.statements.render import render
from config import ROOT
from tests.pdf.making import long, paper
from tests.support import application, settings

NUMBERS = (500, 1_000, 2_500, 5_000)
MEGABYTE = 1024 * 1024
ONE = "--one"


def one(number: int) -> None:
    """Make one in this process, and print its figures as JSON."""
    with TemporaryDirectory() as folder, application(settings(Path(folder), "sqlite://")) as app, app.app_context():
        made = paper(long(number))
        begun = perf_counter()
        content = render(made)
        seconds = perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "mb": len(content) / MEGABYTE}))


def main() -> None:
    if sys.argv[1:2] == [ONE]:
        one(int(sys.argv[2]))
        return
    print(f"{'contributions':>13} {'seconds':>8} {'ms each':>8} {'peak, MB':>9} {'file, MB':>9}")
    for number in map(int, sys.argv[1:]) if sys.argv[1:] else NUMBERS:
        asked = [sys.executable, "-m", "bench.large", ONE, str(number)]
        answer = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
        told = json.loads(answer.stdout)
        each = told["seconds"] / number * 1000
        print(
            f"{number:>13} {told['seconds']:>8.1f} {each:>8.1f} {told['peak_mb']:>9.0f} {told['mb']:>9.1f}", flush=True
        )


if __name__ == "__main__":
    main()
