"""The CVM's operators, written a second time from their mathematical definition: one formula per element of the result.

An operator takes tensors and attributes (already numbers) and gives a list of tensors. Where the reference's two devices differ there are two
definitions: cpu and formal.
"""
from fractions import Fraction
import math

from detection import suppress_cpu, suppress_formal, valid_counts
from tensor import Tensor, bound, build, clamp, indices, size


def broadcast(f):
    def operator(inputs, attributes):
        a, b = inputs
        rank = max(len(a.shape), len(b.shape))
        left, right = (1,) * (rank - len(a.shape)) + a.shape, (1,) * (rank - len(b.shape)) + b.shape
        pick = lambda t, shape, index: Tensor(shape, t.data).at(*(i if dim > 1 else 0 for i, dim in zip(index, shape)))
        return [build([max(x, y) for x, y in zip(left, right)], lambda *i: f(pick(a, left, i), pick(b, right, i)))]
    return operator


def unary(f):
    return lambda inputs, attributes: [build(inputs[0].shape, lambda *i: f(inputs[0].at(*i), attributes))]


def divide(a, b):
    return 0 if b == 0 else abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def nearest(x, bits):
    return math.floor(Fraction(x, 2**bits) + Fraction(1, 2))


def shift_formal(x, a):
    return clamp(nearest(x, a["shift_bit"]), -bound(a["precision"]), bound(a["precision"]))


def shift_cpu(x, a):
    if a["precision"] == 1: return 0
    if a["shift_bit"] >= 31: return -1 if x < 0 else 0
    return nearest(x, a["shift_bit"]) if a["precision"] + a["shift_bit"] >= 32 else shift_formal(x, a)


def dense_sums(inputs, attributes):
    x, w, *bias = inputs
    return (x.shape[0], w.shape[0]), lambda n, u: sum(x.at(n, k) * w.at(u, k) for k in range(x.shape[1])) + (bias[0].at(u) if bias else 0)


def window(attributes, name, default):
    return attributes.get(name, default)


