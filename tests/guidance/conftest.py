import pytest

from tests.support.api import Api
from tests.support.database import Database


@pytest.fixture
def ageless(api: Api, database: Database) -> Api:
    """The API with a key that no jump of the clock outlives."""
    database.execute("update api_key set expires_at = '2300-01-01Z' where practice_id = $1", api.practice_id)
    return api
