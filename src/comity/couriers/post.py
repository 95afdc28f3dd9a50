"""The couriers of a node as one: each parcel goes by its address's channel."""

from dataclasses import dataclass

from comity.couriers.mail import send_mail
from comity.couriers.webhook import send_webhook
from comity.procedures.sending import Parcel, UndeliveredError


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What the node says of itself outside: its console's address, and the relay that takes its e-mails.

    `relay` is `host` or `host:port`; empty, no e-mail is sent. `sender` is the address that e-mails come from.
    """

    console: str = ""
    relay: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """Brings parcels to their addresses."""

    outgoing: Outgoing

    def send(self, parcel: Parcel) -> None:
        """Send a parcel; raises `UndeliveredError`."""
        if parcel.address.channel == "webhook":
            send_webhook(parcel, self.outgoing.console)
        elif not self.outgoing.relay:
            raise UndeliveredError("no-relay")
        else:
            send_mail(parcel, self.outgoing.console, self.outgoing.relay, self.outgoing.sender)
