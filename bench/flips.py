"""One bit of a sealed statement is flipped, again and again: `python -m bench.flips [TIMES] [SEED]`.

Each flip is at a random place of a random file: each kind of statement in both languages, sealed by the corporation
alone and with a time stamp. It is found when checking the file alone, without the register and without making the paper
again, says that something is wrong or that there is no seal. Printed are how many were found, and each that was not.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from flask import Flask

from app.statements.identity import identity_of
from app.statements.late import render, seal
from app.statements.verify import verify
from app.web.clock import now
from tests.pdf.kinds import EXAMPLES
from tests.pdf.making import KVK
from tests.statements.stamping import time_stamp_server
from tests.support import application, settings

LANGUAGES = ("nl", "en")


def sealed_files(app: Flask) -> Mapping[str, bytes]:
    """Sealed statements by what they are, each also with a time stamp."""
    identity, made = identity_of(KVK, "Woningcorporatie Diezeborg"), {}
    config = app.config["WEDERDIENST"]
    papers = {f"{kind} {language}": EXAMPLES[kind](language) for kind in EXAMPLES for language in LANGUAGES}
    with time_stamp_server() as address:
        for name, paper in papers.items():
            plain = render(paper)
            made[name] = seal(plain, identity, now())
            app.config["WEDERDIENST"] = replace(config, tsa_url=address)
            made[f"{name} with a time stamp"] = seal(plain, identity, now())
            app.config["WEDERDIENST"] = config
    return made


def is_found(content: bytes) -> bool:
    verdict = verify(content, compare=False)
    return not verdict.is_valid or verdict.seal is None


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def main(times: int = 1000, seed: int = 1) -> int:
    chance = random.Random(seed)  # noqa: S311 (a draw that can be repeated)
    with TemporaryDirectory() as folder:
        nowhere = settings(Path(folder), "postgresql+psycopg://nobody@127.0.0.1:1/nothing")
        with application(nowhere) as app, app.app_context():
            files = sealed_files(app)
            wrong = [name for name, content in files.items() if is_found(content)]
            begun = perf_counter()
            draws = [(name, chance.randrange(len(files[name]) * 8)) for name in chance.choices(list(files), k=times)]
            missed = [(name, bit) for name, bit in draws if not is_found(flipped(files[name], bit))]
            took = perf_counter() - begun
    for name in wrong:
        print(f"not valid before anything was flipped: {name}")
    for name, bit in missed:
        print(f"not found: bit {bit % 8} of byte {bit // 8} of {name}")
    print(f"{times - len(missed)} of {times} flips found in {len(files)} files, {took / times * 1000:.1f} ms each")
    return len(missed) + len(wrong)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])) > 0)
