"""What can go wrong with accounts, besides the usual."""

from app.kit.errors import Conflict, NotAuthenticated


class LoginFailed(NotAuthenticated):
    """Said of every sign-in that fails, whatever the reason."""

    code = "login-failed"
    title = "The e-mail address and the password do not belong together"


class LastOwner(Conflict):
    code = "last-owner"
    title = "A practice needs an active owner"
