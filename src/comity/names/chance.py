"""How likely do two words meet by chance? What an index has counted, blended with what is known beforehand.

A tiny index does not know that Wang is common, and no index knows all neighbours of a short word. So as many persons
are imagined beside those held as make the count steady; their words are as common as a short table of the world's
commonest names says, or else as the length of the word lets expect.
Source of the table: our own estimate of magnitudes, in thousandths of the world's names.
"""

from math import exp, log
from typing import Final

from comity.compiled import kernel

IMAGINED_PERSONS: Final = 50_000.0
RARITY_OFFSET: Final = 1.2
RARITY_PER_LETTER: Final = 1.15
COMMONNESS_PER_PRICE: Final = 2.2
WEIGHT_PER_PRICE: Final = 2.5
_RARITY_MIN: Final = 1.5

# Thousandths of names in the world that hold the word, by magnitude.
_COMMON: Final[dict[float, str]] = {
    14.0: "li wang zhang mohammed muhammad mohamed muhammed mohammad maria ali ahmed ahmad kumar",
    7.0: """
        liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo jose juan nguyen kim lee singh devi khan
        hussein hassan husain john anna ana abdul abdullah mary david michael luis carlos antonio wei
        """,
    3.0: """
        zheng liang xie song tang deng han feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu
        ding ren lo yao shen park choi jung garcia rodriguez martinez lopez gonzalez hernandez perez sanchez silva santos
        smith ivan ivanov aleksandr alexander sergey sergei elena olga tatiana vladimir andrei ibrahim mahmoud omar
        youssef yusuf mustafa fatima aisha said abdel abd rahman james robert william thomas daniel jean pierre peter paul
        martin jan marie joseph francisco manuel pedro miguel jorge george tran pham le hoang das ram lal prasad
        wong chan cheung jing min yan hui ying hong jun ping xin hua fang
        """,
    1.0: """
        johnson williams brown jones miller davis wilson anderson taylor thomas moore jackson white harris thompson clark
        ramirez torres flores rivera gomez diaz cruz morales reyes ramos fernandez pereira costa sousa oliveira ferreira
        petrov sidorov popov smirnov kuznetsov vasiliev novikov fedorov dmitri alexey nikolai natalia irina svetlana
        kaya yilmaz demir celik mehmet mustapha osman hamza bilal khalid saleh salem nasser karim rashid sharma patel
        gupta kaur begum bibi akhtar hossain islam rahim malik hamid tanaka suzuki sato takahashi watanabe ito yamamoto
        muller schmidt schneider fischer weber meyer rossi russo ferrari bianchi martins jensen nielsen hansen
        johansson andersson karlsson nowak kowalski novak horvath nagy dubois durand bernard moreau laurent simon michel
        richard charles christopher mark donald steven andrew kevin brian edward jessica sarah susan linda patricia laura
        sofia isabel carmen rosa ricardo roberto fernando eduardo rafael alberto javier mario marco francesco giuseppe
        yuki takashi hiroshi kenji minho jiwoo seo yoon lim jang oh shin kwon hwang ahn vu vo dang bui do ho ngo
        """,
}


def _rarities() -> dict[str, float]:
    return {
        word: -log(thousandths / 1000.0)
        for thousandths, words in sorted(_COMMON.items())
        for word in words.split()
    }


_RARITY_OF: Final = _rarities()


def expected_rarity(spelling: str) -> float:
    """Return how rare a word is held to be beforehand, in natural-log units, from its Latin spelling."""
    return _RARITY_OF.get(spelling, max(_RARITY_MIN, RARITY_OFFSET + RARITY_PER_LETTER * len(spelling)))


@kernel(nogil=True)
def chance_of_bearers(borne: float, expected: float, persons: int, price: float) -> float:
    """Return the chance to meet a word at a price or nearer, of which `borne` of so many persons' names do so.

    `expected` is how rare the word is held to be beforehand.
    """
    imagined = IMAGINED_PERSONS * exp(min(COMMONNESS_PER_PRICE * price - expected, -_RARITY_MIN))
    return min((borne + imagined + 0.5) / (persons + IMAGINED_PERSONS + 1.0), 1.0)


@kernel(nogil=True)
def weight_of_bearers(borne: float, expected: float, persons: int, price: float) -> float:
    """Return the weight of meeting a word at a price: how much likelier for the same person than by chance."""
    return -log(chance_of_bearers(borne, expected, persons, price)) - WEIGHT_PER_PRICE * price


def weight_of_meeting(spelling: str, rarity: float, price: float) -> float:
    """Return the weight of one meeting at a price, from the rarity an index has learnt for the word."""
    by_length = exp(min(COMMONNESS_PER_PRICE * price - expected_rarity(spelling), -_RARITY_MIN))
    chance = exp(-rarity) * (1.0 + price) + (by_length if price > 0 else 0.0)
    return -log(min(chance, 1.0)) - WEIGHT_PER_PRICE * price


@kernel(nogil=True)
def weight_of_chance(chance: float, by_length: float, price: float) -> float:
    """Return what `weight_of_meeting` does, for kernels: of the chance to meet the word, and that by its length."""
    whole = chance * (1.0 + price) + (by_length if price > 0 else 0.0)
    return -log(min(whole, 1.0)) - WEIGHT_PER_PRICE * price


@kernel(nogil=True)
def chance_by_length(expected: float, price: float) -> float:
    """Return the chance that a word of this expected rarity is met at a price, by its length alone."""
    return exp(min(COMMONNESS_PER_PRICE * price - expected, -_RARITY_MIN))
