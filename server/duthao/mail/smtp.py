"""A message, handed to the office's own mail server."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

SECURITIES = ("starttls", "tls", "none")
SECONDS = 20
"""How long the mail server may take for one answer."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """`security` is one of `SECURITIES`; without a `user` nobody signs in."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    def send(self, address: str, subject: str, body: str) -> None:
        """Raises OSError: a refusal of the server (`smtplib.SMTPException`) is one too."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, address, subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2].strip(" >"))
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body)
        with self._connected() as server:
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        trusted = ssl.create_default_context()
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=trusted)
        server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        if self.security == "starttls":
            try:
                server.starttls(context=trusted)
            except BaseException:
                server.close()
                raise
        return server
