"""How fast the inbox is with a thousand open hits whose clocks run: pages and feed, medians in milliseconds.

python benchmarks/speed/open_hits.py [HITS]
"""

import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from starlette.testclient import TestClient

from comity.access.credentials import code_at
from comity.access.roles import role_named
from comity.api import build_api
from comity.app import init_node, open_node
from comity.doors import build_doors
from comity.procedures import people
from comity.procedures.check import run_checks
from comity.procedures.hits import HitsAsked, list_hits
from comity.procedures.hits_acts import ask_confirmation
from comity.procedures.sign_in import officer_named, sign_in
from comity.procedures.submit import submit
from comity.records.handling import Purpose
from comity.registry import accounts
from comity.registry.accounts import Account

ROUNDS = 40


def median_ms(client: TestClient, path: str) -> float:
    """Return how long a page takes, the median of some askings."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        assert client.get(path).status_code == 200, path
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Fill a node, and print how fast its pages of hits are."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as directory:
        init_node(Path(directory) / "node", "Bench")
        with open_node(Path(directory) / "node") as node:
            desk, secrets = node.desk, {}
            for name, bureau in (("egy", "EGY"), ("fra", "FRA")):
                account, secrets[name] = people.with_secrets(
                    Account(name, bureau, role_named("registrar")), desk
                )
                with desk.registry.write() as connection:
                    accounts.add_account(connection, account, desk.clock())
            egypt, france = officer_named("egy", desk), officer_named("fra", desk)
            plates = [f"BN{number:05}" for number in range(count)]
            for plate in plates:
                submit(
                    {"kind": "vehicle", "source_id": plate, "plate": plate, "country": "EGY", "share": "all"},
                    egypt,
                    desk,
                )
            start = time.perf_counter()
            answers = run_checks(
                [{"kind": "vehicle", "plate": plate, "country": "EGY"} for plate in plates],
                france,
                Purpose.BORDER,
                desk,
            )
            print(f"opened {count} hits in one batch: {time.perf_counter() - start:.2f} s")
            for answer in answers:
                ask_confirmation(str(answer.hits[0].opened), {"priority": "bureau"}, france, desk)
            one = list_hits(HitsAsked("answer"), egypt, desk).lines[0].hit.id
            code = code_at(secrets["egy"].code_secret.reveal(), datetime.now(UTC).timestamp())
            token = sign_in("egy", secrets["egy"].passphrase.reveal(), code, desk).token.reveal()
            console = TestClient(build_doors(desk), cookies={"comity-session": token})
            key = people.new_key(egypt, desk).reveal()
            api = TestClient(build_api(desk), headers={"Authorization": f"Bearer {key}"})
            for door, path in (
                (console, "/inbox"),
                (console, "/inbox?box=closed"),
                (console, f"/inbox/{one}"),
                (console, "/duty"),
            ):
                print(f"console {path[:14]:16} {median_ms(door, path):6.1f} ms")
            for path in ("/v1/hits?box=answer", "/v1/hits", f"/v1/hits/{one}", "/v1/feed?limit=200"):
                print(f"api     {path[:22]:24} {median_ms(api, path):6.1f} ms")


if __name__ == "__main__":
    main()
