"""Which other names is a person called by? Short forms, pet names, and one name's forms in other languages.

A variant is not a spelling: Yusuf is not written Joseph, but the same man may be called both, so a variant costs
more than any spelling does. Groups are given in folded Latin letters; words of other scripts come by their readings.
Sources: our own list of well-known short forms and counterparts below; `data/counterparts.tsv` for rarer ones (Latin,
Gaelic and Baltic forms, Chinese family names by their romanisations), made by `tools/tables/counterparts.py`.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from comity.names.readings.spelling import spellings
from comity.names.readings.tables import table_rows

ABBREVIATED_PRICE: Final = 0.2
NEIGHBOUR_PRICE: Final = 0.35
SHORT_PRICE: Final = 0.55
COUNTERPART_PRICE: Final = 0.7
_TABLE_PRICES: Final = {
    "counterpart": COUNTERPART_PRICE,
    "family": COUNTERPART_PRICE,
    "short": SHORT_PRICE,
    "spelling": NEIGHBOUR_PRICE,
}
HABITS_LETTERS_MIN: Final = 5
"""A shorter word is not looked for by its spelling habits."""

# A line is one name: its full forms before the colon, short and pet forms after it.
_SHORT: Final = """
aleksandr alexander alexandr alexandre alejandro alessandro aleksander: sasha alex alec sandy sascha alyosha sanya shura alek sandro ale xander lex
aleksandra alexandra alejandra alessandra: sasha alex sandra shura sanya lexi ale
aleksei alexei alexey aleksey oleksiy: alyosha lyosha alexi
anastasia anastasiya anastasija: nastya asya stacy tasia nastia
andrei andrey andrew andreas andre andrii: andy drew andi andriy
anna ana anne ann: anya annie anita nan nancy annushka anechka asya
anthony antonio anton antoni antoine: tony toni toño antek tonio
benjamin: ben benny benji
barbara: barb babs basia bobbie
bernard bernhard bernardo: bernie berni bern
boris: borya
carlos charles karl carl carlo karol: charlie chuck chas charly carlitos lolo
catherine katherine katharina ekaterina yekaterina katarina caterina kateryna catalina: kate katie cathy kathy katya kat kitty kasia katja cat
christopher christoph cristobal: chris kit topher
christina kristina cristina: chris tina chrissy kristi
concepcion: concha conchita
daniel danilo daniil: dan danny dani danya
david dawid davide: dave davey davy dudi dudu
deborah debra: debbie deb
dimitri dmitri dmitry dmitriy dimitrios dmytro: dima mitya dimitris jimmy
dolores: lola
edward eduard eduardo edvard: ed eddie ted teddy ned edik lalo edu
elena helena helen yelena olena: lena lenka alyona nell ellie ela
elizabeth elisabeth elisabetta elizaveta yelizaveta isabel: liz lizzie beth betty eliza bess lisa liza elsa lisbeth betsy libby elli
emily emilia: em emmy millie
enrique enrico heinrich henry henri hendrik: harry hank heinz kike quique henk rico heini
ernest ernst ernesto: ernie
eugene yevgeny evgeny evgeni evgeniy eugenio yevgeni yevhen: zhenya gene
evgenia yevgenia evgeniya: zhenya
ferdinand fernando: ferdi nando
francis francisco francesco franciszek franz frantisek francois frank: frank frankie paco pancho franco kiko fran curro franek chico cisco
francisca francesca: paca fran fanny paquita
frederick friedrich federico frederic fryderyk fredrik: fred freddie fritz fede freddy rick
galina halyna: galya halya
gabriel: gabe gabi gaby
gennady gennadi gennadiy: gena
george georgi georgios jorge giorgio georg yuri yury yuriy iurii georges: gosha yura egor zhora jordi giorgos yorgos joschi
gerald gerard: gerry jerry
gerhard: gerd
gregory grigory grigori grigoriy gregorio hryhoriy: greg grisha gregg goyo
giovanni: gianni vanni nino
giuseppe: beppe peppe pino
guadalupe: lupe lupita
guillermo: memo guille
gustavo gustav: gus tavo
hans johannes johann: hannes hansi jo
harold: harry hal
herbert heriberto: herb bert beto
hugo: hughie
ignacio ignatius ignaty: nacho iggy
igor ihor: gosha
ilya illia elias: ilyusha
irina iryna irene: ira ira irka
isaac yitzhak itzhak isaak: ike zack itzik
ivan: vanya ivo vanja
jacob jakob yakov yaakov jakub iakov: jake yasha kobi kuba jack koby
james: jim jimmy jamie jem
jaime: jimmy
janez: jani
jan: janek jasiek
jean: jeannot
jeffrey geoffrey: jeff geoff
jennifer: jen jenny jenn
jessica: jess jessie
jesus: chuy chucho
joaquin: quin chimo
john: jack johnny jon jock
jonathan: jon jonny nathan yoni
joseph jose josef jozef iosif joao josip: joe joey pepe sepp jozef josip zeca ze yossi pepito osya beppo chepe joep sef
juan: juanito juancho
judith: judy
julia yulia juliya yuliya: yulya julie
kenneth: ken kenny
konstantin constantine constantin konstantinos kostyantyn: kostya costas kostas kosta dinos gus
larisa larysa: lara
lawrence laurence lorenzo: larry laurie lars lenzo renzo
leonard leonardo leonid: leo len lenny lyonya leon
luis louis ludwig luigi lewis: lou louie lucho gigi lutz lew
lyudmila ludmila liudmyla: lyuda mila luda lucy
manuel manoel emanuel immanuel: manolo manny mane manu lolo
margaret margarita margarete malgorzata marguerite: maggie meg peggy rita greta margie marge margot gosia rita grete daisy
maria mary marie mariya mariia miriam: masha mia mimi marisa molly polly maruja manya maja mitzi marita marusya maryam
maria-jose: marijose
mario: mariolino
martin martinus: marty tino maarten
matthew mateo matthias matteo matvei mateusz matthaus: matt matty teo matze mat
maximilian maxim maksim maximo maksym: max maks
michael mikhail michel miguel michal michele mikhael mihail mykhailo mihai mikael: mike misha mick mickey micky michi mitch miki mischa micha mikey michalek miguelito
moses moshe moises musa: moe moishe moyshe
nadezhda nadiia: nadia nadya nada
natalia nataliya natalya natalie nataliia: natasha nat nata tasha
nathaniel natan nathan: nate nat nati
nicholas nikolai nikolay nicolas nikolaos nicola niccolo mykola nikola nicolae: nick nicky kolya klaus nico nikos niklas kolja claus nic niko
oleg oleh: olezhka
olga olha: olya olia
olexandr oleksandr: sasha alex
oscar oskar: ozzie
patrick patricio patryk: pat paddy patsy rick pato
patricia: pat patty trish tricia pati
paul pavel pablo paolo pawel pavlo paulo: pasha pauly pablito
peter pyotr petr pedro pietro piotr pierre petro petros: pete petya perico petya petko pit pierrot petia
philip philippe felipe filip filippo filippos: phil pip pippo lipe
rachel raquel rahel: rae
rafael raphael: rafa rafi
ramon raymond raimund: ray moncho
rebecca rivka rebeka: becky becca
richard ricardo riccardo ryszard: dick rick ricky rich richie rico
robert roberto: bob bobby rob robbie bert beto robin
roger rogelio: rodge
roman: roma
ronald ronaldo: ron ronnie
rosa rose rosario: rosie charo rosita
rudolf rodolfo rudolph: rudi rudy dolf fito
salvador salvatore: sal chava toto
samuel shmuel: sam sammy shmulik
sebastian: seb bastian basti sebas seba
sergei sergey serge serhiy sergio sergiy serhii: seryozha serge serzh
simon semyon shimon semen: sima senya sy
solomon shlomo suleiman: sol solly shlomi
sofia sophia sofiya sophie: sonya sofie sonia
stanislav stanislaw stanislaus: stas slava stan
stefan stephen steven esteban stepan stefano etienne istvan stephan: steve stevie stepa pista stef
susan susanna susanne suzanne zuzana: sue susie suzy sanna susi
svetlana svitlana: sveta lana
tamara: toma tami
tatiana tatyana tetiana: tanya tania
teresa theresa therese terezia: terry tess tessa tere resi
theodore teodoro fyodor fedor theodor feodor: ted teddy fedya theo teo
thomas tomas tommaso tomasz foma: tom tommy tomek maso
timothy timofei timofey: tim timmy tima
valentin valentino: valya val
valentina: valya tina val
valery valeri valeriy: lera valera
valeria valeriya: lera
vasily vasili vasiliy vasil basil vasyl vassilios vasilios: vasya vasilis vasia bill
vera: verochka
veronica veronika: nika ronnie vera
victor viktor vittorio: vitya vic vik
victoria viktoria viktoriya: vika vicky tori vicki
vincent vicente vincenzo: vince vin vinnie enzo chente
vitaly vitali vitaliy vitalii: vitalik
vladimir volodymyr uladzimir wladimir wlodzimierz: vova volodya vlad vladik dima wladek
vladislav wladyslaw: vlad slava vladik wladek
vyacheslav viacheslav: slava
walter: wally walt
wilhelm guillaume: willi willy wim
william: bill billy will willy liam wil
wolfgang: wolf
yaroslav jaroslav jaroslaw: slava jarek yarik
zachary zacharias: zach zack
zinaida: zina
mohammed muhammad mohamed mohammad: mo hamo hamada moha mehmet mamadou mahomet memed med
ahmad ahmed: hamada ahmet
abdullah abdallah: abdu abdul abdou
abdulrahman abderrahman: abdu rahman
ibrahim abraham: ibro ibo abe avi brahim bram ebrahim
ismail ishmael: ismo
yusuf youssef joseph: sefo yusef
mustafa: mustapha musti
hassan: hasan
hussein: hussain husain
khalid: khaled
fatima: fatma fatoumata fati fatou
zaynab: zeinab
ayesha aisha: aysha ayse
jamal: gamal djamel
suleiman: sulayman sulejman solomon
nguyen: nguyn
"""

# Names that are each other's counterparts in other tongues.
_COUNTERPARTS: Final = """
john ivan juan jean johannes johann giovanni jan joao yahya ioannis yohannes ian sean hans jovan janos ion hovhannes ivane
joseph yusuf jose giuseppe josef iosif youssef yosef josip
james jacob yaqub santiago jaime iago giacomo jakob diego
william wilhelm guillermo guglielmo guillaume vilhelm
abraham ibrahim avraham
moses musa moshe moises
solomon suleiman shlomo
david dawud daoud
jesus isa issa
mary maria maryam miriam mariam
michael mikhail miguel michel mikael mihai
george georgi jorge giorgi yuri jerzy gheorghe
peter pyotr pedro pierre butros piotr boutros
paul pavel pablo boulos bulus
alexander aleksandr iskander alejandro iskandar
elias ilya elijah ilyas ilias
gabriel jibril cebrail
jonah yunus jonas
job ayyub
zacharias zakariya zakaria
isaac ishaq yitzhak
noah nuh
adam adem
eve hawa
sarah sara
daniel danyal
mohammed mehmet mamadou muhammad
ahmad ahmet
hussein husayn huseyin
hassan hasan
"""


# Names cut short in writing: not another name, so that they cost little more than a spelling.
_ABBREVIATED: Final = """
mohammed muhammad mohamed mohammad mohamad muhammed: mohd md muhd mhd mohm
abdul abdel: abd abdl
"""

# One name as Russian, Ukrainian and Belarusian write it: passports carry now the one, now the other.
_NEIGHBOURS: Final = """
vladimir volodymyr uladzimir
vladimirovich volodymyrovych uladzimiravich
vladimirovna volodymyrivna uladzimirauna
aleksei alexey aleksey oleksiy oleksii aliaksei
alekseevich alekseyevich oleksiyovych aliakseevich aliakseyevich
aleksandr alexander oleksandr aliaksandr
aleksandrovich alexandrovich oleksandrovych aliaksandravich
nikolai nikolay mykola mikalai mikalay
nikolaevich nikolayevich mykolayovych mikalaevich mikalayevich
sergei sergey serhiy serhii siarhei siarhey
sergeevich sergeyevich serhiyovych siarheevich siarheyevich
dmitri dmitry dmitriy dmytro dzmitry
dmitrievich dmitriyevich dmytrovych dzmitryevich
evgeni evgeny evgeniy yevgeny yevgeniy yevhen yauhen
evgenievich yevgenyevich yevhenovych yauhenavich
grigori grigory grigoriy hryhoriy hryhorii ryhor
mikhail mykhailo mikhas
pavel pavlo
viktor victor viktar
viktorovich viktorovych viktaravich
igor ihor ihar
oleg oleh aleh
konstantin kostyantyn kostiantyn kanstantsin
vasili vasily vasiliy vasyl vasil
vladislav vladyslav uladzislau
viacheslav vyacheslav viachaslau
stanislav stanislau
yaroslav iaroslav yaraslau
leonid leanid
gennady gennadi gennadiy hennadiy henadz
georgi georgy georgiy heorhiy heorhi
valentin valentyn valiantsin
elena yelena olena alena
tatiana tatyana tetiana tetyana tatsiana
svetlana svitlana sviatlana
natalia nataliya natallia
olga olha volha
ekaterina yekaterina kateryna katsiaryna
irina iryna
"""


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for line in _SHORT.strip().splitlines():
        full, _, short = line.partition(":")
        _put_both_ways(table, full.split(), short.split(), SHORT_PRICE)
    for line in _ABBREVIATED.strip().splitlines():
        full, _, short = line.partition(":")
        _put_both_ways(table, full.split(), short.split(), ABBREVIATED_PRICE)
    for lines, price in ((_NEIGHBOURS, NEIGHBOUR_PRICE), (_COUNTERPARTS, COUNTERPART_PRICE)):
        for line in lines.strip().splitlines():
            names = line.split()
            _put_both_ways(table, names, names, price)
    for row in table_rows("counterparts.tsv"):
        kind, name, others = row.split("\t")
        _put_both_ways(table, [name], others.split(), _TABLE_PRICES[kind])
    return table


def _put_both_ways(
    table: dict[str, dict[str, float]], names: list[str], others: list[str], price: float
) -> None:
    for name in names:
        for other in others:
            _put(table, name, other, price)
            _put(table, other, name, price)


def _put(table: dict[str, dict[str, float]], name: str, other: str, price: float) -> None:
    if name != other:
        known = table.setdefault(name, {})
        known[other] = min(price, known.get(other, price))


@lru_cache(maxsize=1)
def _counterparts_by_habit() -> dict[str, dict[str, float]]:
    """Return counterparts by the normal form of their spelling: Yakoob stands for whom Yaqub stands for."""
    table: dict[str, dict[str, float]] = {}
    for line in _COUNTERPARTS.strip().splitlines():
        names = line.split()
        for name in names:
            if len(name) >= HABITS_LETTERS_MIN:
                for other in names:
                    if spellings(other) != spellings(name):
                        _put(table, spellings(name), other, COUNTERPART_PRICE)
    return table


def names_with_variants() -> Iterable[str]:
    """Return all spellings that have variants as they are written."""
    return _table().keys()


def names_by_habit() -> Iterable[str]:
    """Return the normal forms of all spellings that have variants by their spelling habits."""
    return _counterparts_by_habit().keys()


@lru_cache(maxsize=1 << 12)
def variants_of(spelling: str) -> tuple[tuple[str, float], ...]:
    """Return other names of whoever bears this one, in Latin letters, with the price of taking them as the same."""
    found = _table().get(spelling)
    if found is None and len(spelling) >= HABITS_LETTERS_MIN:
        found = _counterparts_by_habit().get(spellings(spelling))
    return tuple(sorted(found.items(), key=lambda known: (known[1], known[0]))) if found else ()
