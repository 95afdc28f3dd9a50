"""A mobile device by its IMEI: stolen, lost, or sought."""

from comity.records.kind import Field, Kind, Question
from comity.records.kinds.parts import HAPPENED
from comity.records.types.contact import PHONE
from comity.records.types.identifier import REGISTER_NUMBER
from comity.records.types.objects.device import IMEI
from comity.records.types.text import LABEL

KIND = Kind(
    code="device",
    fields=(
        Field("imei", IMEI, meaning="device.imei", searched=True),
        Field("other_imeis", IMEI, meaning="device.imei", many=True, searched=True),
        Field("serial", REGISTER_NUMBER, meaning="device.serial", searched=True),
        Field("phones", PHONE, meaning="contact.phone", many=True, searched=True),
        Field("type", LABEL, meaning="device.type"),
        Field("make", LABEL, meaning="device.make"),
        Field("model", LABEL, meaning="device.model"),
        Field("colour", LABEL, meaning="device.colour"),
        *HAPPENED,
    ),
    questions=(
        Question("imei", IMEI, "device.imei", finds=True),
        Question("serial", REGISTER_NUMBER, "device.serial", finds=True),
        Question("phone", PHONE, "contact.phone", finds=True),
        Question("make", LABEL, "device.make"),
        Question("model", LABEL, "device.model"),
    ),
    summary=("imei", "make", "model", "status", "since"),
    examples=(
        {
            "imei": "490154203237518",
            "make": "Nokia",
            "model": "1610",
            "status": "stolen",
            "since": "2025-03-03",
        },
        {"imei": "35-000000-000001-8", "serial": "ZX81-0001", "make": "三星", "status": "lost"},
        {"imei": "00000000000017", "make": "هواوي", "phones": ["+20 100 555 0199"], "status": "sought"},
    ),
)
