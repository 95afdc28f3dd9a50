"""Armenian, as the east (Yerevan) and the west (the diaspora) sound its letters."""

from comity.names.readings.reading import Choice, Reading, best_paths, choice_table, ranked

_EASTERN = choice_table(
    "ա a, բ b, գ g, դ d, ե e ye:0.1, զ z, է e, ը y e:0.4 -:0.3, թ t th:0.2, ժ zh j:0.3, ի i, "
    "լ l, խ kh h:0.1, ծ ts tz:0.2, կ k, հ h, ձ dz, ղ gh g:0.15, ճ ch tch:0.1, մ m, "
    "յ y i:0.5, ն n, շ sh, ո o, չ ch, պ p, ջ j dj:0.2, ռ r rr:0.1, ս s, վ v, տ t, ր r, "
    "ց ts c:0.1, ւ v, փ p ph:0.1, ք k q:0.1, և ev, օ o, ֆ f, ու u ou:0.3, իա ia ya:0.3, "
    "յան yan ian:0.6, եա ea ia:0.8 ya:0.6"
)
_WESTERN = {
    **_EASTERN,
    **choice_table(
        "բ p, գ k, դ t, կ g, պ b, տ d, ջ ch, ճ j dj:0.3, ձ ts, ծ dz, եան ian yan:0.6, իւ iu u:0.5"
    ),
}
_OPENING = choice_table("ե ye e:0.8, ո vo o:0.6, և yev ev:0.6, յ h y:0.9")


def _places(word: str, letters: dict[str, tuple[Choice, ...]]) -> list[tuple[Choice, ...]]:
    places: list[tuple[Choice, ...]] = []
    place = 0
    while place < len(word):
        length = next((size for size in (3, 2, 1) if word[place : place + size] in letters), 0)
        if place == 0 and length <= 1 and word[0] in _OPENING:
            places.append(_OPENING[word[0]])
        elif length:
            places.append(letters[word[place : place + length]])
        place += max(length, 1)
    return places


def read_armenian(word: str) -> tuple[Reading, ...]:
    """Return the readings of an Armenian word, eastern first.

    >>> read_armenian("պետրոսյան")[0].text
    'petrosyan'
    """
    lowered = word.lower()
    eastern = best_paths(_places(lowered, _EASTERN), 7)
    western = best_paths(_places(lowered, _WESTERN), 4)
    return ranked(
        [
            *(Reading(text, weight, "armenian-eastern") for text, weight in eastern),
            *(Reading(text, weight * 0.5, "armenian-western") for text, weight in western),
        ]
    )
