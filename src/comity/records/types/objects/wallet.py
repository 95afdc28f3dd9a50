"""Addresses of crypto wallets: Bitcoin and its kin, Ethereum and its kin, TRON, and any other.

An address is found as it is written, for in most formats case carries meaning; bech32 and hexadecimal
addresses mean the same in either case and are found in lower case. No look-alike is folded: Base58 leaves
0, O, I and l out for that very reason.

Sources: BIP 173 and 350 (bech32, bech32m), Base58Check as Bitcoin and TRON use it, EIP-55 (mixed-case
checksum over Keccak-256).
"""

import hashlib
import re

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, FieldType, Json, clean_text
from comity.records.types.objects.keccak import keccak_256
from comity.records.types.text import UNSEEN

WALLET_MAX = 200
WALLET_FORM = re.compile("[A-Za-z0-9][A-Za-z0-9:._-]{9,}")
HEX_ADDRESS = re.compile("0[xX][0-9a-fA-F]{40}")
BASE58_ADDRESS = re.compile("[13LMT9A][1-9A-HJ-NP-Za-km-z]{24,34}")
BECH32_ADDRESS = re.compile("(bc|tb|ltc)1[02-9ac-hj-np-z]{6,90}")

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
BECH32_SUMS = frozenset({1, 0x2BC830A3})  # bech32, bech32m


def parse_wallet(value: Json, field: str) -> Json:
    """Return a wallet's address without spaces, its case kept where it means something.

    A leading scheme such as `bitcoin:` is left out. Raises `MalformedError` `wallet-form`.
    """
    text = "".join(UNSEEN.sub("", clean_text(value, field, 2 * WALLET_MAX)).split())
    while (scheme := re.match("(?i:bitcoin|ethereum|litecoin|tron):", text)) is not None:
        text = text[scheme.end() :]
    # No format known here has a hyphen: one that parts an address of such a format was put in by a writer.
    closed = text.replace("-", "")
    if any(form.fullmatch(closed) for form in (HEX_ADDRESS, BASE58_ADDRESS)) or _is_bech32(closed):
        text = closed
    if len(text) > WALLET_MAX or not WALLET_FORM.fullmatch(text):
        raise MalformedError("wallet-form", field)
    if _is_bech32(text):
        return text.lower()
    return f"0x{text[2:]}" if HEX_ADDRESS.fullmatch(text) else text


def _is_bech32(text: str) -> bool:
    return (text.islower() or text.isupper()) and BECH32_ADDRESS.fullmatch(text.lower()) is not None


def wallet_key(value: Json) -> str:
    """Return the form under which an address is found: in lower case where case has no meaning."""
    text = str(value)
    return text.lower() if HEX_ADDRESS.fullmatch(text) else text


def wallet_doubts(value: Json) -> tuple[str, ...]:
    """Return `wallet-check` where the address has a form with a checksum and the checksum does not hold."""
    text = str(value)
    if HEX_ADDRESS.fullmatch(text):
        mixed = not (text[2:].islower() or text[2:].isupper() or text[2:].isdigit())
        return ("wallet-check",) if mixed and text != ethereum_checksum(text) else ()
    if BECH32_ADDRESS.fullmatch(text):
        return () if _bech32_holds(text) else ("wallet-check",)
    if BASE58_ADDRESS.fullmatch(text):
        return () if _base58_holds(text) else ("wallet-check",)
    return ()


def ethereum_checksum(address: str) -> str:
    """Return a hexadecimal address in the mixed case of EIP-55."""
    plain = address[2:].lower()
    digest = keccak_256(plain.encode()).hex()
    mixed = (char.upper() if int(mark, 16) > 7 else char for char, mark in zip(plain, digest, strict=False))
    return "0x" + "".join(mixed)


def _base58_holds(text: str) -> bool:
    number = 0
    for char in text:
        number = number * 58 + BASE58.index(char)
    if number >= 1 << 200:
        return False
    raw = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def _bech32_holds(text: str) -> bool:
    prefix, _, data = text.rpartition("1")
    values = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    total = 1
    for value in values + [BECH32.index(char) for char in data]:
        top = total >> 25
        total = (total & 0x1FFFFFF) << 5 ^ value
        for place, part in enumerate(BECH32_GENERATOR):
            total ^= part if top >> place & 1 else 0
    return total in BECH32_SUMS


WALLET = FieldType("wallet", Comparison.IDENTIFIER, parse_wallet, wallet_key, wallet_doubts)
