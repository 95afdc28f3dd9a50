"""What reads and writes memory in compiled code, as LLVM has it; `memory.py` names it."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array


def _load(bits: int, result: Any, align: int) -> Callable[..., Any]:
    @intrinsic
    def load(typing_context, address):
        del typing_context, address

        def generate(context, builder, signature, arguments):
            del context, signature
            pointer = builder.inttoptr(arguments[0], ir.IntType(bits).as_pointer())
            return builder.load(pointer, align=align)

        return result(types.int64), generate

    return load


load8 = _load(8, types.uint8, 1)
load32 = _load(32, types.uint32, 4)
load64 = _load(64, types.uint64, 8)
load64_anywhere = _load(64, types.uint64, 1)


def _array(result: Any) -> Callable[..., Any]:
    kind = types.Array(result, 1, "C")

    @intrinsic
    def array(typing_context, address, count):
        del typing_context, address, count

        def generate(context, builder, signature, arguments):
            del signature
            made = make_array(kind)(context, builder)
            size = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(result)))
            populate_array(
                made,
                data=builder.inttoptr(arguments[0], made.data.type),
                shape=[arguments[1]],
                strides=[size],
                itemsize=size,
                meminfo=None,
            )
            return made._getvalue()  # noqa: SLF001  # it has no other name

        return kind(types.int64, types.int64), generate

    return array


array8 = _array(types.uint8)
array16 = _array(types.uint16)
array32 = _array(types.uint32)
array64 = _array(types.uint64)
array_signed64 = _array(types.int64)
array_real32 = _array(types.float32)
array_flags = _array(types.boolean)


@intrinsic
def address_of(typing_context, array):
    del typing_context

    def generate(context, builder, signature, arguments):
        held = make_array(signature.args[0])(context, builder, arguments[0])
        return builder.ptrtoint(held.data, ir.IntType(64))

    return types.int64(array), generate


@intrinsic
def store8(typing_context, address, value):
    del typing_context, address, value

    def generate(context, builder, signature, arguments):
        pointer = builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())
        builder.store(context.cast(builder, arguments[1], signature.args[1], types.uint8), pointer, align=1)
        return context.get_dummy_value()

    return types.void(types.int64, types.uint8), generate


@intrinsic
def copy(typing_context, target, source, count):
    del typing_context, target, source, count

    def generate(context, builder, signature, arguments):
        del signature
        byte = ir.IntType(8).as_pointer()
        to, of = (builder.inttoptr(one, byte) for one in arguments[:2])
        cgutils.raw_memcpy(builder, to, of, arguments[2], 1)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), generate


@intrinsic
def store32(typing_context, address, value):
    del typing_context, address, value

    def generate(context, builder, signature, arguments):
        pointer = builder.inttoptr(arguments[0], ir.IntType(32).as_pointer())
        value = context.cast(builder, arguments[1], signature.args[1], types.uint32)
        builder.store(value, pointer, align=4)
        return context.get_dummy_value()

    return types.void(types.int64, types.uint32), generate


@intrinsic
def prefetch(typing_context, address):
    del typing_context, address

    def generate(context, builder, signature, arguments):
        del signature
        byte = ir.IntType(8).as_pointer()
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        function = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        # Read, keep in all levels of cache, data.
        flags = [ir.Constant(word, 0), ir.Constant(word, 3), ir.Constant(word, 1)]
        builder.call(function, [builder.inttoptr(arguments[0], byte), *flags])
        return context.get_dummy_value()

    return types.void(types.int64), generate
