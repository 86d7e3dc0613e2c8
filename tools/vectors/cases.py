"""The cases: a few for each operator, then post-processing, and files that are refused."""
import struct

from files import write
from forms import FORMS
from model import Model
from tensor import Tensor, numbers


def one(func, dims, p=8, others=(), data=None, **attributes):
    """One operator on data and further variables (name, precision, tensor)."""
    model = Model()
    entries = [model.variable("data", p, data or numbers(dims, p, 7))]
    entries += [model.variable(*other) for other in others]
    model.heads = model.apply(func, entries, **attributes)
    return model


def small(name, shape, precision=8, seed=3):
    return (name, precision, numbers(shape, precision, seed))


def rows(*boxes):
    return Tensor((1, len(boxes), 6), [v for box in boxes for v in box])


UNARY = {
    "abs": one("abs", (3, 5)), "abs_wide": one("abs", (2, 3, 4), 32), "negative": one("negative", (2, 7)), "negative_wide": one("negative", (11,), 31),
    "relu": one("relu", (2, 3, 3)), "relu_wide": one("relu", (9,), 24), "cvm_precision": one("cvm_precision", (40,), 12), "cvm_precision_wide": one("cvm_precision", (5, 5), 32),
    "clip": one("clip", (30,), a_min=-20, a_max=90), "clip_wide": one("clip", (4, 8), 20, a_min=3, a_max=100000),
    "cvm_clip": one("cvm_clip", (31,), precision=4), "cvm_clip_to_zero": one("cvm_clip", (6,), precision=1), "cvm_clip_wide": one("cvm_clip", (3, 7), 30, precision=16),
    "cvm_right_shift_half": one("cvm_right_shift", (8,), data=Tensor((8,), [-7, -6, -5, -3, 3, 5, 6, 7]), precision=8, shift_bit=1),
    "cvm_right_shift_ties": one("cvm_right_shift", (9,), 16, data=Tensor((9,), [-24, -12, -8, -4, 0, 4, 8, 12, 20]), precision=8, shift_bit=3),
    "cvm_right_shift_saturates": one("cvm_right_shift", (4, 9), 24, precision=8, shift_bit=9),
    "cvm_right_shift_unclipped_on_cpu": one("cvm_right_shift", (4,), 32, data=Tensor((4,), [2**31 - 2**23, -2**31 + 1, 5 << 23, 2**30]), precision=8, shift_bit=24),
    "cvm_right_shift_by_32": one("cvm_right_shift", (5,), 32, data=Tensor((5,), [-2**31 + 1, -1, 0, 1, 2**30]), precision=8, shift_bit=32),
    "cvm_right_shift_to_zero": one("cvm_right_shift", (5,), 12, precision=1, shift_bit=2),
    "cvm_left_shift": one("cvm_left_shift", (9,), precision=11, shift_bit=4), "cvm_left_shift_wide": one("cvm_left_shift", (2, 5), 16, precision=32, shift_bit=16),
}

BINARY = {f"{op}{suffix}": one(op, (2, 3, 4), p, [small("other", (2, 3, 4), p)]) for op in ("elemwise_add", "elemwise_sub") for suffix, p in (("", 8), ("_wide", 30))}
BINARY |= {
    f"{op}_{name}": one(op, shape, p, [small("other", other, p)])
    for op in ("broadcast_add", "broadcast_sub", "broadcast_mul", "broadcast_div", "broadcast_max", "broadcast_greater")
    for name, shape, other, p in (("column", (2, 3, 4), (3, 1), 8), ("both", (3, 1, 2), (1, 4, 2), 15), ("rank", (4,), (2, 2, 4), 12))
}
BINARY["broadcast_div_signs"] = one("broadcast_div", (8,), data=Tensor((8,), [7, -7, 7, -7, 5, 0, -1, 127]), others=[("other", 8, Tensor((8,), [2, 2, -2, -2, 0, 3, 5, -127]))])

