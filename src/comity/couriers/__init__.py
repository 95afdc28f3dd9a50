"""How do events leave the house? A webhook, signed; an e-mail, through a relay. Neither carries police data."""

from comity.couriers.post import Outgoing, Post

__all__ = ["Outgoing", "Post"]
