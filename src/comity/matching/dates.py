"""How two partial dates of birth compare: the same day, the same year, swapped, mistyped, contrary."""

from dataclasses import dataclass

from comity.names.weighing import DateWeights

DATE_WEIGHTS = DateWeights(
    same_day=9.9,
    same_month=6.5,
    same_year=4.0,
    new_year=6.5,  # the first of January is written where the day is not known: six in a hundred real dates
    swapped=5.0,
    one_digit=3.0,
    year_known=3.0,
    year_beside=3.0,
    other_day=-0.5,
    year_off=-1.0,
    other_date=-4.5,
    name_needed=2.5,
    less_per_unit=0.2,
    share_min=0.65,
    apart_from=5.4,
    more_per_unit=0.1,
)
"""Logarithms of (share among the same person's two dates) / (share among two strangers').

22,000 birth days over 60 years; about 1 in 100 pairs of one person's dates is swapped or off by a digit, 1 in 50
wrong altogether. On every day some on the list were born, and of some names a little is like anyone's: that both are so
says less than the two weights together. Among 5,000 travellers and 1,200 asked, a name worth 0 to -4 and the same day
were hardly commoner for the person meant than for strangers, a name worth 1 and more a hundred times.
"""


def share_beside(name_worth: float) -> float:
    """Return which share of its weight a date that speaks for it has beside a name worth so much as evidence.

    >>> share_beside(2.5), share_beside(1.5), share_beside(-2.0), share_beside(-9.0)
    (1.0, 0.8, 0.65, 1.0)
    """
    numbers = DATE_WEIGHTS
    short = max(0.0, numbers.name_needed - name_worth)
    share = max(numbers.share_min, 1.0 - numbers.less_per_unit * short)
    apart = max(0.0, short - numbers.apart_from)
    return min(1.0, max(share, numbers.share_min + numbers.more_per_unit * apart))


@dataclass(frozen=True, slots=True)
class DateMeeting:
    """How two dates meet: verdict, rule, weight."""

    verdict: str
    rule: str
    weight: float


def compare_dates(query: str, record: str) -> DateMeeting:
    """Return how two partial dates (`1970`, `1970-02`, `1970-02-03`) meet."""
    asked, held = query.split("-"), record.split("-")
    shared = min(len(asked), len(held))
    if asked[:shared] == held[:shared]:
        if asked[1:] == held[1:] == ["01", "01"]:
            return DateMeeting("agrees", "same-day", DATE_WEIGHTS.new_year)
        return _agreeing(shared)
    if len(asked) == len(held) == 3:
        return _mistaken_day(asked, held)
    if abs(int(asked[0]) - int(held[0])) == 1:
        return DateMeeting("differs", "year-off-by-one", DATE_WEIGHTS.year_off)
    return DateMeeting("contradicts", "other-date", DATE_WEIGHTS.other_date)


def _agreeing(parts_count: int) -> DateMeeting:
    return {
        1: DateMeeting("agrees", "same-year", DATE_WEIGHTS.same_year),
        2: DateMeeting("agrees", "same-month", DATE_WEIGHTS.same_month),
        3: DateMeeting("agrees", "same-day", DATE_WEIGHTS.same_day),
    }[parts_count]


def _mistaken_day(asked: list[str], held: list[str]) -> DateMeeting:
    if asked[0] == held[0] and asked[1:] == held[:0:-1]:
        return DateMeeting("similar", "day-month-swapped", DATE_WEIGHTS.swapped)
    differing = sum(one != other for one, other in zip("".join(asked), "".join(held), strict=True))
    if differing == 1:
        return DateMeeting("similar", "one-digit", DATE_WEIGHTS.one_digit)
    if asked[0] == held[0] and "01" == held[1] == held[2]:
        # The first of January stands for "year known, day not" in many registers.
        return DateMeeting("similar", "same-year", DATE_WEIGHTS.year_known)
    if asked[0] == held[0]:
        return DateMeeting("differs", "same-year-other-day", DATE_WEIGHTS.other_day)
    if abs(int(asked[0]) - int(held[0])) == 1 and asked[1:] == held[1:]:
        return DateMeeting("similar", "year-off-by-one", DATE_WEIGHTS.year_beside)
    return DateMeeting("contradicts", "other-date", DATE_WEIGHTS.other_date)
