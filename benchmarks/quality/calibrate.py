"""Fit how sure a meeting of two names makes one, and print the coefficients, the reliability and the floors.

    python benchmarks/quality/calibrate.py [--sample N]

Logistic regression over every candidate of: the development set's queries, listed names as written, spoiled names, and
travellers who are not on the list. Fitted on every second query, measured on the others. The coefficients it prints
are those of `src/comity/matching/name_evidence.py`; half the checks it sees mean a person on the list.
"""

import argparse
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from altered_names import altered
from development_set import Asked, DevelopmentSet, every, names_directory, read_development_set
from measures import reliability
from numpy.typing import NDArray
from searching import PersonSearch
from travellers import found_twice, sureness

from comity.matching.foresight import MARGIN
from comity.matching.name_evidence import further_words, is_as_written, rule_counted
from comity.matching.names import NameComparison
from comity.matching.profiles import BORDER, Weights, log_odds

COEFFICIENTS = ("prior", "slope", "further_word", "alike", "missing", "extra", "contradicts", "as_written")
RULES = ("alike", "missing", "extra", "contradicts")
REAL_LISTS = frozenset({"ofac-sdn", "eu-oj", "un-sc"})
FLOORS = (*(place / 20 for place in range(2, 18)), *(place / 100 for place in range(86, 100)))
COUNTED_FLOOR_MIN = 0.6
RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Observed:
    """One query: the features of each candidate, what stands beside the name, and which are the person meant.

    `by_name` and `with_date` say which are candidates of a check by name, and of one that gives the birth date.
    """

    group: str
    features: NDArray[np.float64]
    beside: NDArray[np.float64]
    meant: NDArray[np.bool_]
    by_name: NDArray[np.bool_]
    with_date: NDArray[np.bool_]

    def odds(self, coefficients: NDArray[np.float64], *, beside: bool) -> NDArray[np.float64]:
        """Return the log-odds of each candidate, minus infinity where such a check would not find it."""
        odds = self.features @ coefficients + (self.beside if beside else 0.0)
        return np.where(self.with_date if beside else self.by_name, odds, -np.inf)


def observe(search: PersonSearch, group: str, asked: Sequence[Asked]) -> list[Observed]:
    """Return what each query shows."""
    seen: list[Observed] = []
    for one in asked:
        by_name, with_date = found_twice(search, one, BORDER)
        found = {each.place: each for each in (*by_name, *with_date)}.values()
        named, dated = {each.place for each in by_name}, {each.place for each in with_date}
        rows = [features(search.meeting(one.name, each.place)) for each in found]
        seen.append(
            Observed(
                group,
                np.array(rows, dtype=float).reshape(-1, len(COEFFICIENTS)),
                np.array([each.beside_weight for each in found], dtype=float),
                np.array([search.listed[each.place].id in one.truths for each in found], dtype=bool),
                np.array([each.place in named for each in found], dtype=bool),
                np.array([each.place in dated for each in found], dtype=bool),
            )
        )
    return seen


def features(met: NameComparison) -> list[float]:
    """Return what the coefficients are multiplied with, in their order."""
    rules = [rule_counted(word) for word in met.words]
    weight = sum(word.weight for word in met.words)
    return [
        1.0,
        weight,
        further_words(met),
        *(float(rules.count(rule)) for rule in RULES),
        is_as_written(met),
    ]


def fit(seen: Sequence[Observed]) -> NDArray[np.float64]:
    """Return the coefficients that make the candidates' truths likeliest, by Newton's method."""
    rows = np.concatenate([one.features[one.by_name] for one in seen])
    truths = np.concatenate([one.meant[one.by_name] for one in seen]).astype(float)
    coefficients = np.zeros(rows.shape[1])
    for _ in range(40):
        sure = 1 / (1 + np.exp(-np.clip(rows @ coefficients, -30, 30)))
        slope = rows.T @ (truths - sure) - RIDGE * coefficients
        bend = (rows * (sure * (1 - sure))[:, None]).T @ rows + RIDGE * np.eye(rows.shape[1])
        coefficients = coefficients + np.linalg.solve(bend, slope)
    return coefficients


