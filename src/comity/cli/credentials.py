"""An account's secrets on the terminal, once."""

import segno
from rich.markup import escape

from comity.cli.show import ERRORS, OUT, show_json, show_secret
from comity.cli.speaking import said, speaker_here
from comity.procedures.people import Credentials, code_address


def show_credentials(node_name: str, made: Credentials, *, as_json: bool) -> None:
    """Print an account's secrets, once; in a terminal, the key of its codes as a picture to be scanned.

    What its manager is to know of whose it is goes to the error stream, beside either form.
    """
    _tell_whose(made)
    if as_json:
        secrets = {"passphrase": made.passphrase.reveal(), "code_secret": made.code_secret.reveal()}
        show_json({"account": made.account, **secrets})
        return
    OUT.print(f"\n{escape(said('Account'))}: {escape(made.account)}")
    show_secret(said("Passphrase"), made.passphrase)
    show_secret(said("Key of the six-digit codes"), made.code_secret)
    if OUT.is_terminal:
        segno.make_qr(code_address(node_name, made)).terminal(compact=True)


def _tell_whose(made: Credentials) -> None:
    if made.beside:
        sentence = (
            "The same officer has other accounts: {accounts}. Four eyes take all of them for one person."
        )
        ERRORS.print(escape(said(sentence, accounts=speaker_here().comma.join(made.beside))))
    if made.is_apart:
        sentence = (
            "No officer's number is stated. Four eyes take this account for a person of its own, "
            "whoever else's it is."
        )
        ERRORS.print(escape(said(sentence)))
