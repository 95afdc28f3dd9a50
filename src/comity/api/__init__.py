"""The HTTP door: reads a request, calls one procedure, writes the answer.

Every route but `/healthz` and `/openapi.json` asks for an API key: `Authorization: Bearer comity_...`.
Every error has one form, problem+json (RFC 9457), with a stable code and the data that `errors` names.
"""

from comity.api.application import Api, Process, build_api
from comity.api.express import Express

__all__ = ["Api", "Express", "Process", "build_api"]