def aligned(seen: Sequence[Observed], coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the coefficients with the prior that makes the likeliest candidates right on the whole.

    The likeliest of a hundred is right far more often than a candidate at large with the same evidence, and it is the
    likeliest that an officer reads.
    """
    odds: list[float] = []
    held: list[bool] = []
    for one in seen:
        for beside in (False, True):
            each = one.odds(coefficients, beside=beside)
            if each.size:
                odds.append(float(each.max()))
                held.append(bool(one.meant[int(each.argmax())]))
    values, truths, shift = np.clip(np.array(odds), -30, 30), np.array(held, dtype=float), 0.0
    for _ in range(40):
        sure = 1 / (1 + np.exp(-(values + shift)))
        shift += float((truths - sure).sum() / (sure * (1 - sure)).sum())
    moved = coefficients.copy()
    moved[0] += shift
    return moved


def judge(seen: Sequence[Observed], coefficients: NDArray[np.float64]) -> None:
    """Print the reliability of the likeliest candidate, then false hits and recall by floor."""
    for beside in (False, True):
        said: list[float] = []
        held: list[bool] = []
        best: dict[str, list[float]] = {}
        for one in seen:
            odds = one.odds(coefficients, beside=beside)
            sure = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
            top = int(np.argmax(sure)) if sure.size else -1
            said.append(float(sure[top]) if sure.size else 0.0)
            held.append(bool(sure.size) and bool(one.meant[top]))
            counted = sure if one.group == "traveller" else sure[one.meant]
            best.setdefault(one.group, []).append(float(counted.max()) if counted.size else 0.0)
        bins, error = reliability(said, held)
        print(f"\n{'name, birth date, sex' if beside else 'name alone'}: calibration error {error:.4f}")
        for one_bin in bins:
            print(f"  said {one_bin.said:.3f}  held {one_bin.held:.3f}  of {one_bin.count}")
        for floor in FLOORS:
            shares = {group: float(np.mean(np.array(values) >= floor)) for group, values in best.items()}
            false = 1000 * shares.pop("traveller")
            recall = "  ".join(f"{group} {share:.3f}" for group, share in shares.items())
            print(f"  floor {floor:.2f}: {false:6.2f} false hits per 1,000; found {recall}")


def gather(search: PersonSearch, given: DevelopmentSet, each: int) -> list[Observed]:
    """Return what all groups of queries show: so many asked and travelling, half as many written and spoiled."""
    chance = random.Random(4711)
    listed = [one for one in given.listed if one.source in REAL_LISTS]
    written = [
        Asked(one.name, frozenset({one.id}), one.script, (one.script, one.script), one.born, one.sex)
        for one in chance.sample(listed, min(each // 2, len(listed)))
    ]
    spoiled = [one for _, some in altered(given.listed, max(1, each // 26)) for one in some]
    return [
        *observe(search, "asked", every(given.asked, each)),
        *observe(search, "traveller", every(given.travellers, each)),
        *observe(search, "as-written", written),
        *observe(search, "spoiled", spoiled),
    ]


def count_false_hits(search: PersonSearch, travellers: Sequence[Asked]) -> None:
    """Print how many travellers who are not on the list the shipped coefficients take for somebody, by floor.

    Only who can reach the lowest floor counted is compared, as a check does it.
    """
    sex = BORDER.weights("person.sex", Weights(0.0, 0.0)).agrees
    least = log_odds(COUNTED_FLOOR_MIN) - BORDER.prior_for(named=True) - sex - MARGIN
    sure = np.zeros((len(travellers), 2))
    for place, one in enumerate(travellers):
        for beside, found in enumerate(found_twice(search, one, BORDER, least)):
            sure[place, beside] = max(
                (sureness(each, BORDER, beside=bool(beside)) for each in found), default=0.0
            )
    print(f"{len(travellers)} travellers, false hits per 1,000: by name, with birth date and sex")
    for floor in FLOORS:
        if floor >= COUNTED_FLOOR_MIN:
            alone, both = 1000 * (sure >= floor).mean(axis=0)
            print(f"  floor {floor:.2f}: {alone:6.2f} {both:6.2f}")


def main() -> None:
    """Fit and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--sample", type=int, default=2000)
    options.add_argument(
        "--travellers", type=int, default=0, help="only count false hits, as shipped, among so many"
    )
    chosen = options.parse_args()
    directory = names_directory()
    if directory is None:
        print("names: the development set (shared/data/names) is not beside the repository; nothing fitted")
        return
    given = read_development_set(directory)
    if chosen.travellers:
        with tempfile.TemporaryDirectory() as home:
            count_false_hits(
                PersonSearch(given.listed, Path(home) / "names"), every(given.travellers, chosen.travellers)
            )
        return
    with tempfile.TemporaryDirectory() as home:
        seen = gather(PersonSearch(given.listed, Path(home) / "names"), given, chosen.sample)
    print(f"{len(given.listed)} listed, queries: {len(seen)}")
    held_out = aligned(seen[::2], fit(seen[::2]))
    print("fitted on every second query, measured on the others:")
    judge(seen[1::2], held_out)
    whole = aligned(seen, fit(seen))
    print("\nfitted on all:")
    for name, value in zip(COEFFICIENTS, whole, strict=True):
        print(f"    {name}={value:.2f},")
    print("\nmeasured on all:")
    judge(seen, whole)


if __name__ == "__main__":
    main()
