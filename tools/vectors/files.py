"""Writes the four files of a case: symbol, params, input.bin, expect.json."""
import json
import pathlib
import struct

from tensor import size

LIST_MAGIC, TENSOR_MAGIC = 0xF7E58D4F05049CB7, 0xDD5E40F096B4A13F


def text(value):
    if isinstance(value, tuple): return "(" + ", ".join(map(str, value)) + (",)" if len(value) == 1 else ")")
    return str(value)


def symbol(model):
    reference = lambda e: [model.entries[e]["node"], model.entries[e]["index"], 0]
    nodes, rows, count = [], [0], 0
    for i, node in enumerate(model.nodes):
        if "func" in node:
            attrs = {"func_name": node["func"], "num_inputs": str(len(node["inputs"])), "num_outputs": "1", "flatten_data": "0"}
            nodes.append({"op": "cvm_op", "name": f"op{i}", "attrs": attrs, "inputs": [reference(e) for e in node["inputs"]]})
        else: nodes.append({"op": "null", "name": node["name"], "inputs": []})
        count += sum(e["node"] == i for e in model.entries)
        rows.append(count)
    attributes = ["{}" if "name" in n else json.dumps({k: text(v) for k, v in n["attributes"].items()}) for n in model.nodes]
    attrs = {"op_attrs": ["list_str", attributes], "dltype": ["list_str", ["int32"] * count], "storage_id": ["list_int", list(range(count))],
             "shape": ["list_shape", [list(e["shape"]) for e in model.entries]],
             "precision": ["list_int", [e["precision"] if "name" in model.nodes[e["node"]] else -1 for e in model.entries]]}
    result = {"nodes": nodes, "arg_nodes": [i for i, n in enumerate(model.nodes) if "name" in n], "node_row_ptr": rows,
              "heads": [reference(h) for h in model.heads], "attrs": attrs, "version": "cvm_1.0.0"}
    if model.postprocess: result["postprocess"] = model.postprocess
    return result


def params(model):
    stored = [(n["name"], n["tensor"], e["precision"]) for i, n in enumerate(model.nodes) if n.get("name", "data") != "data"
              for e in model.entries if e["node"] == i]
    out = struct.pack("<QQQ", LIST_MAGIC, 0, len(stored)) + b"".join(struct.pack("<Q", len(n)) + n.encode() for n, _, _ in stored)
    out += struct.pack("<Q", len(stored))
    for _, tensor, precision in stored:
        width, kind = (1, "b") if precision <= 8 else (4, "i")
        out += struct.pack("<QQiiiBBH", TENSOR_MAGIC, 0, 1, 0, len(tensor.shape), 0, 8 * width, 1) + struct.pack(f"<{len(tensor.shape)}q", *tensor.shape)
        out += struct.pack("<q", width * size(tensor.shape)) + struct.pack(f"<{size(tensor.shape)}{kind}", *tensor.data)
    return out


def expectation(model, refused):
    if refused and refused[1] == "load": return {"status": refused[0], "stage": "load"}
    cpu, formal = model.output("cpu"), model.output("formal")
    length = len(formal)
    result = {"input_length": size(model.entries[0]["shape"]) * model.input_size, "output_length": length, "input_type_size": model.input_size,
              "output_type_size": model.output_size, "storage_size": model.storage, "gas": model.gas, "runs": 1,
              "entry_precision": [e["precision"] for e in model.entries], "output_shapes": [list(model.entries[h]["shape"]) for h in model.heads]}
    same = {"status": 0, "output_hex": formal.hex()}
    if refused: return {"status": refused[0], "stage": refused[1], **result, "formal": "same"}
    if cpu is None: return {"status": 2, "stage": "infer", **result, "formal": same}
    return {"status": 0, "stage": "ok", **result, "output_hex": cpu.hex(), "formal": "same" if cpu == formal else same}


def write(folder, name, model, refused=None, change_symbol=None, change_params=None):
    """refused: (status, stage) where the files are changed so that the runtime says no."""
    case = pathlib.Path(folder, name)
    case.mkdir(parents=True, exist_ok=True)
    expected = expectation(model, refused)
    op = next((n["func"] for n in model.nodes if "func" in n), "graph")
    described, stored = symbol(model), params(model)
    described = change_symbol(described) if change_symbol else described
    (case / "symbol").write_text(described if isinstance(described, str) else json.dumps(described))
    (case / "params").write_bytes(change_params(stored) if change_params else stored)
    kind = "b" if model.input_size == 1 else "i"
    data = model.entries[0]["cpu"].data
    (case / "input.bin").write_bytes(struct.pack(f"<{len(data)}{kind}", *data))
    (case / "expect.json").write_text(json.dumps({"case": name, "op": op, **expected}, indent=1) + "\n")
