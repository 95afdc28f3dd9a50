"""An asset by its number: bank account, payment card, crypto wallet, real estate, share in a business.

Source of the kinds of asset: INTERPOL's silver notice.
"""

from comity.records.kind import Field, Kind, Question
from comity.records.kinds.parts import HAPPENED
from comity.records.types.choice import choice
from comity.records.types.country import COUNTRY
from comity.records.types.identifier import REGISTER_NUMBER
from comity.records.types.objects.account import ACCOUNT_NUMBER, BIC, CARD_NUMBER, IBAN
from comity.records.types.objects.wallet import WALLET
from comity.records.types.text import LABEL, NAME

ASSET_TYPE = choice(
    "asset_type",
    ("bank_account", "card", "wallet", "real_estate", "business", "securities", "insurance", "cash"),
)

KIND = Kind(
    code="account",
    fields=(
        Field("type", ASSET_TYPE, meaning="account.type"),
        Field("iban", IBAN, meaning="account.iban", searched=True),
        Field("number", ACCOUNT_NUMBER, meaning="account.number", searched=True),
        Field("card", CARD_NUMBER, meaning="account.card", searched=True),
        Field("wallet", WALLET, meaning="account.wallet", searched=True),
        Field("currency", LABEL, meaning="account.currency"),
        Field("register_number", REGISTER_NUMBER, meaning="account.register", searched=True),
        Field("register", LABEL),
        Field("bic", BIC, meaning="account.bic"),
        Field("bank", LABEL, meaning="account.bank"),
        Field("country", COUNTRY, meaning="account.country"),
        Field("holders", NAME, meaning="account.holder", many=True, searched=True),
        *HAPPENED,
    ),
    questions=(
        Question("iban", IBAN, "account.iban", finds=True),
        Question("number", ACCOUNT_NUMBER, "account.number", finds=True),
        Question("card", CARD_NUMBER, "account.card", finds=True),
        Question("wallet", WALLET, "account.wallet", finds=True),
        Question("register_number", REGISTER_NUMBER, "account.register", finds=True),
        Question("holder", NAME, "account.holder", finds=True),
        Question("type", ASSET_TYPE, "account.type"),
        # One BIC is shared by all the accounts of a bank: it weighs, and does not find.
        Question("bic", BIC, "account.bic"),
        Question("currency", LABEL, "account.currency"),
        Question("country", COUNTRY, "account.country"),
    ),
    summary=("type", "iban", "number", "card", "wallet", "register_number", "bank", "country", "status"),
    examples=(
        {
            "type": "bank_account",
            "iban": "GB82 WEST 1234 5698 7654 32",
            "bic": "WESTGB2L",
            "holders": ["Marisol Quennedey"],
            "country": "GBR",
            "status": "sought",
        },
        {"type": "wallet", "wallet": "0x52908400098527886E0F7030069857D2E4169EE7", "currency": "ETH"},
        {"type": "card", "card": "4000 0000 0000 0002", "holders": ["نجوى السيوفاني"], "country": "JOR"},
        {
            "type": "real_estate",
            "register": "Кадастр",
            "register_number": "77:01:0001001:1234",
            "country": "RUS",
        },
    ),
)
