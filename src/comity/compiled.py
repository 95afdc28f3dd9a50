"""How does a kernel come to be compiled? When it is first called, and not before.

numba takes a fifth of a second to import, and a kernel from its cache some milliseconds: a command that calls no
kernel waits for neither. `@kernel(...)` stands where `@njit(cache=True, ...)` would; other kernels may call it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import update_wrapper
from importlib import import_module
from threading import RLock
from typing import Protocol, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., object])

_making = RLock()
"""Two threads may be the first to call a kernel; numba compiles for one at a time anyway."""


class _Compiled(Protocol):
    """What numba compiled for one form of arguments, as far as it is used here."""

    entry_point: Callable[..., object]


class _Dispatcher(Protocol):
    """What numba makes of a function, as far as it is used here."""

    targetoptions: dict[str, object]
    signatures: list[object]
    overloads: Mapping[object, _Compiled]
    get_call_template: Callable[[Sequence[object], Mapping[str, object]], object]

    def __call__(self, *arguments: object) -> object: ...


class _Kernel:
    """A function that becomes numba's at its first call, or where a kernel that calls it is compiled."""

    def __init__(
        self, function: Callable[..., object], signature: str | None, options: dict[str, object]
    ) -> None:
        self._plain, self._signature, self._options = function, signature, options
        self._made: _Dispatcher | None = None
        update_wrapper(self, function)

    def __call__(self, *arguments: object) -> object:
        return (self._made or self._dispatcher())(*arguments)

    def _dispatcher(self) -> _Dispatcher:
        with _making:
            if self._made is None:
                # By its name, and here: the import of numba is what is put off.
                njit = import_module("numba").njit
                self._made = _by_types(
                    cast("_Dispatcher", njit(self._signature, cache=True, **self._options)(self._plain))
                )
            return self._made

    def entry_point(self) -> Callable[..., object]:
        """Return the compiled function itself, of the one form of arguments that its signature states."""
        (compiled,) = self._dispatcher().overloads.values()
        return compiled.entry_point

    # What numba asks of a function that another one calls: its type, and whether it is to be set into its caller.

    @property
    def _numba_type_(self) -> object:
        return _type_of(self._dispatcher())

    @property
    def targetoptions(self) -> dict[str, object]:
        """The options that the function was compiled with."""
        return self._dispatcher().targetoptions

    @property
    def signatures(self) -> list[object]:
        """The forms of arguments that the function is compiled for, none before its first call."""
        return [] if self._made is None else self._made.signatures

    @property
    def py_func(self) -> Callable[..., object]:
        """The function as it is written."""
        return self._plain


def _by_types(made: _Dispatcher) -> _Dispatcher:
    """Let a kernel be compiled once for all numbers that others write out when they call it.

    numba compiles it for the number 0 apart from any other, and all that it calls in turn, for nothing: what is set
    into its caller knows the number anyway.
    """
    unliteral = import_module("numba.core.types").unliteral
    template = made.get_call_template

    def of_types(args: Sequence[object], kws: Mapping[str, object]) -> object:
        return template(tuple(map(unliteral, args)), {name: unliteral(one) for name, one in kws.items()})

    made.get_call_template = of_types
    return made


def kernel(signature: str | None = None, **options: object) -> Callable[[Function], Function]:
    """Return what makes a function a kernel: compiled at its first call, and kept beside its file.

    `signature` is written as numba reads it, `"int64(uint64[::1], uint32[::1])"`; without one each form of the
    arguments compiles anew. `options` are those of `numba.njit`.
    """

    def made(function: Function) -> Function:
        return cast("Function", _Kernel(function, signature, options))

    return made


def direct(made: Function) -> Function:
    """Return a kernel of one written signature as what numba compiled, past its look at each argument's type.

    A call takes less than half of the time. The caller answers for the types: an array of another kind is not
    refused, but misread.
    """
    assert isinstance(made, _Kernel), "a kernel"
    return cast("Function", made.entry_point())


class Instruction:
    """A numba intrinsic, `module:name`, whose module is imported where a kernel that uses it is compiled."""

    def __init__(self, place: str) -> None:
        self._place = place

    @property
    def _numba_type_(self) -> object:
        module, _, name = self._place.partition(":")
        return _type_of(getattr(import_module(module), name))


def _type_of(value: object) -> object:
    """Return what numba takes a value for that compiled code names."""
    context = import_module("numba.core.registry").cpu_target.typing_context
    # What came to be since numba last looked is unknown to it until then.
    context.refresh()
    return context.resolve_value_type(value)
