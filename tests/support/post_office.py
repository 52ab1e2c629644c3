"""A mail server that really listens, for tests: it takes every message, or refuses its receiver."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class PostOffice:
    """`refuses`: the answer to any receiver, such as "550 no such mailbox"; empty: all are taken."""

    port: int = 0
    refuses: str = ""
    to: list[str] = field(default_factory=list)
    messages: list[EmailMessage] = field(default_factory=list)

    def body(self, index: int = -1) -> str:
        return str(self.messages[index].get_content())


class _Conversation(socketserver.StreamRequestHandler):
    office: PostOffice

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self._say("220 post.test")
        while line := self.rfile.readline().decode().strip():
            match line.split(maxsplit=1)[0].upper():
                case "RCPT" if self.office.refuses:
                    self._say(self.office.refuses)
                case "RCPT":
                    self.office.to.append(line.partition("<")[2].partition(">")[0])
                    self._say("250 ok")
                case "DATA":
                    self._say("354 go on")
                    self._take()
                    self._say("250 taken")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _take(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        data = b"".join(line.removeprefix(b".") for line in lines)
        found = message_from_bytes(data, policy=default)
        assert isinstance(found, EmailMessage)
        self.office.messages.append(found)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    handler = type("Conversation", (_Conversation,), {"office": office})
    with _Server(("127.0.0.1", 0), handler) as server:
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()
