#!/usr/bin/env python3
"""Measure written models on the MNIST test images, from their MXNet files alone.

Symbol JSON and .params are read and run here with numpy; torch and the code that wrote the files take no part.
"""
import argparse
import ast
import json
import struct
from pathlib import Path

import numpy
from numpy.lib.stride_tricks import sliding_window_view

import idx

BATCH = 100
SAMPLES = 1000  # how many test images lie beside a model


def read_params(path):
    """The arrays of a .params file of dense float32 V2 arrays, by name."""
    data, offset = path.read_bytes(), 0

    def take(layout):
        nonlocal offset
        values = struct.unpack_from("<" + layout, data, offset)
        offset += struct.calcsize("<" + layout)
        return values

    def expect(found, wanted, what):
        if found != wanted:
            raise SystemExit(f"{path}: {what} is {found}, expected {wanted}")

    magic, reserved, count = take("QQQ")
    expect((magic, reserved), (0x112, 0), "list header")
    arrays = []
    for _ in range(count):
        version, storage, rank = take("Iii")
        expect((version, storage), (0xF993FAC9, 0), "array header")
        shape = take(f"{rank}q")
        device, _, dtype = take("iii")
        expect((device, dtype), (1, 0), "device and dtype")
        size = int(numpy.prod(shape))
        arrays.append(numpy.array(take(f"{size}f"), numpy.float32).reshape(shape))
    expect(*take("Q"), count, "number of names")
    names = [take(f"{take('Q')[0]}s")[0].decode() for _ in range(count)]
    expect(offset, len(data), "end of file")
    return {name.removeprefix("arg:"): array for name, array in zip(names, arrays)}


def windows(x, attrs):
    """The windows of x: [N, C, H, W, kernel height, kernel width]."""
    (height, width), (down, right) = (ast.literal_eval(attrs[key]) for key in ("kernel", "stride"))
    return sliding_window_view(x, (height, width), axis=(2, 3))[:, :, ::down, ::right]


def convolution(x, weight, bias, attrs):
    by_pixel = numpy.tensordot(windows(x, attrs), weight, ((1, 4, 5), (1, 2, 3)))  # N H W O
    return by_pixel.transpose(0, 3, 1, 2) + bias[:, None, None]


OPERATORS = {
    "Convolution": convolution,
    "Activation": lambda x, attrs: numpy.maximum(x, 0),
    "Pooling": lambda x, attrs: windows(x, attrs).max((4, 5)),
    "Flatten": lambda x, attrs: x.reshape(len(x), -1),
    "FullyConnected": lambda x, weight, bias, attrs: x.reshape(len(x), -1) @ weight.T + bias,
}
# What the operators above take for granted.
ASSUMED = {"pad": "(0, 0)", "act_type": "relu", "pool_type": "max", "pooling_convention": "valid"}


def evaluate(symbol, arrays, images):
    results = []
    for node in symbol["nodes"]:
        name, op, attrs = node["name"], node["op"], node.get("attrs", {})
        if any(attrs.get(key, value) != value for key, value in ASSUMED.items()):
            raise SystemExit(f"{name}: {op} with {attrs} is not supported")
        if op == "null":
            results.append(images if name == "data" else arrays[name])
        else:
            results.append(OPERATORS[op](*(results[i] for i, *_ in node["inputs"]), attrs))
    return results[symbol["heads"][0][0]]


def logits(folder, images):
    symbol = json.loads((folder / f"{folder.name}-symbol.json").read_text())
    arrays = read_params(folder / f"{folder.name}-0000.params")
    return numpy.concatenate([evaluate(symbol, arrays, images[i:i + BATCH]) for i in range(0, len(images), BATCH)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("idx", type=Path, help="folder of the MNIST IDX files")
    parser.add_argument("model", type=Path, nargs="+", help="folder mnist-NETWORK that train.py wrote")
    options = parser.parse_args()
    images, labels = idx.test_set(options.idx)
    images = images.astype(numpy.float32) / numpy.float32(255)
    for folder in options.model:
        right = logits(folder, images).argmax(1) == labels
        print(f"{folder.name}: {right.sum()} of {len(right)} test images, {right[:SAMPLES].sum()} of the first {SAMPLES}")


if __name__ == "__main__":
    main()
