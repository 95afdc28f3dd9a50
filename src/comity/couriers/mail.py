"""E-mails: one line in each of the four languages and a link. Whoever reads one on the way learns of no person."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final

from comity.phrases.events import sentence
from comity.phrases.words import CODES, words
from comity.procedures.events import link_of
from comity.procedures.sending import Parcel, UndeliveredError

TIMEOUT_S: Final = 10.0


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


def send_mail(parcel: Parcel, console: str, relay: str, sender: str) -> None:
    """Hand a parcel to the relay, over TLS where it offers that; raises `UndeliveredError`."""
    host, _colon, port = relay.partition(":")
    try:
        with smtplib.SMTP(host, int(port or 25), timeout=TIMEOUT_S) as connection:
            connection.ehlo()
            if connection.has_extn("starttls"):
                connection.starttls(context=ssl.create_default_context())
                connection.ehlo()
            connection.send_message(message_of(parcel, console, sender))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise UndeliveredError(type(error).__name__) from None
