"""Which words of a name are not the name itself? Titles, particles, suffixes, patronymic endings.

Tables of constants, in folded spelling. A word stands here because of what it means in some naming custom;
`parts.py` decides by its place whether it means that in a given name.
Source: our own list, checked against ICAO Doc 9303 part 3 (prefixes, suffixes) and UN/CEFACT name customs.
"""

from typing import Final

TITLES: Final = frozenset(
    """
    mr mrs ms miss mister dr drs prof professor doctor sir dame lord lady rev reverend fr father hon honourable
    honorable eng engr ir ing dipl mag mgr judr mudr phdr rndr phd md mp mep msc bsc ba ma mba llb llm esq
    general gen colonel col lt lieutenant maj major capt captain cpt sgt sergeant cdr commander brig brigadier
    adm admiral marshal pvt cpl corporal herr frau fraulein monsieur madame mme mlle m. senor senora srta sra sr.
    don. doña sig signor signora dott dottor avv avvocato hajj haj hajji haji hadj hadji hajjah alhaji alhaja
    sheikh shaikh shaykh sheik cheikh mullah mulla maulvi mawlawi maulawi maulana mawlana ayatollah imam ustad ustaz
    qari hafiz sayyid. tengku tunku dato datuk datin tan-sri tuan puan shri shrimati smt kumari. thiru selvi
    господин госпожа г-н г-жа д-р проф генерал полковник майор капитан лейтенант пан пані
    д دكتور الدكتور د دکتر آقای خانم السيد السيدة سيد. الشيخ شيخ شيخة شیخ حاج الحاج مهندس استاد الاستاذ أستاذ
    ملا مولوی مولوي سردار. ד"ר דר פרופ' מר גב' הרב
    श्री श्रीमती डॉ मा म कु श्रीमान माननीय डा प्रा সৈয়দ. জনাব ডঃ திரு திருமதி
    κ κα δρ κος κυριος κυρια
    博士 先生 女士 小姐 氏 様 さん 教授 씨 박사 นาย นาง นางสาว ดร
    """.split()
) - {"m.", "sr.", "don.", "sayyid.", "kumari.", "سيد.", "سردار.", "সৈয়দ."}

SUFFIXES: Final = frozenset(
    """
    jr sr junior senior ii iii iv vi vii viii jnr snr filho neto sobrinho fils pere père hijo младший старший
    """.split()
)

PARTICLES: Final = frozenset(
    """
    al el ul ad ar as at az an ash ed er es ez en ech adh ath bin ibn ben bint binti bte binte abu abou abi umm
    um ould wuld ait ag banu bani wa w
    de del della dello delle degli dei di da do dos das du des la le las los lo les d y e i van von vom vander
    vande zu zur zum ten ter te ten den der het 't op af av till und et and ap mac mc fitz san santa
    oglu ogly oglou kyzy qizi qyzy gyzy uulu uly kizi zadeh a/l a/p s/o d/o
    ال بن ابن بنت ابو أبو أبي ابي ام أم آل بني ولد
    אל בן בת אבן אבו
    де ди да дель фон ван дер ден ла ле дю бин ибн бен абу аль эль ад ар аш аз оглы кызы улы оглу
    дэ і
    γ ντε ντι ντα βαν φον
    デ ラ ル フォン ファン ダ ディ
    """.split()
)

# What joins a parent's name rather than a family's: between these and the next word stands a patronymic.
FILIATIONS: Final = frozenset(
    "bin ibn ben bint binti bte binte ould wuld ap s/o d/o a/l a/p بن ابن بنت ولد בן בת אבן бин ибн бен".split()
)

# Endings that make a father's name: Slavic, Icelandic. Length left before the ending is at least three.
PATRONYMIC_ENDINGS: Final = (
    "ovich", "evich", "ovych", "evych", "yovych", "ovitch", "evitch", "owitsch", "ewitsch", "ovic", "evic",
    "ovna", "evna", "ivna", "yivna", "ichna", "inichna", "ilyich", "kuzmich", "lukich", "fomich",
    "ович", "евич", "йович", "івич", "овна", "евна", "ивна", "івна", "ївна", "ична", "инична", "ьич",
    "авіч", "евіч", "овіч", "аўна", "еўна", "оўна", "sson", "dottir", "dóttir",
)  # fmt: skip