PRODUCT = {
    "dense": one("dense", (3, 6), others=[small("w", (4, 6)), small("b", (4,), 14, 5)], units=4),
    "dense_without_bias": one("dense", (2, 9), 7, [small("w", (5, 9), 6)], units=5, use_bias=False),
    "conv2d": one("conv2d", (1, 3, 5, 5), others=[small("w", (4, 3, 3, 3)), small("b", (4,), 16, 5)], channels=4, kernel_size=(3, 3), padding=(1, 1)),
    "conv2d_strides": one("conv2d", (2, 2, 6, 5), others=[small("w", (3, 2, 2, 3))], channels=3, kernel_size=(2, 3), strides=(2, 1), padding=(0, 1), use_bias=False),
    "conv2d_dilation": one("conv2d", (1, 2, 7, 7), others=[small("w", (2, 2, 3, 2))], channels=2, kernel_size=(3, 2), dilation=(2, 3), use_bias=False),
    "conv2d_groups": one("conv2d", (1, 4, 4, 4), others=[small("w", (6, 2, 3, 3)), small("b", (6,), 10, 5)], channels=6, kernel_size=(3, 3), groups=2),
    "conv2d_depthwise": one("conv2d", (1, 3, 5, 4), others=[small("w", (3, 1, 3, 3))], channels=3, kernel_size=(3, 3), padding=(1, 1), strides=(2, 2), groups=3, use_bias=False),
}

WINDOW = {
    "max_pool2d": one("max_pool2d", (1, 2, 6, 6), pool_size=(2, 2), strides=(2, 2)), "max_pool2d_padding": one("max_pool2d", (1, 1, 5, 5), pool_size=(3, 3), strides=(2, 1), padding=(1, 1)),
    "max_pool2d_ceil": one("max_pool2d", (2, 1, 5, 4), 16, pool_size=(2, 2), strides=(2, 2), ceil_mode=True), "max_pool2d_one_padding": one("max_pool2d", (1, 1, 4, 4), pool_size=(2, 2), padding=(1,)),
    "upsampling": one("upsampling", (1, 2, 2, 3), scale=2), "upsampling_3": one("upsampling", (2, 1, 1, 2), 20, scale=3),
}

REDUCE = {f"{op}_{name}": one(op, shape, **attributes) for op in ("sum", "max") for name, shape, attributes in (
    ("axis", (2, 3, 4), {"axis": (1,)}), ("axes", (2, 3, 4), {"axis": (0, -1), "keepdims": True}), ("all_listed", (3, 4), {"axis": (0, 1)}),
    ("exclude", (2, 3, 4), {"axis": (1,), "exclude": True}))}
REDUCE["sum_everything"] = one("sum", (2, 5), 20)
REDUCE["max_everything_negative"] = one("max", (4,), data=Tensor((4,), [-5, -3, -9, -4]))

SHAPE = {
    "repeat": one("repeat", (2, 3), repeats=3), "repeat_last": one("repeat", (2, 3, 2), repeats=2, axis=-1), "tile": one("tile", (2, 3), reps=(2, 2)), "tile_rank": one("tile", (3,), reps=(2, 1, 2)),
    "tile_short": one("tile", (2, 2, 3), reps=(2,)), "concatenate": one("concatenate", (2, 3), others=[small("b", (2, 1)), small("c", (2, 2), 10)]),
    "concatenate_first": one("concatenate", (1, 2, 2), others=[small("b", (3, 2, 2))], axis=-3), "transpose": one("transpose", (2, 3, 4)),
    "transpose_axes": one("transpose", (2, 3, 4), axes=(1, -1, 0)), "flatten": one("flatten", (2, 3, 4)), "flatten_vector": one("flatten", (5,)),
    "expand_dims": one("expand_dims", (2, 3), axis=1), "expand_dims_several": one("expand_dims", (2, 3), axis=-1, num_newaxis=2), "reshape": one("reshape", (2, 3, 4), shape=(4, 6)),
    "reshape_inferred": one("reshape", (2, 3, 4), shape=(0, -1)), "squeeze": one("squeeze", (1, 3, 1)), "squeeze_axis": one("squeeze", (1, 3, 1), axis=(-1,)), "squeeze_all": one("squeeze", (1, 1)),
    "strided_slice": one("strided_slice", (4, 6), begin=(1, 0), end=(3, 6), stride=(1, 2)), "strided_slice_back": one("strided_slice", (5, 4), begin=(4, 3), end=(0, -4), stride=(-2, -1)),
    "strided_slice_short": one("strided_slice", (4, 3, 2), begin=(-3,), end=(-1,)), "slice_like": one("slice_like", (4, 5), others=[small("like", (2, 5))]),
    "slice_like_axis": one("slice_like", (4, 5, 3), others=[small("like", (2, 3, 9))], axis=(1,)),
}

