"""Settings come from the environment, are validated at start, and are listed in one table.

Every setting is a field of `Environment`; its description is what the generated table says.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError


class Connection(BaseModel):
    """A place outside that tables may be loaded from, and the bodies that may do so."""

    model_config = ConfigDict(extra="forbid")

    url: SecretStr
    bodies: list[str]
    options: dict[str, SecretStr] = {}

    @field_validator("url")
    @classmethod
    def _known(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("postgresql://", "s3://", "file://")):
            raise ValueError("use postgresql://, s3:// or file://")
        return value


class Environment(BaseSettings):
    """What a host may set; each name is upper case with `CONCORDAT_` before it."""

    model_config = SettingsConfigDict(env_prefix="CONCORDAT_", extra="ignore")

    data_dir: Path = Field(Path("var"), description="Folder for database, files, tables and index")
    database_url: str = Field(
        "", description="`postgresql://user:password@host:port/name`; empty means SQLite"
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs sessions and links; made and kept in the data folder if empty",
    )
    debug: bool = Field(False, description="Show tracebacks; never outside development")
    demo: bool = Field(False, description="Offer sign-in as a person of the demonstration world")
    hosts: list[str] = Field(
        ["127.0.0.1", "localhost", "[::1]"],
        description="Host names the site answers to (JSON list)",
    )
    base_url: str = Field(
        "http://127.0.0.1:8000",
        description="The address people use, for links in e-mails, messages and profiles",
    )
    https: bool = Field(False, description="The site is behind HTTPS: secure cookies and HSTS")
    trusted_proxies: int = Field(
        0, description="Reverse proxies in front whose headers are believed"
    )
    face: Literal["all", "public"] = Field(
        "all", description="`public` serves the public site alone and never writes"
    )
    web_workers: int = Field(2, ge=1, le=64, description="Web worker processes")
    web_threads: int = Field(
        40,
        ge=1,
        le=256,
        description="Threads in each web worker, started when needed; more than the 32 reads that a "
        "host sends at once, so that slow readers leave some for everybody else",
    )
    inline_worker: bool = Field(True, description="`concordat serve` also runs the worker process")
    rate_limit: int = Field(
        1200,
        ge=0,
        description="Requests a minute for each client, counted by each web worker; ten times as many "
        "under `/sharing`; 0 is no limit",
    )
    extract_cache: int = Field(
        20 * 1024**3, ge=0, description="Bytes of prepared extracts that each host keeps"
    )
    keep_versions: int = Field(
        10, ge=1, description="Newest versions of a table that are kept, where it does not say"
    )
    keep_days: int = Field(
        90, ge=0, description="Days for which a version of a table is kept, where it does not say"
    )
    spark_master: str = Field(
        "",
        description="Apache Spark's address, such as `spark://host:7077`, to prepare large extracts; "
        "empty means each host prepares its own (docs/large-tables.md)",
    )
    spark_least_bytes: int = Field(
        20 * 1024**3, ge=0, description="Stored bytes from which on Spark prepares an extract"
    )
    sql_seconds: int = Field(
        30, ge=1, le=3600, description="Seconds that one query of the SQL door may take"
    )
    sql_memory_mb: int = Field(
        1536,
        ge=1024,
        description="Megabytes of address space that one query may take; its engine has half of it",
    )
    sql_rows: int = Field(
        1_000_000, ge=1, description="Rows that one query of the SQL door may answer with"
    )
    storage_url: str = Field(
        "", description="`s3://bucket/prefix` for files and tables; empty means the data folder"
    )
    storage_options: dict[str, SecretStr] = Field(
        {}, description="Keys of the object store (JSON), such as aws_endpoint, aws_access_key_id"
    )
    email_backend: Literal["file", "console", "smtp", "notify"] = Field(
        "file", description="Where e-mails go; `file` writes them under the data folder"
    )
    smtp_url: SecretStr = Field(SecretStr(""), description="`smtp://user:password@host:587`")
    email_from: str = Field(
        "Concordat <no-reply@concordat.example>", description="Sender of e-mails"
    )
    notify_key: SecretStr = Field(SecretStr(""), description="GOV.UK Notify API key")
    notify_template: str = Field("", description="GOV.UK Notify template with `subject` and `body`")
    oidc_issuer: str = Field(
        "", description="OpenID Connect issuer to sign in with; empty means none"
    )
    oidc_client_id: str = Field("", description="Client id at that issuer")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Client secret at that issuer")
    oidc_name: str = Field("Government sign-in", description="What the sign-in button says")
    oidc_form_origins: list[str] = Field(
        [], description="Other origins that a sign-in at the issuer leads through (JSON list)"
    )
    require_second_factor: bool = Field(
        True, description="Refuse password sign-in to people without a second factor"
    )
    doi_prefix: str = Field(
        "", description="Prefix of the DOIs of evaluations, such as `10.5072`; empty means none"
    )
    doi_repository: str = Field("", description="Repository account at DataCite, for DOIs")
    doi_password: SecretStr = Field(SecretStr(""), description="Its password")
    doi_url: str = Field(
        "https://api.datacite.org",
        description="DataCite’s API; `https://api.test.datacite.org` to try",
    )
    webhook_private_networks: bool = Field(
        False,
        description="Webhooks may go to private networks and by plain http; for development and "
        "tests, or where every administrator may reach all that this host can",
    )
    log_format: Literal["json", "text"] = Field("text", description="Shape of the log lines")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least level"
    )
    max_upload_mb: int = Field(2048, ge=1, description="Largest upload, in megabytes")
    connections: dict[str, Connection] = Field(
        {},
        description="Where tables may be loaded from (JSON): name → `url` (`postgresql://…`, "
        "`s3://bucket/prefix`, `file://…`), `bodies` (slugs of those that may), `options` "
        "(keys of the object store)",
    )
    max_resumable_mb: int = Field(
        20 * 1024, ge=1, description="Largest upload that comes piece by piece, in megabytes"
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="Bearer token that may read /metrics; empty means only this machine",
    )

    def _needs(self) -> tuple[tuple[str, object, str, object], ...]:
        """(setting, whether it is asked for, what it needs, what is given of that)."""
        return (
            (
                "CONCORDAT_EMAIL_BACKEND=smtp",
                self.email_backend == "smtp",
                "CONCORDAT_SMTP_URL",
                self.smtp_url.get_secret_value(),
            ),
            (
                "CONCORDAT_EMAIL_BACKEND=notify",
                self.email_backend == "notify",
                "CONCORDAT_NOTIFY_KEY and CONCORDAT_NOTIFY_TEMPLATE",
                self.notify_key.get_secret_value() and self.notify_template,
            ),
            (
                "CONCORDAT_OIDC_ISSUER",
                bool(self.oidc_issuer),
                "CONCORDAT_OIDC_CLIENT_ID",
                self.oidc_client_id,
            ),
            (
                "CONCORDAT_DOI_PREFIX",
                self.doi_prefix,
                "CONCORDAT_DOI_REPOSITORY and CONCORDAT_DOI_PASSWORD",
                self.doi_repository and self.doi_password.get_secret_value(),
            ),
            ("CONCORDAT_SPARK_MASTER", self.spark_master, "pyspark", find_spec("pyspark")),
            (
                "CONCORDAT_DEMO off and CONCORDAT_HTTPS on",
                self.https and not self.demo,
                "CONCORDAT_BASE_URL with https://",
                self.base_url.startswith("https://"),
            ),
        )

    @model_validator(mode="after")
    def _together(self) -> Self:
        """What one setting needs of another."""
        missing = [
            f"{name} needs {other}"
            for name, asked, other, given in self._needs()
            if asked and not given
        ]
        if self.database_url and not self.database_url.startswith(("postgresql://", "postgres://")):
            missing.append("CONCORDAT_DATABASE_URL needs postgresql://")
        if missing:
            raise ValueError("; ".join(missing))
        return self


@cache
def environment() -> Environment:
    """The settings of this process, read once.

    Raises SystemExit with one line a mistake, so that a host never starts half-configured.
    """
    try:
        return Environment()  # type: ignore[call-arg]
    except ValidationError as error:
        lines = [
            f"{'_'.join(['CONCORDAT', *map(str, e['loc'])]).upper()}: {e['msg']}"
            for e in error.errors(include_input=False)
        ]
        raise SystemExit("The settings are not valid:\n  " + "\n  ".join(lines)) from None
    except (
        SettingsError
    ) as error:  # a list or an object that is not JSON; the value is not repeated
        field = str(error).partition('"')[2].partition('"')[0]
        raise SystemExit(
            f"The settings are not valid:\n  CONCORDAT_{field.upper()}: write it as JSON."
        ) from None
