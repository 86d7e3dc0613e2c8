#!/usr/bin/env python3
"""Train the MNIST networks of golden/models and write them as MXNet and ONNX files.

Needs torch 1.13 and numpy (Debian: python3-torch, python3-numpy); runs on one thread, so that a seed gives
the same files again on the same processor and libraries.
"""
import argparse
import time
from pathlib import Path
from typing import NamedTuple

import numpy
import torch

import idx
import mxnet_files
from networks import INPUT_SHAPE, NETWORKS, module


class Recipe(NamedTuple):
    epochs: int
    batch: int
    rate: float  # the peak of a one-cycle schedule
    shift: int   # training images move by up to so many pixels in each direction


RECIPES = {
    "dapp": Recipe(epochs=8, batch=128, rate=3e-3, shift=1),
    "lenet": Recipe(epochs=8, batch=128, rate=2e-3, shift=1),
    "mlp": Recipe(epochs=30, batch=128, rate=3e-3, shift=1),
}
CALIBRATION_IMAGES, TEST_IMAGES = 256, 1000


def floats(images):
    return torch.tensor(images).float().div(255)


def shifted(images, pixels):
    """Each image moved by its own random offset, zeros moving in."""
    count, _, height, width = images.shape
    padded = torch.nn.functional.pad(images, [pixels] * 4)
    rows = torch.randint(2 * pixels + 1, (count, 1, 1)) + torch.arange(height)[:, None]
    columns = torch.randint(2 * pixels + 1, (count, 1, 1)) + torch.arange(width)
    return padded[torch.arange(count)[:, None, None], 0, rows, columns][:, None]


def train(network, images, labels, recipe):
    steps = -(-len(images) // recipe.batch)
    optimizer = torch.optim.Adam(network.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, epochs=recipe.epochs, steps_per_epoch=steps)
    for epoch in range(recipe.epochs):
        start, total = time.monotonic(), 0.0
        for batch in torch.randperm(len(images)).split(recipe.batch):
            loss = torch.nn.functional.cross_entropy(network(shifted(images[batch], recipe.shift)), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"  epoch {epoch + 1}/{recipe.epochs}: loss {total / len(images):.4f}, {time.monotonic() - start:.0f} s", flush=True)


@torch.no_grad()
def correct(network, images, labels):
    return sum(int((network(x).argmax(1) == y).sum()) for x, y in zip(images.split(500), labels.split(500)))


def write(folder, stem, network, layers):
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {name.replace(".", "_"): value.numpy() for name, value in network.state_dict().items()}
    (folder / f"{stem}-symbol.json").write_text(mxnet_files.symbol(layers), newline="\n")
    (folder / f"{stem}-0000.params").write_bytes(mxnet_files.params(arrays))
    torch.onnx.export(network, torch.zeros(INPUT_SHAPE), folder / f"{stem}.onnx", opset_version=13,
                      input_names=["data"], output_names=["output"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("idx", type=Path, help="folder of the four MNIST IDX files (fetch-mnist.py makes one)")
    parser.add_argument("out", type=Path, help="folder that gets one folder mnist-NETWORK each")
    parser.add_argument("--network", choices=NETWORKS, action="append", help="one network only; may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--epochs", type=int, help="default: those of the network's recipe")
    options = parser.parse_args()

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    train_images, train_labels = idx.training_set(options.idx)
    test_images, test_labels = idx.test_set(options.idx)
    samples = {
        "calibration": train_images[:CALIBRATION_IMAGES],
        "test-images": test_images[:TEST_IMAGES],
        "test-labels": test_labels[:TEST_IMAGES],
    }

    for name in options.network or NETWORKS:
        recipe = RECIPES[name]._replace(epochs=options.epochs) if options.epochs else RECIPES[name]
        print(f"{name}: {recipe}, seed {options.seed}", flush=True)
        torch.manual_seed(options.seed)
        network = module(NETWORKS[name]).to(memory_format=torch.channels_last)
        train(network, floats(train_images), torch.tensor(train_labels).long(), recipe)
        network = network.to(memory_format=torch.contiguous_format).eval()
        right = correct(network, floats(test_images), torch.tensor(test_labels).long())
        print(f"{name}: {right} of {len(test_images)} test images, {100 * right / len(test_images):.2f} %", flush=True)
        folder = options.out / f"mnist-{name}"
        write(folder, f"mnist-{name}", network, NETWORKS[name])
        for sample, array in samples.items():
            numpy.save(folder / f"{sample}.npy", array)


if __name__ == "__main__":
    main()
