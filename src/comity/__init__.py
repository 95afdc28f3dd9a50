"""Comity: an open, self-hosted platform for international police cooperation.

The packages stand floor to roof; each imports only those below it in this list:

    errors -> names -> records -> access -> audit -> registry | index | matching
           -> procedures -> sources -> phrases -> api | console -> app -> cli
"""

from typing import Final

__version__: Final = "0.1.0"
