import asyncio
import shutil
from pathlib import Path

import asyncpg
import pytest

from app.embedded import find, launch
from app.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def pg_bin():
    """The programs that this run of the suite is about."""
    return Settings().pg_bin


@pytest.fixture
def binaries(pg_bin):
    return find.locate(pg_bin)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory, pg_bin):
    """A data directory whose cluster is made once: initdb costs more than all else that these tests do."""
    data = tmp_path_factory.mktemp("data")
    with launch.running(data / "postgres", durable=False, pg_bin=pg_bin):
        pass
    yield data
    shutil.rmtree(data)  # pytest would keep 40 MB of it for three runs


@pytest.fixture
def directory(data_dir):
    """The directory of that cluster; a server that the test leaves is stopped."""
    yield data_dir / "postgres"
    launch.stop(data_dir / "postgres")


@pytest.fixture
def empty(tmp_path):
    """A directory in which nothing has been made yet."""
    yield tmp_path / "postgres"
    launch.stop(tmp_path / "postgres")
    shutil.rmtree(tmp_path / "postgres", ignore_errors=True)


@pytest.fixture
def server(directory, pg_bin):
    """A server to look into; it stays for the next test if that wants one too."""
    with launch.running(directory, durable=False, pg_bin=pg_bin) as running:
        yield running


@pytest.fixture
def ask():
    """Run one query as somebody and return its first value."""

    def run(url: str, query: str, *arguments: object) -> object:
        async def once() -> object:
            connection = await asyncpg.connect(url)
            try:
                return await connection.fetchval(query, *arguments)
            finally:
                await connection.close()

        return asyncio.run(once())

    return run
