"""Lists in the official forms, invented: what the pages on sources import."""

import json
from pathlib import Path

NOTICES = json.dumps(
    [
        {
            "entity_id": "2031/00001",
            "forename": "OTTOLINE",
            "name": "VERHAEGEN",
            "date_of_birth": "1971/04/09",
            "nationalities": ["BE"],
            "sex_id": "F",
            "arrest_warrants": [{"issuing_country_id": "BE", "charge": "Vol", "charge_translation": "Theft"}],
        }
    ]
)
SECURITY_COUNCIL = (
    "<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>GORAN</FIRST_NAME>"
    "<SECOND_NAME>VELIMIROVSKY</SECOND_NAME></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"
)
OFAC = '1,"VELIMIROVSKY, Goran","individual","TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1966."\n'
EUROPEAN = "celex,recordId,programKey,annex,schema,name\n32099R0001,7,EU-TEST,I.A,Person,Goran VELIMIROVSKY\n"
STOLEN = (
    "vehicle_id,vehicle_type,make,make_type,model_year,vehicle_desc,color,date_stolen,region,country\n"
    "1,Trailer,Ternworks,Standard,2019,BST2021D,Silver,11/5/21,Northland,New Zealand\n"
)
EXPORT = '{"kind": "vehicle", "source_id": "V1", "plate": "KDA 001Z", "country": "KEN", "share": "all"}\n'
PASSPHRASE = "four invented words here\n"


def write_lists(directory: Path) -> None:
    """Write the lists, and what else the pages name, into a directory."""
    for name, text in {
        "notices.json": NOTICES,
        "consolidated.xml": SECURITY_COUNCIL,
        "sdn.csv": OFAC,
        "consolidated.csv": EUROPEAN,
        "stolen.csv": STOLEN,
        "export.jsonl": EXPORT,
        "passphrase": PASSPHRASE,
    }.items():
        (directory / name).write_text(text, "utf-8")
    (directory / "backups").mkdir()
