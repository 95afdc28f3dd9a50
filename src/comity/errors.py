"""What can go wrong on purpose? One tree of errors, stable codes, named data.

    ComityError
    ├── MalformedError        422  a field is not what it says          (field)
    ├── NotSignedInError      401  no valid credential
    ├── RefusedError          403  this account may not do this act     (act, rule)
    ├── UnknownError          404  nothing by that name that you may see (what, name)
    ├── ConflictError         409  the thing has moved on meanwhile     (what, rule)
    ├── UnderWayError         409  the first request with this idempotency key is not answered yet (retry_after_s)
    ├── LostAnswerError       409  the request with this idempotency key was done, its answer was lost
    ├── ShrunkenListError     409  a newer list lacks too much          (missing, held)
    ├── OverloadedError       503  busy: ask again after a while        (retry_after_s)
    ├── FullError             503  the disk takes no more: nothing was done
    └── DamagedError          500  stored data does not hold together   (what)

A code never changes once released; sentences are made at the doors, in the reader's language.
No error tells whether a withheld record exists: not held and not visible are both `UnknownError`.
"""

from collections.abc import Mapping
from typing import ClassVar


class ComityError(Exception):
    """Something that can go wrong on purpose: a stable code, an HTTP status, named data."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    @property
    def data(self) -> Mapping[str, str | int]:
        """The named data of this error, safe to show to whoever caused it."""
        return {name: value for name, value in vars(self).items() if isinstance(value, str | int)}

    def __str__(self) -> str:
        """Return the code and the data, for logs and tracebacks; doors make sentences."""
        return " ".join([self.code, *(f"{name}={value}" for name, value in self.data.items())])


class MalformedError(ComityError):
    """A field is not what it says it is. `code` names the kind of fault, `field` the place."""

    status = 422

    def __init__(self, code: str, field: str) -> None:
        super().__init__(code, field)
        self.code = code  # type: ignore[misc]  # the one error whose code is per instance
        self.field = field

    @property
    def data(self) -> Mapping[str, str | int]:
        """The field that is at fault."""
        return {"field": self.field}


class NotSignedInError(ComityError):
    """No valid credential came with the request."""

    code = "not-signed-in"
    status = 401


class RefusedError(ComityError):
    """The account may not do the act; `rule` says by which rule."""

    code = "refused"
    status = 403

    def __init__(self, act: str, rule: str) -> None:
        super().__init__(act, rule)
        self.act = act
        self.rule = rule


class UnknownError(ComityError):
    """There is nothing by that name that the asker may see."""

    code = "unknown"
    status = 404

    def __init__(self, what: str, name: str) -> None:
        super().__init__(what, name)
        self.what = what
        self.name = name


class ConflictError(ComityError):
    """The thing has moved on: a stale version, a name already taken."""

    code = "conflict"
    status = 409

    def __init__(self, what: str, rule: str) -> None:
        super().__init__(what, rule)
        self.what = what
        self.rule = rule


class UnderWayError(ComityError):
    """The first request with this idempotency key is not answered yet; nothing more was done."""

    code = "idempotency-under-way"
    status = 409

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


class LostAnswerError(ComityError):
    """The request with this idempotency key was done, but its answer was lost; nothing more was done."""

    code = "idempotency-unknown"
    status = 409


class ShrunkenListError(ComityError):
    """A newer list would withdraw `missing` of the `held` records; its owner has not said that it may."""

    code = "list-shrunken"
    status = 409

    def __init__(self, missing: int, held: int) -> None:
        super().__init__(missing, held)
        self.missing = missing
        self.held = held


class OverloadedError(ComityError):
    """The node is busy; nothing was done."""

    code = "overloaded"
    status = 503

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


class FullError(ComityError):
    """The disk, or the database's, takes no more; nothing was done, and nothing acknowledged is lost."""

    code = "storage-full"
    status = 503


class DamagedError(ComityError):
    """Stored data does not hold together: a broken segment, a log that does not verify."""

    code = "damaged"

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
