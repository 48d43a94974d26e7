"""The catalogue of translations: compile it, bring it up to date with the code, check that nothing is missing.

Called by `./run`. The texts in code and templates are English; app/translations/nl holds the Dutch.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "app" / "translations"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
FOLDERS = ("app", "templates")


def compile_catalogues() -> int:
    """Write the .mo that the product reads beside each .po, where the .po is newer."""
    for path in catalogue_paths():
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            with compiled.open("wb") as file:
                write_mo(file, read(path))
    return 0


def update() -> int:
    """Add new texts to the catalogues and drop what is no longer used. Translations are kept, none is guessed."""
    for path in catalogue_paths():
        catalogue = read(path)
        catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        write(path, catalogue)
        print(f"{path.relative_to(ROOT)}: {sum(1 for _ in untranslated(catalogue))} texts without a translation")
    return 0


def check() -> int:
    """Name every text that is missing, untranslated, unsure or left over; exit status 1 if there is one."""
    texts = extracted()
    faults = [fault for path in catalogue_paths() for fault in faults_of(read(path), texts)]
    for fault in faults:
        print(fault)
    print(f"{len(texts)} texts, {len(faults)} faults")
    return 1 if faults else 0


def faults_of(catalogue: Catalog, texts: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, one line a fault."""
    language = catalogue.locale_identifier
    for text in messages(texts):
        if text.id not in catalogue:
            yield f"{language}: not in the catalogue (./run translations): {text.id!r} at {where(text)}"
    for message in messages(catalogue):
        if message.id not in texts:
            yield f"{language}: no longer used (./run translations): {message.id!r}"
        elif message.fuzzy:
            yield f"{language}: marked fuzzy: {message.id!r}"
        yield from (f"{language}: {error}: {message.id!r}" for error in message.check(catalogue))
    yield from (f"{language}: without a translation: {message.id!r}" for message in untranslated(catalogue))


def untranslated(catalogue: Catalog) -> Iterator[Message]:
    for message in messages(catalogue):
        strings = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if not all(strings):
            yield message


def extracted() -> Catalog:
    """All texts of code and templates, with where they stand."""
    methods, options = parse_mapping_cfg(StringIO((ROOT / "babel.cfg").read_text()))  # type: ignore[no-untyped-call]
    texts = Catalog()
    found = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, comment_tags=("For translators:",), directory_filter=ours
    )
    for filename, line, text, comments, context in found:
        texts.add(text, None, [(filename, line)], auto_comments=comments, context=context)
    return texts


def ours(folder: str | Path) -> bool:
    """Whether to look in a folder: only in those of the product, of all that lies in the checkout."""
    return Path(folder).relative_to(ROOT).parts[0] in FOLDERS


def messages(catalogue: Catalog) -> Iterator[Message]:
    """The messages without the head of the catalogue, whose id is empty."""
    return (message for message in catalogue if message.id)


def where(message: Message) -> str:
    return ", ".join(f"{file}:{line}" for file, line in message.locations)


def catalogue_paths() -> list[Path]:
    return sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def write(path: Path, catalogue: Catalog) -> None:
    """Sorted, without line numbers: a change of code that moves lines changes no catalogue."""
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, no_location=True, sort_output=True, omit_header=False)


VERBS: dict[str, Callable[[], int]] = {"compile": compile_catalogues, "update": update, "check": check}

if __name__ == "__main__":
    sys.exit(VERBS[sys.argv[1]]())
