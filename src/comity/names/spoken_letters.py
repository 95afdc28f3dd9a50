"""Which letter does an initial stand for that is written as it is spoken? எம். is M., के. is K.

South Asian scripts write the initials of names by the English names of the letters, each with a dot.
Source: our own list.
"""

import unicodedata
from typing import Final

_NAMES: Final = """
ஏ a பி b சி c டி d இ e எஃப் f ஜி g எச் h ஹெச் h ஐ i ஜே j கே k எல் l எம் m என் n ஓ o ஆர் r எஸ் s யூ u வி v டபிள்யூ w எக்ஸ் x வை y
ඒ a බී b සී c ඩී d ඊ e එෆ් f ජී g එච් h අයි i ජේ j කේ k එල් l එම් m එන් n ඕ o පී p ආර් r එස් s ටී t යූ u වී v ඩබ්ලිව් w ඩබ්ලිව් w වයි y
ए a बी b सी c डी d ई e एफ f जी g एच h आई i आइ i जे j के k एल l एम m एन n ओ o पी p क्यू q आर r एस s टी t यू u वी v डब्ल्यू w डब्लू w एक्स x वाई y जेड z
এ a বি b সি c ডি d ই e এফ f জি g এইচ h আই i জে j কে k এল l এম m এন n ও o পি p আর r এস s টি t ইউ u ভি v ডব্লিউ w ওয়াই y
എ a ബി b സി c ഡി d ഇ e എഫ് f ജി g എച്ച് h ഐ i ജെ j കെ k എൽ l എം m എൻ n ഒ o പി p ആർ r എസ് s ടി t യു u വി v ഡബ്ല്യു w വൈ y
ఎ a బి b సి c డి d ఇ e ఎఫ్ f జి g హెచ్ h ఐ i జె j కె k ఎల్ l ఎం m ఎమ్ m ఎన్ n ఓ o పి p ఆర్ r ఎస్ s టి t యు u వి v డబ్ల్యూ w వై y
ಎ a ಬಿ b ಸಿ c ಡಿ d ಇ e ಎಫ್ f ಜಿ g ಎಚ್ h ಹೆಚ್ h ಐ i ಜೆ j ಕೆ k ಎಲ್ l ಎಂ m ಎಮ್ m ಎನ್ n ಒ o ಪಿ p ಆರ್ r ಎಸ್ s ಟಿ t ಯು u ವಿ v ವೈ y
એ a બી b સી c ડી d ઈ e એફ f જી g એચ h આઈ i જે j કે k એલ l એમ m એન n ઓ o પી p આર r એસ s ટી t યુ u વી v ડબલ્યુ w વાય y
ਏ a ਬੀ b ਸੀ c ਡੀ d ਈ e ਐਫ f ਜੀ g ਐਚ h ਆਈ i ਜੇ j ਕੇ k ਐਲ l ਐਮ m ਐਨ n ਓ o ਪੀ p ਆਰ r ਐਸ s ਟੀ t ਯੂ u ਵੀ v ਡਬਲਿਊ w ਵਾਈ y
"""


def _table() -> dict[str, str]:
    words = _NAMES.split()
    return {
        unicodedata.normalize("NFKC", name): letter
        for name, letter in zip(words[::2], words[1::2], strict=True)
    }


LETTER_SPOKEN: Final = _table()
