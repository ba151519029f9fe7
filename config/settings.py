"""Settings, typed and read once from the environment; all that is wrong is named at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PROJECT_ROOT = Path(__file__).resolve().parent.parent


#: Licences a report may name, by their SPDX key.
LICENCES = ("OGL-UK-3.0",)


class SettingsWrong(Exception):
    """Some settings cannot be used; `faults` holds one plain sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of an instance. Moments are UTC elsewhere; sizes here are megabytes."""

    database_url: str
    files_url: str
    mail_url: str
    mail_from: str
    public_url: str
    secret_key: str
    place_crs: str
    methods_dir: Path
    max_upload_mb: int
    demo: bool
    antivirus_url: str
    #: the mailbox that bounces and replies come to; '' where it is not read
    mailbox_url: str
    #: the address bounces (and, where set, replies to a request) go to; '' where letters keep the one they come from
    reply_address: str
    #: a file with the public keys that heads of the audit trail are signed with; '' where they are not signed
    trail_keys: str
    proxies: int
    #: Responses that must have fallen due before a share is worked out: with fewer than ten, one late answer moves it by more
    #: than ten points, and an order of agencies would be an order of chance.
    least_to_compare: int
    #: the licence reports are published under, of LICENCES; '' where they say none
    report_licence: str = ""

    @property
    def secure(self) -> bool:
        """True where pages are served over https, so cookies must be too."""
        return self.public_url.startswith("https://")


def read_settings(
    environment: Mapping[str, str], root: Path = PROJECT_ROOT, checks: Mapping[str, Callable[[str, str], str]] | None = None
) -> Settings:
    """The settings the environment gives; raises SettingsWrong naming every fault at once.

    `checks` holds, by setting, what the application knows to be wrong with a value it is given: (value, our host) → why, or ''.
    """
    faults: list[str] = []
    var = root / "var"
    demo = _flag(environment, "DEMO", faults)
    secret = environment.get("SECRET_KEY", "")
    if len(secret) < 32:
        faults.append(
            "SECRET_KEY is missing or shorter than 32 characters: run 'make run' once, which writes one to .env, or set it"
        )
    public = environment.get("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
    if urlsplit(public).scheme not in ("http", "https") or not urlsplit(public).netloc:
        faults.append(f"PUBLIC_URL is '{public}': give a whole address such as https://scrutiny.example.gov.uk")
    database = environment.get("DATABASE_URL") or f"sqlite:///{var / ('demo.db' if demo else 'scrutiny.db')}"
    if not database.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        faults.append(f"DATABASE_URL begins '{database.split(':')[0]}': it must begin sqlite:/// or postgresql://")
    files = environment.get("FILES_URL") or f"file://{var / ('demo-files' if demo else 'files')}"
    if not files.startswith(("file://", "s3://")):
        faults.append("FILES_URL must begin file:// or s3://")
    mail = environment.get("MAIL_URL") or str(var / ("demo-mail" if demo else "mail"))
    host = urlsplit(public).hostname or "localhost"
    for name, why_not in (checks or {}).items():
        if environment.get(name) and (fault := why_not(environment[name], host)):
            faults.append(f"{name} is '{_without_password(environment[name])}': {fault}")
    crs = environment.get("PLACE_CRS", "EPSG:27700")
    if not crs.upper().startswith("EPSG:") or not crs[5:].isdigit():
        faults.append(f"PLACE_CRS is '{crs}': give it as EPSG:27700")
    settings = Settings(
        database_url=database.replace("postgresql://", "postgresql+psycopg://", 1),
        files_url=files,
        mail_url=mail,
        mail_from=environment.get("MAIL_FROM") or f"Area Scrutiny <no-reply@{host}>",
        public_url=public,
        secret_key=secret,
        place_crs=crs.upper(),
        methods_dir=Path(environment.get("METHODS_DIR") or var / "methods"),
        max_upload_mb=_whole(environment, "MAX_UPLOAD_MB", 100, faults),
        demo=demo,
        antivirus_url=environment.get("ANTIVIRUS_URL", ""),
        mailbox_url=environment.get("MAILBOX_URL", ""),
        reply_address=environment.get("REPLY_ADDRESS", ""),
        trail_keys=environment.get("TRAIL_KEYS", ""),
        proxies=_whole(environment, "PROXIES", 0, faults),
        least_to_compare=_whole(environment, "LEAST_TO_COMPARE", 10, faults),
        report_licence=_licence(environment, faults),
    )
    if faults:
        raise SettingsWrong(faults)
    return settings


def _without_password(address: str) -> str:
    """An address as it may be shown: what is told goes into logs."""
    scheme, parted, rest = address.partition("://")
    who, at, host = rest.rpartition("@")
    name, colon, _ = who.partition(":")
    return f"{scheme}{parted}{name}:…{at}{host}" if colon and "/" not in name else address


def _licence(environment: Mapping[str, str], faults: list[str]) -> str:
    """The licence of reports; the Open Government Licence unless the setting says another, or is there and empty."""
    value = environment.get("REPORT_LICENCE", LICENCES[0]).strip()
    if value and value not in LICENCES:
        faults.append(f"REPORT_LICENCE is '{value}': use {LICENCES[0]}, or leave it empty so that reports name no licence")
    return value


def _flag(environment: Mapping[str, str], name: str, faults: list[str]) -> bool:
    """A setting that is on or off."""
    value = environment.get(name, "").strip().lower()
    if value not in ("", "0", "1", "true", "false", "yes", "no"):
        faults.append(f"{name} is '{value}': set it to 1 or 0")
    return value in ("1", "true", "yes")


def _whole(environment: Mapping[str, str], name: str, default: int, faults: list[str]) -> int:
    """A whole number of at least nought."""
    value = environment.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit():
        faults.append(f"{name} is '{value}': give a whole number")
        return default
    return int(value)
