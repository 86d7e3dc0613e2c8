"""A network as MXNet 1.6 writes it: symbol JSON and a .params file of V2 arrays."""
import struct

import numpy

from networks import named

LIST_MAGIC, V2_MAGIC = 0x112, 0xF993FAC9
DENSE, CPU, FLOAT32 = 0, 1, 0
MXNET_VERSION = 10600

OPERATORS = {
    "conv": ("Convolution", lambda size, step: {"kernel": (step, step), "num_filter": size, "pad": (0, 0), "stride": (1, 1)}),
    "relu": ("Activation", lambda *_: {"act_type": "relu"}),
    "pool": ("Pooling", lambda size, step: {"kernel": (size, size), "pad": (0, 0), "pool_type": "max",
                                            "pooling_convention": "valid", "stride": (step, step)}),
    "flatten": ("Flatten", lambda *_: {}),
    "fc": ("FullyConnected", lambda size, _: {"num_hidden": size}),
}


def symbol(layers):
    """The symbol JSON of a table, as text."""
    nodes = []

    def add(op, name, attributes, inputs):
        node = {"op": op, "name": name}
        if attributes:
            node["attrs"] = {key: str(value) for key, value in attributes.items()}
        nodes.append({**node, "inputs": [[i, 0, 0] for i in inputs]})
        return len(nodes) - 1

    top = add("null", "data", {}, [])
    for name, (kind, size, step) in named(layers):
        op, attributes = OPERATORS[kind]
        parameters = ["weight", "bias"] if kind in ("conv", "fc") else []
        inputs = [top] + [add("null", f"{name}_{parameter}", {}, []) for parameter in parameters]
        top = add(op, name, attributes(size, step), inputs)
    return dmlc_json({
        "nodes": nodes,
        "arg_nodes": [i for i, node in enumerate(nodes) if node["op"] == "null"],
        "node_row_ptr": list(range(len(nodes) + 1)),
        "heads": [[top, 0, 0]],
        "attrs": {"mxnet_version": ["int", MXNET_VERSION]},
    }) + "\n"


def dmlc_json(value, indent=""):
    """JSON in MXNet's layout: one line for a number list, a pair or less; otherwise one line per item."""
    inner = indent + "  "
    if isinstance(value, dict):
        items, brackets, inline = [f'"{key}": {dmlc_json(item, inner)}' for key, item in value.items()], "{}", len(value) < 2
    elif isinstance(value, list):
        items, brackets, inline = [dmlc_json(item, inner) for item in value], "[]", not any(isinstance(item, dict) for item in value)
    else:
        return f'"{value}"' if isinstance(value, str) else str(value)
    if inline:
        return brackets[0] + ", ".join(items) + brackets[1]
    return brackets[0] + ",".join(f"\n{inner}{item}" for item in items) + f"\n{indent}{brackets[1]}"


def params(arrays):
    """The bytes of a .params file that holds float32 arrays by name."""
    chunks = [struct.pack("<QQQ", LIST_MAGIC, 0, len(arrays))]
    for array in arrays.values():
        chunks.append(struct.pack(f"<Iii{array.ndim}q", V2_MAGIC, DENSE, array.ndim, *array.shape))
        chunks.append(struct.pack("<iii", CPU, 0, FLOAT32))
        chunks.append(numpy.ascontiguousarray(array, "<f4").tobytes())
    chunks.append(struct.pack("<Q", len(arrays)))
    for name in arrays:
        encoded = f"arg:{name}".encode()
        chunks.append(struct.pack("<Q", len(encoded)) + encoded)
    return b"".join(chunks)