def conv2d_sums(inputs, attributes):
    x, w, *bias = inputs
    groups, stride, pad, dilation = (attributes.get(k, d) for k, d in (("groups", 1), ("strides", (1, 1)), ("padding", (0, 0)), ("dilation", (1, 1))))
    per_group, channels = w.shape[1], w.shape[0] // groups
    out = [(x.shape[2 + a] + 2 * pad[a] - dilation[a] * (w.shape[2 + a] - 1) - 1) // stride[a] + 1 for a in (0, 1)]

    def element(n, o, i, j):
        total = bias[0].at(o) if bias else 0
        for c, u, v in indices(w.shape[1:]):
            h, k = i * stride[0] + u * dilation[0] - pad[0], j * stride[1] + v * dilation[1] - pad[1]
            if 0 <= h < x.shape[2] and 0 <= k < x.shape[3]: total += x.at(n, o // channels * per_group + c, h, k) * w.at(o, c, u, v)
        return total
    return (x.shape[0], w.shape[0], *out), element


# Shape of the result, and the exact sum at an index.
SUMS = {"dense": dense_sums, "conv2d": conv2d_sums}


def product(func):
    return lambda inputs, attributes: [build(*SUMS[func](inputs, attributes))]


def max_pool2d(inputs, attributes):
    x, kernel = inputs[0], attributes["pool_size"]
    stride, pad, ceil = attributes.get("strides", (1, 1)), attributes.get("padding", (0, 0)), attributes.get("ceil_mode", False)
    pad = pad * 2 if len(pad) == 1 else pad
    rounded = math.ceil if ceil else math.floor
    out = [rounded(Fraction(x.shape[2 + a] + 2 * pad[a] - kernel[a], stride[a])) + 1 for a in (0, 1)]

    def element(n, c, i, j):
        rows = [h for h in range(i * stride[0] - pad[0], i * stride[0] - pad[0] + kernel[0]) if 0 <= h < x.shape[2]]
        columns = [k for k in range(j * stride[1] - pad[1], j * stride[1] - pad[1] + kernel[1]) if 0 <= k < x.shape[3]]
        return max(x.at(n, c, h, k) for h in rows for k in columns)
    return [build((*x.shape[:2], *out), element)]


def reduce(fold):
    def operator(inputs, attributes):
        x = inputs[0]
        rank, axes = len(x.shape), attributes.get("axis", ())
        if not axes: return [Tensor((1,) * rank if attributes.get("keepdims") else (1,), [fold([0, *x.data])])]
        axes = {a % rank for a in axes}
        if attributes.get("exclude"): axes = set(range(rank)) - axes
        kept = [a for a in range(rank) if a not in axes]
        groups = {}
        for index in indices(x.shape): groups.setdefault(tuple(index[a] for a in kept), []).append(x.at(*index))
        shape = [1 if a in axes else x.shape[a] for a in range(rank)] if attributes.get("keepdims") else [x.shape[a] for a in kept] or [1]
        values = [fold(groups[index]) for index in indices([x.shape[a] for a in kept])]
        return [build(shape, lambda *i: Tensor(shape, values).at(*i))]
    return operator


def repeat(inputs, attributes):
    x, axis = inputs[0], attributes.get("axis", 0) % len(inputs[0].shape)
    shape = [dim * (attributes["repeats"] if a == axis else 1) for a, dim in enumerate(x.shape)]
    return [build(shape, lambda *i: x.at(*(v // attributes["repeats"] if a == axis else v for a, v in enumerate(i))))]


def tile(inputs, attributes):
    reps, x = attributes["reps"], inputs[0]
    rank = max(len(reps), len(x.shape))
    dims, reps = (1,) * (rank - len(x.shape)) + x.shape, (1,) * (rank - len(reps)) + reps
    return [build([d * r for d, r in zip(dims, reps)], lambda *i: Tensor(dims, x.data).at(*(v % d for v, d in zip(i, dims))))]


def concatenate(inputs, attributes):
    axis = attributes.get("axis", 1) % len(inputs[0].shape)
    total = sum(t.shape[axis] for t in inputs)

    def element(*i):
        at = i[axis]
        for t in inputs:
            if at < t.shape[axis]: return t.at(*i[:axis], at, *i[axis + 1:])
            at -= t.shape[axis]
    return [build([total if a == axis else dim for a, dim in enumerate(inputs[0].shape)], element)]


def transpose(inputs, attributes):
    x = inputs[0]
    rank = len(x.shape)
    axes = [a % rank for a in attributes.get("axes", ())] or list(reversed(range(rank)))
    return [build([x.shape[a] for a in axes], lambda *i: x.at(*(i[axes.index(a)] for a in range(rank))))]


def strided_slice(inputs, attributes):
    x = inputs[0]
    picks = []
    for axis, dim in enumerate(x.shape):
        part = lambda name, default: (attributes.get(name, ()) + (None,) * 9)[axis] if (attributes.get(name, ()) + (None,) * 9)[axis] is not None else default
        step = part("stride", 1)
        picks.append(list(range(dim))[slice(part("begin", 0), part("end", dim), step)])
    return [build([len(p) for p in picks], lambda *i: x.at(*(p[v] for p, v in zip(picks, i))))]


def slice_like(inputs, attributes):
    x, like = inputs
    axes = [a % len(x.shape) for a in attributes.get("axis", ())] or range(len(x.shape))
    return [build([like.shape[a] if a in axes else dim for a, dim in enumerate(x.shape)], x.at)]


def take(inputs, attributes):
    x, chosen = inputs
    if attributes.get("axis") is None: return [build(chosen.shape, lambda *i: x.data[clamp(chosen.at(*i), 0, len(x.data) - 1)])]
    axis, rank = attributes["axis"] % len(x.shape), len(chosen.shape)
    return [build(x.shape[:axis] + chosen.shape + x.shape[axis + 1:],
                  lambda *i: x.at(*i[:axis], clamp(chosen.at(*i[axis:axis + rank]), 0, x.shape[axis] - 1), *i[axis + rank:]))]


def where(inputs, attributes):
    condition, x, y = inputs
    by_row = condition.shape != x.shape
    return [build(x.shape, lambda *i: (x if condition.at(*(i[:1] if by_row else i)) else y).at(*i))]


def reshaped(shape):
    """Operators that only name the same elements anew."""
    return lambda inputs, attributes: [Tensor(shape(inputs[0].shape, attributes), inputs[0].data)]


def expanded(shape, a):
    axis = a["axis"] if a["axis"] >= 0 else len(shape) + 1 + a["axis"]
    return shape[:axis] + (1,) * a.get("num_newaxis", 1) + shape[axis:]


def resolved(shape, a):
    target = [shape[i] if dim == 0 else dim for i, dim in enumerate(a["shape"])]
    return [size(shape) // size(d for d in target if d > 0) if dim == -1 else dim for dim in target]


def squeezed(shape, a):
    axes = [x % len(shape) for x in a.get("axis", ())] or [i for i, dim in enumerate(shape) if dim == 1]
    return [dim for i, dim in enumerate(shape) if i not in axes] or [1]


FORMAL = {
    "abs": unary(lambda x, a: abs(x)), "negative": unary(lambda x, a: -x), "relu": unary(lambda x, a: max(x, 0)),
    "cvm_precision": unary(lambda x, a: max(1, abs(x).bit_length())),
    "clip": unary(lambda x, a: clamp(x, a["a_min"], a["a_max"])),
    "cvm_clip": unary(lambda x, a: clamp(x, -bound(a["precision"]), bound(a["precision"]))),
    "cvm_right_shift": unary(shift_formal),
    "cvm_left_shift": unary(lambda x, a: clamp(x * 2 ** a["shift_bit"], -bound(a["precision"]), bound(a["precision"]))),
    "elemwise_add": broadcast(lambda a, b: a + b), "elemwise_sub": broadcast(lambda a, b: a - b),
    "broadcast_add": broadcast(lambda a, b: a + b), "broadcast_sub": broadcast(lambda a, b: a - b), "broadcast_mul": broadcast(lambda a, b: a * b),
    "broadcast_div": broadcast(divide), "broadcast_max": broadcast(max), "broadcast_greater": broadcast(lambda a, b: int(a > b)),
    "dense": product("dense"), "conv2d": product("conv2d"), "max_pool2d": max_pool2d,
    "upsampling": lambda inputs, a: [build((*inputs[0].shape[:2], *(d * a["scale"] for d in inputs[0].shape[2:])),
                                           lambda n, c, i, j: inputs[0].at(n, c, i // a["scale"], j // a["scale"]))],
    "sum": reduce(sum), "max": reduce(max), "repeat": repeat, "tile": tile, "concatenate": concatenate, "transpose": transpose,
    "flatten": reshaped(lambda shape, a: (shape[0], size(shape[1:]))), "expand_dims": reshaped(expanded), "reshape": reshaped(resolved),
    "squeeze": reshaped(squeezed), "strided_slice": strided_slice, "slice_like": slice_like, "take": take, "where": where,
    "cvm_lut": lambda inputs, a: [build(inputs[0].shape, lambda *i: inputs[1].data[clamp(inputs[0].at(*i), 0, len(inputs[1].data) - 1)])],
    "get_valid_counts": valid_counts, "non_max_suppression": suppress_formal,
}

CPU = FORMAL | {"cvm_right_shift": unary(shift_cpu), "non_max_suppression": suppress_cpu}
