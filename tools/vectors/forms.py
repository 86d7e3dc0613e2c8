"""What the compiler makes of a layer that 8 bits are not enough for (passes/Quantize/README.md §11, §13), and of a ramp (§6).

Each is built from the CVM's operators and compared here with the plain computation that it stands for, in integers of any size.
"""
from model import Model
from operators import SUMS, nearest
from tensor import Tensor, build, clamp, indices, numbers, size

UNIT, WIDE, CODE = 128, 16383, 127


def exact(func, inputs, attributes):
    """The elements of a layer's result, of as many bits as they have."""
    shape, element = SUMS[func](inputs, attributes)
    return [element(*index) for index in indices(shape)]


def split_weights(weight):
    """W = 128·Wh + Wl, Wh the nearest, ±127 at most; Wl then reaches ±127, which weights of the compiler (16256 at most) do not."""
    high = [clamp(nearest(v, 7), -CODE, CODE) for v in weight.data]
    return Tensor(weight.shape, high), Tensor(weight.shape, [v - UNIT * h for v, h in zip(weight.data, high)])


def parts(model, data):
    """h = x >> 7 rounded and saturated, l = x - 128·h."""
    high = model.apply("cvm_right_shift", [data], precision=8, shift_bit=7)
    back = model.apply("broadcast_mul", [*high, model.variable("unit", 9, Tensor((1,), [UNIT]))])
    low = model.apply("cvm_clip", model.apply("elemwise_sub", [data, *back]), precision=8)
    for x, h, l in zip(*(model.entries[e]["formal"].data for e in (data, *high, *low))):
        assert x == UNIT * h + l and abs(h) <= CODE and abs(l) <= CODE
    return high[0], low[0]


def split(func, data, weight, wide_data, wide_weights, bias, **attributes):
    """A layer on 15 bits of its data, of its weights or of both; the bias is at the scale of the high parts."""
    model = Model()
    x = model.variable("data", 15 if wide_data else 8, data)
    high, low = parts(model, x) if wide_data else (x, None)
    upper, lower = split_weights(weight) if wide_weights else (weight, None)
    w = model.variable("w", 8, upper)
    total = model.apply(func, [high, w, model.variable("b", 16, bias)], use_bias=True, **attributes)
    product = lambda a, b: model.apply(func, [a, b], use_bias=False, **attributes)
    rest = product(low, w) if wide_data else None
    if wide_weights:
        more = product(high, model.variable("w_low", 8, lower))
        rest = model.apply("elemwise_add", [*rest, *more]) if rest else more
    shifted = model.apply("cvm_right_shift", rest, precision=model.entries[rest[0]]["precision"] - 6, shift_bit=7)
    model.heads = model.apply("elemwise_add", [*total, *shifted])
    compare_split(model, func, data, weight, bias, low, lower, attributes)
    return model


def compare_split(model, func, data, weight, bias, low, lower, attributes):
    """y = (W·x - Wl·l) / (scale of x and W) + b, rounded half up once."""
    both = low is not None and lower is not None
    result, bits = model.entries[model.heads[0]], 14 if both else 7
    sums = exact(func, [data, weight], attributes)
    dropped = exact(func, [model.entries[low]["formal"], lower], attributes) if both else [0] * len(sums)
    added = [bias.data[index[1]] for index in indices(result["shape"])]
    assert result["formal"].data == [nearest(s - d, bits) + b for s, d, b in zip(sums, dropped, added)]
    # Each term that is dropped is below one.
    terms = size(weight.shape[1:]) if both else 0
    assert all(abs(y - b - nearest(s, bits)) <= terms for y, b, s in zip(result["formal"].data, added, sums))


