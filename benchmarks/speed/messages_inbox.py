"""How long pages of messages take with 100,000 messages in the inbox: medians over HTTP routes, in process.

    python benchmarks/speed/messages_inbox.py [COUNT]

A node is made in a temporary directory; rows are inserted as `store` would, in bulk.
"""

import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.testclient import TestClient

from comity.access.credentials import code_at
from comity.access.roles import role_named
from comity.app import init_node, open_node
from comity.doors import build_doors
from comity.procedures import people
from comity.procedures.messages.asked import new_id
from comity.procedures.sign_in import officer_named, sign_in
from comity.records.messages.message import parse_content, parse_header
from comity.registry import accounts
from comity.registry.accounts import Account
from comity.registry.messages import BOXES, MAILBOXES, MESSAGES, THREADS

ROUNDS = 30
HEADER = parse_header({"to": ["EGY"], "purpose": "investigation", "asks": True}).to_bytes()
BODY = parse_content({"subject": "Invented", "text": "Invented text of a message. " * 20}).to_bytes()


def fill(connection, count: int) -> list[str]:
    """Put messages into Egypt's box, four to a thread; return the threads."""
    at = datetime.now(UTC) - timedelta(days=30)
    threads = [new_id() for _ in range(count // 4)]
    for start in range(0, count, 5000):
        places = range(start, min(start + 5000, count))
        connection.execute(
            MESSAGES.insert(),
            [
                {
                    "number": one + 1,
                    "public_id": new_id(),
                    "thread": threads[one // 4],
                    "author": "FRA",
                    "account": "fra",
                    "at": at + timedelta(seconds=one),
                    "header": HEADER,
                    "subject": f"Invented {one}",
                    "body": BODY,
                }
                for one in places
            ],
        )
        connection.execute(
            BOXES.insert(),
            [
                {
                    "bureau": "EGY",
                    "position": one + 1,
                    "message": one + 1,
                    "thread": threads[one // 4],
                    "part": "to",
                    "due_at": at + timedelta(seconds=one, days=60),
                    "may_forward": False,
                }
                for one in places
            ],
        )
    connection.execute(
        THREADS.insert(),
        [
            {
                "bureau": "EGY",
                "thread": thread,
                "last_position": place * 4 + 4,
                "messages_count": 4,
                "unread_position": place * 4 + 4,
                "due_at": at + timedelta(seconds=place, days=60),
            }
            for place, thread in enumerate(threads)
        ],
    )
    connection.execute(MAILBOXES.insert().values(bureau="EGY", last_position=count, delivered_position=count))
    return threads


def main(count: int) -> None:
    """Fill a node, ask for each page, print medians."""
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place) / "node"
        init_node(directory, "Bench")
        with open_node(directory) as node:
            made, secrets = people.with_secrets(Account("egy", "EGY", role_named("registrar")), node.desk)
            with node.desk.registry.write() as connection:
                accounts.add_account(connection, made, node.desk.clock())
                threads = fill(connection, count)
            key = people.new_key(officer_named("egy", node.desk), node.desk).reveal()
            code = code_at(secrets.code_secret.reveal(), node.desk.clock().timestamp())
            session = sign_in("egy", secrets.passphrase.reveal(), code, node.desk).token.reveal()
            client = TestClient(
                build_doors(node.desk),
                headers={"Authorization": f"Bearer {key}"},
                cookies={"comity-session": session},
            )
            paths = {
                "API inbox": "/v1/messages",
                "API unread": "/v1/messages?list=unread",
                "API due": "/v1/messages?list=due",
                "API feed of 50, from the middle": f"/v1/messages/feed?after={count // 2}",
                "page inbox": "/messages",
                "page inbox, deep": f"/messages?before={count // 2}",
                "page due": "/messages?list=due",
                "page thread, unread at first": "/messages/threads/{thread}",
            }
            print(f"{count} messages in {len(threads)} threads, {ROUNDS} rounds")
            for name, path in paths.items():
                took = []
                for round_ in range(ROUNDS):
                    start = time.perf_counter()
                    answer = client.get(path.format(thread=threads[round_ * 7]))
                    took.append((time.perf_counter() - start) * 1000)
                    assert answer.status_code == 200, (path, answer.status_code)
                print(f"{name:34} median {statistics.median(took):6.1f} ms  worst {max(took):6.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
