"""The letters that carry a token to its owner, in plain words."""

from app.kit.post import Letter

_HOW = {
    "accept-invitation": "To accept, choose a password here",
    "reset-password": "To choose a new password, go on here",
}


def invitation(*, to: str, name: str, practice: str, token: str, app_url: str | None) -> Letter:
    """Return the letter that invites somebody into a practice."""
    lines = [
        f"Hello {name},",
        "",
        f"{practice} has opened an account for you.",
        "",
        *_way_in("accept-invitation", token, app_url),
        "",
        "This works once, within 7 days. If you did not expect this letter, you need not do anything.",
    ]
    return Letter(to, f"Your account with {practice}", "\n".join(lines))


def reset(*, to: str, practice: str, token: str, app_url: str | None) -> Letter:
    """Return the letter that lets somebody choose a new password."""
    lines = [
        "Hello,",
        "",
        f"somebody, most likely you, has asked for a new password for your account with {practice}.",
        "",
        *_way_in("reset-password", token, app_url),
        "",
        "This works once, within an hour. If it was not you, you need not do anything: your password stays as it is.",
    ]
    return Letter(to, f"A new password for {practice}", "\n".join(lines))


def _way_in(page: str, token: str, app_url: str | None) -> list[str]:
    """Return the lines with the token: in the fragment of a link, which browsers do not send, where there is a page."""
    if app_url is None:
        return ["Give this code to the program you work with:", "", f"    {token}"]
    return [f"{_HOW[page]}:", "", f"    {app_url.rstrip('/')}/{page}#token={token}"]
