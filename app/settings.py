"""Everything the environment may say to the service, read in this file only."""

from pathlib import Path
from typing import Literal, Self

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Frozen settings from variables named CRICKETS_…; build one and hand it on: nothing else reads the environment."""

    model_config = SettingsConfigDict(env_prefix="CRICKETS_", frozen=True, extra="ignore", populate_by_name=True)

    environment: Literal["development", "test", "production"] = "development"
    database_url: SecretStr | None = None
    owner_database_url: SecretStr | None = None
    data_dir: Path = Path(".data")
    pg_bin: Path | None = Field(default=None, validation_alias=AliasChoices("pg_bin", "PG_BIN"))
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    secret_key: SecretStr | None = None
    public_url: str | None = None
    allowed_origins: tuple[str, ...] = ()
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    debug: bool = False
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    app_url: str | None = None
    db_pool_size: int = Field(default=10, ge=1, le=200)
    db_pooler: Literal["none", "transaction"] = "none"
    #: Requests a minute (API.md C17): of a credential, from an address or on an account that signs in, of a practice.
    limit_read: int = Field(default=600, ge=1, le=1_000_000)
    limit_write: int = Field(default=120, ge=1, le=1_000_000)
    limit_auth: int = Field(default=10, ge=1, le=1_000_000)
    limit_practice: int = Field(default=3_000, ge=1, le=1_000_000)

    @model_validator(mode="after")
    def _production_is_explicit(self) -> Self:
        if self.environment == "production" and (self.debug or self.database_url is None or self.secret_key is None):
            raise ValueError(
                "production needs CRICKETS_DATABASE_URL and CRICKETS_SECRET_KEY and refuses CRICKETS_DEBUG"
            )
        if self.smtp_url is not None and not self.mail_from:
            raise ValueError("CRICKETS_SMTP_URL needs CRICKETS_MAIL_FROM")
        return self
