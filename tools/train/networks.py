"""The three networks as tables, and the torch module that a table describes."""
from collections import Counter, OrderedDict
from typing import NamedTuple

import torch

INPUT_SHAPE = (1, 1, 28, 28)


class Layer(NamedTuple):
    kind: str
    size: int = 0  # output channels, or the side of a pooling window
    step: int = 0  # side of the kernel, or the stride of a pooling window


def conv(channels, kernel): return Layer("conv", channels, kernel)
def pool(window, stride): return Layer("pool", window, stride)
def fc(units): return Layer("fc", units)


RELU, FLATTEN = Layer("relu"), Layer("flatten")

NETWORKS = {
    "dapp": [
        conv(16, 3), RELU, pool(2, 1),
        conv(32, 3), RELU, pool(2, 1),
        conv(64, 3), RELU, pool(2, 2),
        conv(128, 1), RELU, pool(2, 2),
        FLATTEN, fc(10),
    ],
    "lenet": [
        conv(20, 5), RELU, pool(2, 2),
        conv(50, 5), RELU, pool(2, 2),
        FLATTEN, fc(500), RELU, fc(10),
    ],
    "mlp": [FLATTEN, fc(128), RELU, fc(64), RELU, fc(10)],
}


def named(layers):
    """conv, relu, conv, … → (conv0, conv), (relu0, relu), (conv1, conv), …"""
    seen = Counter()
    for layer in layers:
        yield f"{layer.kind}{seen[layer.kind]}", layer
        seen[layer.kind] += 1


def module(layers):
    """The torch module of a table, its weights drawn from torch's global generator."""
    modules, shape = OrderedDict(), torch.zeros(INPUT_SHAPE)
    for name, (kind, size, step) in named(layers):
        modules[name] = {
            "conv": lambda: torch.nn.Conv2d(shape.shape[1], size, step),
            "relu": torch.nn.ReLU,
            "pool": lambda: torch.nn.MaxPool2d(size, step),
            "flatten": torch.nn.Flatten,
            "fc": lambda: torch.nn.Linear(shape.shape[1], size),
        }[kind]()
        shape = modules[name](shape)
    return torch.nn.Sequential(modules)
