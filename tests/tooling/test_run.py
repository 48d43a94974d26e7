"""`./run` is a newcomer's first meeting with the product: it says clearly what it does and what it needs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

from config import ROOT

RUN = ROOT / "run"
OLD_PYTHON = "import runpy, sys; sys.version_info = (3, 10, 4); runpy.run_path({path!r}, run_name='__main__')"


def called(*arguments: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """What `./run` answers in an environment that has nothing."""
    bare = {"PATH": os.defpath, "HOME": str(folder), **environment}
    return subprocess.run(
        [sys.executable, RUN, *arguments], cwd=folder, env=bare, capture_output=True, text=True, check=False
    )


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The script as a module, with an environment of its own that nothing is installed in."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("run_script", str(RUN))
    spec = spec_from_loader("run_script", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return module


def missing(module: Any, monkeypatch: pytest.MonkeyPatch, *programs: str) -> None:
    """Let the system have these programs and no others."""
    monkeypatch.setattr(module.shutil, "which", lambda name: f"/bin/{name}" if name in programs else None)


def test_help_lists_every_verb_from_any_folder(tmp_path: Path) -> None:
    answer = called("help", folder=tmp_path)

    assert answer.returncode == 0
    assert [line.split()[1] for line in answer.stdout.splitlines() if len(line.split()) > 1][:6] == [
        "start",
        "test",
        "check",
        "journeys",
        "translations",
        "help",
    ]


def test_an_unknown_verb_gets_the_list(tmp_path: Path) -> None:
    answer = called("strat", folder=tmp_path)

    assert answer.returncode == 1
    assert "'strat'" in answer.stdout
    assert "./run start" in answer.stdout


def test_an_older_python_is_refused_with_a_sentence() -> None:
    code = OLD_PYTHON.format(path=str(RUN))
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert answer.returncode == 1
    assert answer.stderr.strip() == "Wederdienst needs Python 3.11 or newer; this is 3.10. Try: python3.12 run"


def test_a_port_that_is_taken_is_said_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        answer = called(folder=tmp_path, WEDERDIENST_PORT=port)

    assert answer.returncode == 1
    assert answer.stderr.startswith(f"Port {port} is in use")


@pytest.mark.parametrize("port", ["x", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    answer = called(folder=tmp_path, WEDERDIENST_PORT=port)

    assert (answer.returncode, answer.stderr) == (1, f"WEDERDIENST_PORT must be a port number, not {port!r}\n")


@pytest.fixture
def installed(run: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the lists of requirements that were installed, in order."""
    done: list[str] = []
    (run.ROOT / "requirements.txt").write_text("flask==3.1.3\n")
    run.VENV.mkdir()
    monkeypatch.setattr(run, "is_usable", lambda python: True)
    monkeypatch.setattr(run, "install", done.append)
    return done


def test_requirements_are_installed_again_only_when_they_changed(run: Any, installed: list[str]) -> None:
    run.make_environment("requirements.txt")
    run.make_environment("requirements.txt")
    assert installed == ["requirements.txt"]

    (run.ROOT / "requirements.txt").write_text("flask==3.1.4\n")
    run.make_environment("requirements.txt")
    assert installed == ["requirements.txt"] * 2


def test_an_installation_that_broke_off_is_done_again(
    run: Any, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(requirements: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "install", breaks)
    with pytest.raises(KeyboardInterrupt):
        run.make_environment("requirements.txt")

    monkeypatch.setattr(run, "install", installed.append)
    run.make_environment("requirements.txt")
    assert installed == ["requirements.txt"]


def test_an_environment_whose_python_is_gone_is_not_usable(run: Any, tmp_path: Path) -> None:
    dangling = tmp_path / "python"
    dangling.symlink_to(tmp_path / "gone")

    assert not run.is_usable(dangling)
    assert run.is_usable(Path(sys.executable))


def test_what_is_there_is_not_installed(run: Any) -> None:
    run.need("WeasyPrint", run.PANGO, lambda: True)


@pytest.mark.parametrize(
    ("manager", "line"),
    [
        (
            "apt-get",
            "sudo apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        ),
        ("dnf", "sudo dnf install -y pango"),
        ("pacman", "sudo pacman -S --needed pango"),
        ("brew", "brew install pango"),
    ],
)
def test_who_may_not_install_gets_the_one_line_that_does(
    run: Any, monkeypatch: pytest.MonkeyPatch, manager: str, line: str
) -> None:
    missing(run, monkeypatch, manager)
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit) as end:
        run.need("WeasyPrint", run.PANGO, lambda: False)

    assert str(end.value).splitlines()[-1].strip() == line


def test_an_unknown_system_gets_the_names(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    missing(run, monkeypatch)

    with pytest.raises(SystemExit) as end:
        run.need("The tests of papers", run.POPPLER, lambda: False)

    assert "poppler-utils" in str(end.value)


def test_root_on_debian_has_it_installed(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[tuple[str, ...]] = []
    known: Callable[[str], bool] = {"libpango-1.0-0", "libpangoft2-1.0-0"}.__contains__
    missing(run, monkeypatch, "apt-get")
    monkeypatch.setattr(run.os, "geteuid", lambda: 0)
    monkeypatch.setattr(run, "apt_knows", known)
    monkeypatch.setattr(run, "run", lambda *command, environment: commands.append(command))

    run.need("WeasyPrint", run.PANGO, lambda: bool(commands))

    assert commands[0] == ("apt-get", "update", "-qq")
    assert commands[1][-2:] == ("libpango-1.0-0", "libpangoft2-1.0-0")
