"""Mail, as in the tests of accounts."""

from tests.accounts.conftest import _mailing_house, mailing, postbox

__all__ = ["_mailing_house", "mailing", "postbox"]