LOOKUP = {
    "take": one("take", (2, 3), others=[("i", 8, Tensor((5,), [0, 5, -3, 99, 2]))]), "take_axis": one("take", (2, 3, 2), others=[("i", 8, Tensor((2, 2), [2, 0, -1, 7]))], axis=1),
    "take_last": one("take", (2, 4), others=[("i", 4, Tensor((3,), [3, 3, 1]))], axis=-1), "cvm_lut": one("cvm_lut", (6,), data=Tensor((6,), [0, 1, 4, 5, -3, 100]), others=[small("t", (5,), 20)], in_dim=5),
    "cvm_lut_matrix": one("cvm_lut", (3, 4), 3, others=[small("t", (2, 2))], in_dim=4),
    "where": one("where", (2, 3), others=[small("x", (2, 3)), small("y", (2, 3), 8, 9)], data=Tensor((2, 3), [0, 1, -1, 0, 5, 0])),
    "where_vector": one("where", (3,), others=[small("x", (3,)), small("y", (3,), 8, 9)], data=Tensor((3,), [0, 2, 0])),
}

APART, SAME = (1, 60, 100, 100, 120, 120), (1, 90, 0, 0, 20, 20)
NEAR, OTHER, NOBODY = (1, 80, 1, 1, 21, 21), (2, 70, 2, 0, 22, 20), (-1, 75, 0, 0, 20, 20)
count = lambda n: [("count", 8, Tensor((1,), [n]))]
DETECTION = {
    "get_valid_counts": one("get_valid_counts", (2, 4, 3), score_threshold=10), "get_valid_counts_default": one("get_valid_counts", (1, 5, 6), 12),
    "non_max_suppression": one("non_max_suppression", None, data=rows(APART, NEAR, SAME, OTHER), others=count(4)),
    "non_max_suppression_forced": one("non_max_suppression", None, data=rows(APART, NEAR, SAME, OTHER), others=count(4), force_suppress=True, max_output_size=1),
    "non_max_suppression_count": one("non_max_suppression", None, data=rows(OTHER, SAME, NEAR, APART), others=count(2), iou_threshold=90),
    "non_max_suppression_without_class": one("non_max_suppression", None, data=rows(SAME, NEAR, NOBODY, (1, 60, 0, 0, 20, 20)), others=count(4)),
}

DETECTION["get_valid_counts"].heads = DETECTION["get_valid_counts"].heads[1:]
DETECTION["get_valid_counts_default"].heads = DETECTION["get_valid_counts_default"].heads[:1]

OPERATORS = UNARY | BINARY | PRODUCT | WINDOW | REDUCE | SHAPE | LOOKUP | DETECTION


def argmax():
    model = one("relu", (1, 6))
    model.postprocess = "argmax"
    return model


def two_heads(postprocess=""):
    model = one("negative", (3, 4))
    model.heads += model.apply("abs", [0])
    model.heads += model.apply("cvm_precision", [1])
    model.postprocess = postprocess
    return model


