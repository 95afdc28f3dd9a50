"""E-mails: one line in each of the four languages and a link. Whoever reads one on the way learns of no person."""

import smtplib
import socket
import ssl
import threading
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final

from comity.couriers.reaching import DELIVERED_WITHIN_S, TIMEOUT_S, cut, reached_at
from comity.phrases.events import sentence
from comity.phrases.words import CODES, words
from comity.procedures.events import link_of
from comity.procedures.sending import Parcel, UndeliveredError

GREETED: Final = 220


def message_of(parcel: Parcel, console: str, sender: str) -> EmailMessage:
    """Return the e-mail: what happened in the four languages, under which name, and where to read it."""
    event = parcel.told.event
    message = EmailMessage()
    message["Subject"] = f"Comity {parcel.address.bureau}-{parcel.told.number}: {event.topic} {event.what}"
    message["From"] = sender
    message["To"] = parcel.address.target
    message["Date"] = formatdate(event.at.timestamp())
    message["Message-ID"] = f"<{parcel.address.bureau}-{parcel.told.number}-{parcel.address.id}@comity>"
    lines = [sentence(event, words(language)) for language in CODES]
    message.set_content("\n".join([*lines, "", event.about, f"{console}{link_of(parcel.told)}", ""]))
    return message


class Relay(smtplib.SMTP):
    """A relay that is reached, and let go, within a time; it is told the machine's name as that stands, unasked for."""

    def __init__(self, host: str, within_s: float) -> None:
        own = socket.gethostname()
        super().__init__(
            local_hostname=own if "." in own else "[127.0.0.1]", timeout=min(within_s, TIMEOUT_S)
        )
        self._host = host  # whose name its seal is to bear
        self._held: socket.socket | None = None

    def reach(self, port: int) -> None:
        """Return once the relay has greeted; raises `OSError`, `SMTPConnectError`."""
        code, said = self.connect(self._host, port)
        if code != GREETED:
            raise smtplib.SMTPConnectError(code, said)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        reached = reached_at(host, port, timeout)
        # The same connection by another name: sealing it takes the first one away.
        self._held = reached.dup()
        return reached

    def let_go(self) -> None:
        """End the connection under whoever waits for it."""
        if self._held is not None:
            cut(self._held)

    def forget(self) -> None:
        """Close the connection's other name."""
        if self._held is not None:
            self._held.close()


def send_mail(
    parcel: Parcel, console: str, relay: str, sender: str, within_s: float = DELIVERED_WITHIN_S
) -> None:
    """Hand a parcel to the relay, over TLS where it offers that.

    Raises `UndeliveredError`, also where that takes more than `within_s` in all.
    """
    host, _colon, port = relay.partition(":")
    connection = Relay(host, within_s)
    late = threading.Timer(within_s, connection.let_go)
    late.start()
    try:
        with connection:
            connection.reach(int(port or 25))
            connection.ehlo()
            if connection.has_extn("starttls"):
                connection.starttls(context=ssl.create_default_context())
                connection.ehlo()
            connection.send_message(message_of(parcel, console, sender))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise UndeliveredError(type(error).__name__) from None
    finally:
        late.cancel()
        connection.forget()
