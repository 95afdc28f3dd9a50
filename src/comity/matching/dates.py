"""How two partial dates of birth compare: the same day, the same year, swapped, mistyped, contrary."""

from dataclasses import dataclass

YEARS_SPAN = 60
"""Birth years of the living who are searched spread over about this many years."""

NEW_YEAR_WEIGHT = 6.5
"""The first of January is written where the day is not known: six in a hundred dates of the real lists."""


@dataclass(frozen=True, slots=True)
class DateMeeting:
    """How two dates meet: verdict, rule, weight."""

    verdict: str
    rule: str
    weight: float


def compare_dates(query: str, record: str) -> DateMeeting:
    """Return how two partial dates (`1970`, `1970-02`, `1970-02-03`) meet.

    Weights are logarithms of (share among the same person's two dates) / (share among two strangers'):
    22,000 birth days over 60 years; about 1 in 100 pairs of one person's dates is swapped or off by a
    digit, 1 in 50 wrong altogether.
    """
    asked, held = query.split("-"), record.split("-")
    shared = min(len(asked), len(held))
    if asked[:shared] == held[:shared]:
        if asked[1:] == held[1:] == ["01", "01"]:
            return DateMeeting("agrees", "same-day", NEW_YEAR_WEIGHT)
        return _agreeing(shared)
    if len(asked) == len(held) == 3:
        return _mistaken_day(asked, held)
    if abs(int(asked[0]) - int(held[0])) == 1:
        return DateMeeting("differs", "year-off-by-one", -1.0)
    return DateMeeting("contradicts", "other-date", -4.5)


def _agreeing(parts_count: int) -> DateMeeting:
    return {
        1: DateMeeting("agrees", "same-year", 4.0),
        2: DateMeeting("agrees", "same-month", 6.5),
        3: DateMeeting("agrees", "same-day", 9.9),
    }[parts_count]


def _mistaken_day(asked: list[str], held: list[str]) -> DateMeeting:
    if asked[0] == held[0] and asked[1:] == held[:0:-1]:
        return DateMeeting("similar", "day-month-swapped", 5.0)
    differing = sum(one != other for one, other in zip("".join(asked), "".join(held), strict=True))
    if differing == 1:
        return DateMeeting("similar", "one-digit", 3.0)
    if asked[0] == held[0] and "01" == held[1] == held[2]:
        # The first of January stands for "year known, day not" in many registers.
        return DateMeeting("similar", "same-year", 3.0)
    if asked[0] == held[0]:
        return DateMeeting("differs", "same-year-other-day", -0.5)
    if abs(int(asked[0]) - int(held[0])) == 1 and asked[1:] == held[1:]:
        return DateMeeting("similar", "year-off-by-one", 3.0)
    return DateMeeting("contradicts", "other-date", -4.5)
