"""Heads: their text, their signature, their keys."""

import base64
import stat
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from comity.audit.heads import (
    Head,
    Signer,
    Verifier,
    create_key,
    load_key,
    read_verifier,
    sign_head,
    verify_head,
)
from comity.audit.merkle import EMPTY_ROOT, Tree
from comity.errors import ConflictError, DamagedError, MalformedError, RefusedError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERIFIER = Verifier("police.example/node", KEY.public_key())
HEAD = Head("police.example/node", 0, EMPTY_ROOT, datetime(2024, 5, 1, 12, tzinfo=UTC))


ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def signed(text: str) -> str:
    """A note with this text, rightly signed whatever it says."""
    signature = base64.b64encode(VERIFIER.key_id + KEY.sign(text.encode())).decode()
    return f"{text}\n— {VERIFIER.node} {signature}\n"


def test_a_head_is_a_checkpoint_in_a_signed_note():
    text, _, signature = sign_head(HEAD, KEY).partition("\n\n")
    assert (text, signature[: len("— police.example/node ")]) == (
        f"{VERIFIER.node}\n0\n{ROOT}\nat 2024-05-01T12:00:00.000000Z",
        "— police.example/node ",
    )


def test_a_signed_head_is_read_back():
    assert verify_head(sign_head(HEAD, KEY), VERIFIER) == HEAD


def test_a_signer_signs_by_its_own_clock():
    signer = Signer(HEAD.node, KEY, lambda: HEAD.at)
    assert verify_head(signer.sign(Tree(0, EMPTY_ROOT)), signer.verifier) == HEAD


def test_another_key_does_not_verify():
    other = Verifier(HEAD.node, Ed25519PrivateKey.generate().public_key())
    with pytest.raises(DamagedError, match="audit-head"):
        verify_head(sign_head(HEAD, KEY), other)


def test_the_same_key_under_another_name_does_not_verify():
    with pytest.raises(DamagedError):
        verify_head(sign_head(HEAD, KEY), Verifier("other.example", KEY.public_key()))


def test_no_byte_of_a_note_can_be_changed():
    note = sign_head(HEAD, KEY)
    accepted = []
    for place, character in enumerate(note):
        for other in ("A" if character != "A" else "B", "", character + "\n", "é"):
            try:
                verify_head(note[:place] + other + note[place + 1 :], VERIFIER)
            except DamagedError:
                continue
            accepted.append((place, other))
    assert accepted == []


@pytest.mark.parametrize(
    "text",
    [
        f"{VERIFIER.node}\n00\n{ROOT}\nat 2024-05-01T12:00:00.000000Z\n",
        f"{VERIFIER.node}\n0\n{ROOT}\nat 2024-05-01T12:00:00Z\n",
        f"{VERIFIER.node}\n0\n{ROOT[:-2]}V=\nat 2024-05-01T12:00:00.000000Z\n",
        f"{VERIFIER.node}\n0\nAAAA\nat 2024-05-01T12:00:00.000000Z\n",
        f"{VERIFIER.node}\n0\n{ROOT}\n",
        f"{VERIFIER.node}\nx\n{ROOT}\nat 2024-05-01T12:00:00.000000Z\n",
        f"{VERIFIER.node}\n0\n*\nat 2024-05-01T12:00:00.000000Z\n",
    ],
)
def test_a_rightly_signed_text_in_another_form_is_no_head(text):
    with pytest.raises(DamagedError):
        verify_head(signed(text), VERIFIER)


@pytest.mark.parametrize("node", ["", "two words", "a+b", "line\nbreak", "nul\x00"])
def test_a_name_that_would_break_a_note_is_refused(node):
    with pytest.raises(MalformedError, match="audit-node-name"):
        sign_head(Head(node, 0, EMPTY_ROOT, HEAD.at), KEY)


def test_a_verifier_is_one_line_that_reads_back():
    assert str(read_verifier(f"{VERIFIER}\n")) == str(VERIFIER)


@pytest.mark.parametrize("text", ["", "a+b", "a+00000000+AAAA", str(VERIFIER)[:-2], f"x{VERIFIER}"])
def test_a_line_that_is_no_verifier_is_refused(text):
    with pytest.raises(MalformedError, match="audit-verifier"):
        read_verifier(text)


def test_a_new_key_can_be_loaded(tmp_path):
    created = create_key(tmp_path / "audit.key")
    assert load_key(tmp_path / "audit.key").private_bytes_raw() == created.private_bytes_raw()


def test_a_new_key_is_for_its_owner_alone(tmp_path):
    create_key(tmp_path / "audit.key")
    assert stat.S_IMODE((tmp_path / "audit.key").stat().st_mode) == 0o600


def test_a_key_is_never_replaced(tmp_path):
    create_key(tmp_path / "audit.key")
    with pytest.raises(ConflictError, match="exists"):
        create_key(tmp_path / "audit.key")


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o602, 0o666])
def test_a_key_open_to_others_is_refused(tmp_path, mode):
    create_key(tmp_path / "audit.key")
    (tmp_path / "audit.key").chmod(mode)
    with pytest.raises(RefusedError, match="key-file-open-to-others"):
        load_key(tmp_path / "audit.key")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no key",
        generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    ],
)
def test_a_file_without_an_ed25519_key_is_damaged(tmp_path, content):
    (tmp_path / "audit.key").write_bytes(content)
    (tmp_path / "audit.key").chmod(0o600)
    with pytest.raises(DamagedError, match="audit-key"):
        load_key(tmp_path / "audit.key")
