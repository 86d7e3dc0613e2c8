"""Dense row-major tensors of Python's unbounded integers."""
import itertools
import math


class Tensor:
    def __init__(self, shape, data):
        self.shape, self.data = tuple(shape), list(data)
        assert len(self.data) == size(self.shape)

    def at(self, *index):
        offset = 0
        for i, dim in zip(index, self.shape, strict=True):
            assert 0 <= i < dim
            offset = offset * dim + i
        return self.data[offset]


def size(shape):
    return math.prod(shape)


def indices(shape):
    return itertools.product(*(range(dim) for dim in shape))


def build(shape, element):
    """The tensor whose element at each index is what the formula says, wrapped to 32 bits."""
    return Tensor(shape, [wrap(element(*index)) for index in indices(shape)])


def wrap(x):
    return (x + 2**31) % 2**32 - 2**31


def bound(precision):
    return 2 ** (precision - 1) - 1


def clamp(x, low, high):
    return max(low, min(high, x))


def numbers(shape, precision, seed):
    """Pseudo-random elements within a precision, the extremes among them."""
    state, data = seed * 2654435761 % 2**32, []
    for _ in range(size(shape)):
        state = (state * 1664525 + 1013904223) % 2**32
        data.append(clamp((state >> 8) % (2 * bound(precision) + 5) - bound(precision) - 2, -bound(precision), bound(precision)))
    return Tensor(shape, data)
