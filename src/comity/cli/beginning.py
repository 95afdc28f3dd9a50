"""`comity init`: a node is made."""

from pathlib import Path

from rich.markup import escape

from comity.app import init_node, open_node
from comity.cli.credentials import show_credentials
from comity.cli.show import OUT, show_secret
from comity.cli.speaking import said
from comity.procedures import people
from comity.procedures.sign_in import officer_named


def init(directory: Path, *, name: str, registry: str | None = None) -> None:
    """Create a node in DIRECTORY, with a bureau for every member country and two accounts.

    One checks and enters lists, the other runs the node and appoints administrators.
    """
    made = init_node(directory, name, registry)
    with open_node(directory) as node:
        key = people.new_key(officer_named(node.settings.account, node.desk), node.desk)
    OUT.print(
        escape(
            said("A node stands in {directory}. Its secrets are shown this once:", directory=str(directory))
        )
    )
    for one in made:
        show_credentials(name, one, as_json=False)
    show_secret(said("API key of {account}", account=made[0].account), key)