def chain():
    """A small network: convolution, shift, pooling, dense."""
    model = one("conv2d", (1, 2, 8, 8), others=[small("w", (3, 2, 3, 3)), small("b", (3,), 16, 5)], channels=3, kernel_size=(3, 3))
    shifted = model.apply("cvm_right_shift", model.apply("relu", model.heads), precision=8, shift_bit=9)
    pooled = model.apply("flatten", model.apply("max_pool2d", shifted, pool_size=(2, 2), strides=(2, 2)))
    weight = model.variable("fc", 8, numbers((4, 27), 8, 11))
    model.heads = model.apply("dense", [*pooled, weight], units=4, use_bias=False)
    return model


def edit(key, value):
    return lambda s: s | {key: value}


def edit_attrs(key, value):
    return lambda s: s | {"attrs": s["attrs"] | {key: value}}


def patched(offset, form, value):
    def change(stored):
        bytes_ = bytearray(stored)
        struct.pack_into(form, bytes_, offset, value)
        return bytes(bytes_)
    return change


LOGIC, RUNTIME = 1, 2
REFUSED = {
    "empty_heads": ((LOGIC, "load"), {"change_symbol": edit("heads", [])}),
    "unknown_version": ((RUNTIME, "load"), {"change_symbol": edit("version", "cvm_2.0.0")}),
    "unknown_key": ((RUNTIME, "load"), {"change_symbol": edit("extra", "1")}),
    "short_row_pointers": ((LOGIC, "load"), {"change_symbol": edit("node_row_ptr", [0, 1])}),
    "head_of_no_node": ((LOGIC, "load"), {"change_symbol": edit("heads", [[99, 0, 0]])}),
    "negative_storage": ((LOGIC, "load"), {"change_symbol": edit_attrs("storage_id", ["list_int", [0, 1, 2, -1]])}),
    "shared_storage": ((LOGIC, "load"), {"change_symbol": edit_attrs("storage_id", ["list_int", [0, 1, 2, 0]])}),
    "wrong_shape": ((LOGIC, "load"), {"change_symbol": edit_attrs("shape", ["list_shape", [[3, 6], [4, 6], [4], [3, 5]]])}),
    "no_precision": ((LOGIC, "load"), {"change_symbol": edit_attrs("precision", ["list_int", [-1, 8, 14, -1]])}),
    "float_elements": ((LOGIC, "load"), {"change_symbol": edit_attrs("dltype", ["list_str", ["int32"] * 3 + ["float32"]])}),
    "missing_attrs": ((LOGIC, "load"), {"change_symbol": lambda s: {k: v for k, v in s.items() if k != "attrs"}}),
    "no_json": ((RUNTIME, "load"), {"change_symbol": lambda s: "nodes"}),
    "no_params": ((LOGIC, "load"), {"change_params": lambda p: b""}),
    "other_magic": ((LOGIC, "load"), {"change_params": patched(0, "<Q", 1)}),
    "cut_params": ((RUNTIME, "load"), {"change_params": lambda p: p[:-9]}),
    "huge_count": ((LOGIC, "load"), {"change_params": patched(16, "<Q", 2**60)}),
}


def write_all(folder):
    for name, model in OPERATORS.items(): write(folder, f"op_{name}", model)
    write(folder, "post_argmax", argmax())
    write(folder, "post_two_heads", two_heads())
    write(folder, "post_detection", two_heads("detection"))
    single = one("relu", (2, 3))
    single.postprocess = "detection"
    write(folder, "post_detection_of_one_head", single, refused=(LOGIC, "infer"))
    write(folder, "graph_small_network", chain())
    for name, model in FORMS.items(): write(folder, f"graph_{name}", model)
    for name, (status, change) in REFUSED.items(): write(folder, f"neg_{name}", OPERATORS["dense"], status, **change)
