"""Reading and writing memory by address in compiled code.

A compiled function that takes a dozen arrays spends more time on taking them than on looking one key up.
It takes addresses instead; whoever passes one keeps the array alive.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from comity.compiled import Instruction

if TYPE_CHECKING:
    # What the compiled code calls: numba's own typing knows nothing of them.
    def address_of(array: object) -> int:
        """Return where an array, or bytes, begins."""
        ...

    def load8(address: int) -> int:
        """Return the byte at an address."""
        ...

    def load32(address: int) -> int:
        """Return the four bytes at an address."""
        ...

    def load64(address: int) -> int:
        """Return the eight bytes at an address."""
        ...

    def load64_anywhere(address: int) -> int:
        """Return the eight bytes at an address that need be no multiple of eight."""
        ...

    def store8(address: int, value: int) -> None:
        """Write a byte at an address."""
        ...

    def store32(address: int, value: int) -> None:
        """Write four bytes at an address."""
        ...

    def copy(target: int, source: int, count: int) -> None:
        """Copy so many bytes from one address to another; the two may not overlap."""
        ...

    def array8(address: int, count: int) -> NDArray[np.uint8]:
        """Return so many bytes at an address as an array, which nobody keeps alive by holding it."""
        ...

    def array16(address: int, count: int) -> NDArray[np.uint16]:
        """Return so many 16-bit numbers at an address as an array, which nobody keeps alive by holding it."""
        ...

    def array32(address: int, count: int) -> NDArray[np.uint32]:
        """Return so many 32-bit numbers at an address as an array, which nobody keeps alive by holding it."""
        ...

    def array64(address: int, count: int) -> NDArray[np.uint64]:
        """Return so many 64-bit numbers at an address as an array, which nobody keeps alive by holding it."""
        ...

    def array_signed64(address: int, count: int) -> NDArray[np.int64]:
        """Return so many signed numbers at an address as an array, which nobody keeps alive by holding it."""
        ...

    def array_real32(address: int, count: int) -> NDArray[np.float32]:
        """Return so many 32-bit reals at an address as an array, which nobody keeps alive by holding it."""
        ...

    def array_flags(address: int, count: int) -> NDArray[np.bool_]:
        """Return so many truths at an address as an array, which nobody keeps alive by holding it."""
        ...

    def prefetch(address: int) -> None:
        """Ask for the cache line at an address without waiting for it."""
        ...

else:
    address_of = Instruction("comity.index.kernels.memory_code:address_of")
    load8 = Instruction("comity.index.kernels.memory_code:load8")
    load64_anywhere = Instruction("comity.index.kernels.memory_code:load64_anywhere")
    store8 = Instruction("comity.index.kernels.memory_code:store8")
    copy = Instruction("comity.index.kernels.memory_code:copy")
    load32 = Instruction("comity.index.kernels.memory_code:load32")
    load64 = Instruction("comity.index.kernels.memory_code:load64")
    store32 = Instruction("comity.index.kernels.memory_code:store32")
    array8 = Instruction("comity.index.kernels.memory_code:array8")
    array16 = Instruction("comity.index.kernels.memory_code:array16")
    array32 = Instruction("comity.index.kernels.memory_code:array32")
    array64 = Instruction("comity.index.kernels.memory_code:array64")
    array_signed64 = Instruction("comity.index.kernels.memory_code:array_signed64")
    array_real32 = Instruction("comity.index.kernels.memory_code:array_real32")
    array_flags = Instruction("comity.index.kernels.memory_code:array_flags")
    prefetch = Instruction("comity.index.kernels.memory_code:prefetch")