def edges(shape, bounds, precision, seed):
    """Pseudo-random elements, every second one replaced by the next of the bounds."""
    drawn = numbers(shape, precision, seed).data
    return Tensor(shape, [bounds[i // 2 % len(bounds)] if i % 2 else v for i, v in enumerate(drawn)])


# Ties and bounds: 16320 is where h would round to 128, and l reaches 127 at 16383.
X = (WIDE, -WIDE, 16320, -16320, 16319, -16319, 16256, 16255, 64, 63, -64, -65, 192, -192, 1, 0)
W = (WIDE, -WIDE, 16320, -16321, 64, -64, 63, -65, 127, -128)
NARROW = (CODE, -CODE, 1, -1)


def constant(shape, value):
    return Tensor(shape, [value] * size(shape))


def splits():
    forms = {"data": (True, False), "weights": (False, True), "both": (True, True)}
    models = {}
    for name, (wide_data, wide_weights) in forms.items():
        given = lambda shape, seed: edges(shape, X, 15, seed) if wide_data else edges(shape, NARROW, 8, seed)
        weights = lambda shape, seed: edges(shape, W, 15, seed) if wide_weights else edges(shape, NARROW, 8, seed)
        models[f"split_{name}_conv2d"] = split(
            "conv2d", given((1, 3, 5, 5), 7), weights((4, 3, 3, 3), 3), wide_data, wide_weights, numbers((4,), 16, 5),
            channels=4, kernel_size=(3, 3), padding=(1, 1))
        models[f"split_{name}_dense"] = split(
            "dense", given((3, 21), 7), weights((5, 21), 3), wide_data, wide_weights, numbers((5,), 16, 5), units=5)
        # Rows of one number each, at every bound: high and low parts all agree in sign.
        x, w = WIDE if wide_data else CODE, WIDE if wide_weights else CODE
        models[f"split_{name}_dense_at_bounds"] = split(
            "dense", Tensor((2, 40), [x] * 40 + [-x] * 40), Tensor((2, 40), [w] * 40 + [-w] * 40), wide_data, wide_weights,
            Tensor((2,), [2 ** 15 - 1, 1 - 2 ** 15]), units=2)
    return models


def split_parts():
    """The two parts of every bound and tie, one behind the other."""
    model = Model()
    model.heads = list(parts(model, model.variable("data", 15, Tensor((len(X), 1), X))))
    return model


def centred(codes, weight, bias, padding, **attributes):
    """A layer on codes -127 … 127 with a border of -127: the layer on 0 … 254 with a border of zeros."""
    model = Model()
    raised = [CODE * sum(weight.at(o, *k) for k in indices(weight.shape[1:])) + b for o, b in enumerate(bias.data)]
    entry = model.variable("data", 8, codes)
    for axis, pad in ((2, padding[0]), (3, padding[1])):
        border = list(model.entries[entry]["shape"])
        border[axis] = pad
        edge = model.variable(f"border{axis}", 8, constant(border, -CODE))
        entry, = model.apply("concatenate", [edge, entry, edge], axis=axis)
    shared = attributes | {"channels": weight.shape[0], "kernel_size": weight.shape[2:]}
    inputs = [entry, model.variable("w", 8, weight), model.variable("b", 24, Tensor(bias.shape, raised))]
    model.heads = model.apply("conv2d", inputs, **shared)
    unsigned = build(codes.shape, lambda *i: codes.at(*i) + CODE)
    assert min(unsigned.data) == 0 and max(unsigned.data) == 2 * CODE
    plain = exact("conv2d", [unsigned, weight, bias], attributes | {"padding": padding})
    assert model.entries[model.heads[0]]["formal"].data == plain
    return model


def ramp(data, unit, shift, precision):
    """x · clip(x + 3, 0, 6) / 6 at 1 / unit: the line max(x, 0), and a table of what is beside it, which is 0 from ±3 on."""
    model = Model()
    half = 2 ** (precision - 1) - 1
    assert half << shift >= 3 * unit
    function = lambda x: (2 * x * clamp(x + 3 * unit, 0, 6 * unit) + 6 * unit) // (12 * unit)
    rest = [function(k << shift) - max(k << shift, 0) for k in range(-half, half + 1)]
    x = model.variable("data", 20, data)
    index = model.apply("cvm_right_shift", [x], precision=precision, shift_bit=shift)
    place = model.apply("broadcast_add", [*index, model.variable("offset", precision, Tensor((1,), [half]))])
    beside = model.apply("cvm_lut", [*place, model.variable("table", 16, Tensor((len(rest),), rest))], in_dim=len(rest))
    model.heads = model.apply("elemwise_add", [*model.apply("relu", [x]), *beside])
    step = 1 << shift
    for v, y in zip(data.data, model.entries[model.heads[0]]["formal"].data):
        # The slope of what is beside the line is half at most; further out there is nothing.
        assert abs(y - function(v)) <= step // 4 + 1
        assert y == function(v) if v % step == 0 or abs(v) >= 3 * unit else True
    return model


# Ends of the range, where the table ends, ties of the shift.
RAMP = (2 ** 19 - 1, 1 - 2 ** 19, 3000, -3000, 2999, -2999, 3004, -3004, 1500, -1500, 4, -4, 3, -3, 1, 0)

FORMS = splits() | {
    "split_parts": split_parts(),
    "ramp": ramp(edges((2, 16), RAMP, 12, 7), 1000, 3, 11),
    "centred_depthwise": centred(
        edges((1, 4, 6, 5), NARROW, 8, 7), edges((4, 1, 3, 3), NARROW, 8, 3), numbers((4,), 16, 5), (1, 1), strides=(2, 2), groups=4),
    "centred_dilation": centred(
        edges((1, 3, 6, 7), NARROW, 8, 7), edges((5, 3, 3, 3), NARROW, 8, 3), numbers((5,), 16, 5), (2, 2), dilation=(2, 2)),
}
