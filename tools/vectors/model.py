"""A CVM model under construction: its nodes, what they compute on both devices, and what the runtime says of it."""
import math

import operators
from tensor import size


def bits(n):
    return n.bit_length()


def precision_of(func, p, shapes, out, a):
    """Precisions of the results; p and shapes are those of the inputs, out the shapes of the results."""
    if func in ("elemwise_add", "elemwise_sub", "broadcast_add", "broadcast_sub"): return [max(p) + 1]
    if func == "broadcast_mul": return [p[0] + p[1]]
    if func in ("broadcast_max", "concatenate"): return [max(p)]
    if func == "cvm_precision": return [6]
    if func == "clip": return [bits(max(abs(a["a_min"]), abs(a["a_max"])) + 1) + 1]
    if func in ("cvm_clip", "cvm_left_shift", "cvm_right_shift"): return [a["precision"]]
    if func in ("dense", "conv2d"):
        product = p[0] + p[1] + bits(size(shapes[1]) // shapes[1][0])
        return [max(product, p[2]) + 1 if len(p) == 3 else product]
    if func == "sum": return [p[0] + bits(size(shapes[0]) // size(out[0]))]
    if func == "cvm_lut": return [p[1]]
    if func == "get_valid_counts": return [bits(size(shapes[0]) // shapes[0][0] + 1) + 1, p[0]]
    return [p[0]]


def weight_of(func, shapes, out, a):
    """Gas for each element of the first result."""
    if func in ("dense", "conv2d"): return 3 * (size(shapes[1]) // shapes[1][0]) + (1 if len(shapes) == 3 else 0)
    if func == "max_pool2d": return size(a["pool_size"])
    if func == "sum": return size(shapes[0]) // size(out[0])
    if func == "non_max_suppression": return 20 * shapes[0][0]
    return 1


class Model:
    def __init__(self, postprocess=""):
        self.nodes, self.entries, self.heads, self.postprocess = [], [], [], postprocess

    def variable(self, name, precision, tensor):
        self.nodes.append({"name": name, "tensor": tensor})
        return self._add([(tensor.shape, precision, tensor, tensor)])[0]

    def apply(self, func, inputs, **attributes):
        given = [self.entries[i] for i in inputs]
        shapes, precisions = [e["shape"] for e in given], [e["precision"] for e in given]
        formal = operators.FORMAL[func]([e["formal"] for e in given], attributes)
        cpu = None if func == "cvm_left_shift" else operators.CPU[func]([e["cpu"] for e in given], attributes)
        out = [t.shape for t in formal]
        self.nodes.append({"func": func, "inputs": inputs, "attributes": attributes, "weight": weight_of(func, shapes, out, attributes)})
        return self._add(zip(out, precision_of(func, precisions, shapes, out, attributes), cpu or [None] * len(out), formal))

    def _add(self, entries):
        node, first = len(self.nodes) - 1, len(self.entries)
        for index, (shape, precision, cpu, formal) in enumerate(entries):
            self.entries.append({"node": node, "index": index, "shape": tuple(shape), "precision": precision, "cpu": cpu, "formal": formal})
        return list(range(first, len(self.entries)))

    @property
    def gas(self):
        first = {}
        for entry in self.entries: first.setdefault(entry["node"], size(entry["shape"]))
        work = sum(node["weight"] * first[i] for i, node in enumerate(self.nodes) if "func" in node)
        return work + 5 * sum(size(e["shape"]) for e in self.entries)

    @property
    def storage(self):
        return sum(4 * size(e["shape"]) for e in self.entries)

    @property
    def input_size(self):
        return 1 if self.entries[0]["precision"] <= 8 else 4

    @property
    def output_size(self):
        return 4 if self.postprocess in ("argmax", "detection") or max(self.entries[h]["precision"] for h in self.heads) > 8 else 1

    def output(self, device):
        """The bytes that the runtime returns; None where the device cannot compute an output."""
        heads = [self.entries[h][device] for h in self.heads]
        if None in heads: return None
        if self.postprocess == "argmax": numbers = [h.data.index(max(h.data)) for h in heads]
        elif len(heads) == 1: numbers = heads[0].data
        else:
            rows = size(heads[0].shape) // heads[0].shape[-1]
            numbers = [v for r in range(rows) for h in heads for v in h.data[r * h.shape[-1]:(r + 1) * h.shape[-1]]]
        return b"".join((v % 2 ** (8 * self.output_size)).to_bytes(self.output_size, "little") for v in numbers)
