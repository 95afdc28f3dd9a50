"""The web door: reads a form, calls one procedure, writes a page.

Pages are rendered on the server and work without JavaScript. What is searched is posted, never in an
address. Every post carries a token that only our own pages know.
"""

from comity.console.application import build_console

__all__ = ["build_console"]
