"""If-Match: the caller says which version a change is meant for (API.md C14)."""

from dataclasses import dataclass

from app.kit.errors import StaleVersion, VersionRequired


def etag(version: int) -> str:
    """Return the strong entity tag of a version."""
    return f'"{version}"'


@dataclass(frozen=True, slots=True)
class IfMatch:
    """The tags of the header as sent, or None without one; weak tags and `*` never match."""

    tags: tuple[str, ...] | None
    required: bool

    def check(self, version: int) -> None:
        """Raise unless the change was meant for `version`, once the record is known to be there."""
        if self.tags is None:
            if self.required:
                raise VersionRequired("Send If-Match with the ETag of the record as you last read it.")
            return
        if etag(version) not in self.tags:
            raise StaleVersion("Read the record again and repeat the change on it.", headers={"ETag": etag(version)})
