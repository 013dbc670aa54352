"""A mail server that keeps what it is sent: the far end of the service's SMTP."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from typing_extensions import override


class Postbox(socketserver.ThreadingTCPServer):
    """Listens on a port of its own; `letters` are the mails that came in."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: list[EmailMessage] = []

    @property
    def url(self) -> str:
        """Where it is."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails for an address."""
        return [letter for letter in self.letters if letter["To"] == address]


class _Talk(socketserver.StreamRequestHandler):
    @override
    def handle(self) -> None:
        self._say("220 postbox")
        while line := self.rfile.readline():
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"DATA":
                self._keep()
            elif verb in {b"EHLO", b"HELO"}:
                self._say("250 SMTPUTF8")
            else:
                self._say("221 bye" if verb == b"QUIT" else "250 ok")

    def _keep(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        box: Any = self.server
        box.letters.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        self._say("250 kept")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def open_postbox() -> Iterator[Postbox]:
    """Run a postbox for the length of a block."""
    with Postbox() as box:
        thread = threading.Thread(target=box.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            box.shutdown()
            thread.join()
