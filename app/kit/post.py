"""Mail over SMTP, where the operator has configured it: plain text, sent after the answer, tried once."""

import asyncio
import logging
import smtplib
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final
from urllib.parse import unquote, urlsplit

_TIMEOUT: Final = 10.0
_WORKERS: Final = 2
_PORTS: Final = {"smtp": 25, "smtps": 465}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person."""

    to: str
    subject: str
    text: str


class Post:
    """Sends letters by the server that `url` names: `smtp[s]://user:password@host:port`."""

    def __init__(self, url: str, *, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("CRICKETS_SMTP_URL must be smtp://host:port or smtps://host:port")
        self._direct_tls = parts.scheme == "smtps"
        self._host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        self._login = None if parts.username is None else (unquote(parts.username), unquote(parts.password or ""))
        self._sender = sender
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="post")

    async def send(self, letters: Sequence[Letter]) -> None:
        """Send `letters`; one that cannot be sent is logged without its address and forgotten."""
        loop = asyncio.get_running_loop()
        for letter in letters:
            try:
                await loop.run_in_executor(self._pool, self._deliver, letter)
            except (OSError, smtplib.SMTPException, ValueError) as error:
                log.warning("a mail was not sent: %s", type(error).__name__)

    def close(self) -> None:
        """End the threads, once what they do is done."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _deliver(self, letter: Letter) -> None:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self._sender, letter.to, letter.subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="quoted-printable")
        with self._connection() as server:
            if self._login is not None:
                server.login(*self._login)
            server.send_message(message)

    def _connection(self) -> smtplib.SMTP:
        if self._direct_tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=_TIMEOUT, context=ssl.create_default_context())
        server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT)
        if self._login is not None:  # a password never crosses the net in the clear
            server.starttls(context=ssl.create_default_context())
        return server
