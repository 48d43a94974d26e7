"""Settings: each has a default that is safe, and what cannot be is refused at the start with a sentence."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import Config, ConfigError


def read(folder: Path, **settings: str) -> Config:
    return Config.from_environment(
        {"WEDERDIENST_DATA_DIR": str(folder)} | {f"WEDERDIENST_{name}": value for name, value in settings.items()}
    )


def test_without_settings_the_product_is_for_this_machine(tmp_path: Path) -> None:
    config = read(tmp_path / "new" / "data")

    assert (config.public_url, config.environment, config.proxies) == ("http://localhost:8000", "development", 0)
    assert config.database_url == f"sqlite:///{tmp_path / 'new' / 'data' / 'wederdienst.sqlite3'}"
    assert set(config.trusted_hosts) == {"localhost", "127.0.0.1", "::1"}
    assert not config.is_secure


def test_an_empty_setting_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, DATABASE_URL=" ", PROXIES="").database_url.startswith("sqlite:///")


def test_an_address_elsewhere_means_production(tmp_path: Path) -> None:
    config = read(tmp_path, PUBLIC_URL="https://sr.example.org")

    assert config.is_production
    assert config.is_secure
    assert config.trusted_hosts == ("sr.example.org",)


def test_what_seals_statements_stands_in_the_data_folder_unless_a_setting_says_where(tmp_path: Path) -> None:
    assert read(tmp_path).seal_dir is None
    assert read(tmp_path, SEAL_DIR="/etc/seals").seal_dir == Path("/etc/seals")


def test_the_secret_key_is_made_once_and_kept_for_the_owner_only(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret_key"]


def test_processes_that_start_at_once_agree_on_the_secret_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as starts:
        keys = set(starts.map(lambda _: read(tmp_path).secret_key, range(40)))

    assert len(keys) == 1


def test_the_data_folder_is_for_the_owner_only(tmp_path: Path) -> None:
    read(tmp_path / "data")

    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.parametrize("url", ["postgres://a@h/d", "postgresql://a@h/d", "postgresql+psycopg://a@h/d"])
def test_the_usual_addresses_of_postgresql_are_understood(tmp_path: Path, url: str) -> None:
    assert read(tmp_path, DATABASE_URL=url).database_url == "postgresql+psycopg://a@h/d"


def test_other_hosts_may_be_named(tmp_path: Path) -> None:
    config = read(tmp_path, PUBLIC_URL="https://a.example", TRUSTED_HOSTS="a.example, 10.0.0.5 ,")

    assert config.trusted_hosts == ("a.example", "10.0.0.5")


@pytest.mark.parametrize(
    ("settings", "about"),
    [
        ({"PUBLIC_URL": "http://sr.example.org"}, "https://"),
        ({"PUBLIC_URL": "http://sr.example.org", "ENV": "development"}, "https://"),
        ({"PUBLIC_URL": "sr.example.org"}, "WEDERDIENST_PUBLIC_URL"),
        ({"PUBLIC_URL": "ftp://sr.example.org"}, "WEDERDIENST_PUBLIC_URL"),
        ({"PUBLIC_URL": "https://sr.example.org/under/here"}, "WEDERDIENST_PUBLIC_URL"),
        ({"ENV": "test"}, "WEDERDIENST_ENV"),
        ({"SECRET_KEY": "short"}, "secret key"),
        ({"DATABASE_URL": "nonsense"}, "WEDERDIENST_DATABASE_URL"),
        ({"PROXIES": "-1"}, "WEDERDIENST_PROXIES"),
        ({"MAX_UPLOAD_MB": "20MB"}, "WEDERDIENST_MAX_UPLOAD_MB"),
        ({"DATA_DIR": "/dev/null/data"}, "WEDERDIENST_DATA_DIR"),
        ({"EVIDENCE_URL": "ftp://host/folder"}, "WEDERDIENST_EVIDENCE_URL"),
        ({"CLAMD": "scanner"}, "WEDERDIENST_CLAMD"),
        ({"TSA_URL": "tsa.example.org"}, "WEDERDIENST_TSA_URL"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(tmp_path: Path, settings: dict[str, str], about: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        read(tmp_path, **settings)
    assert about in refusal.value.message


def test_an_emptied_secret_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")

    with pytest.raises(ConfigError):
        read(tmp_path)


def test_a_secret_key_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "secret_key").mkdir()

    with pytest.raises(ConfigError) as refusal:
        read(tmp_path)
    assert str(tmp_path) in refusal.value.message
