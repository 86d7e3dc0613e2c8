#!/usr/bin/env python3
"""Train the networks of kinds.py and write them as ONNX files, with samples of what no other folder has.

Needs torch 1.13 and numpy (Debian: python3-torch, python3-numpy); one thread, as train.py.
"""
import argparse
import time
from pathlib import Path
from typing import Callable, NamedTuple

import numpy
import torch
from torch.nn import functional

import corpus
import idx
from kinds import Encoder, Rows, UNet, Words

OPSET = 17
NOISE = 0.3  # deviation of what is added to pixels of 0 to 1
CLEANED = 20_000  # training images that are cleaned of it
CALIBRATION, TEST = 64, 1000


class Data(NamedTuple):
    inputs: numpy.ndarray   # bytes
    targets: numpy.ndarray


class Kind(NamedTuple):
    network: Callable[[], torch.nn.Module]
    data: str
    epochs: int
    rate: float             # the peak of a one-cycle schedule
    batch: int = 128


KINDS = {
    "mnist-lstm": Kind(lambda: Rows(64, both=False), "digits", epochs=5, rate=1e-2),
    "mnist-bilstm": Kind(lambda: Rows(48, both=True), "digits", epochs=5, rate=1e-2),
    "mnist-encoder": Kind(lambda: Encoder(32, heads=4, layers=4), "digits", epochs=3, rate=4e-3),
    "mnist-unet": Kind(lambda: UNet(8), "noise", epochs=1, rate=1e-2),
    "words": Kind(lambda: Words(corpus.WORDS, 16, 32, corpus.TOPICS), "sentences", epochs=8, rate=1e-2),
}


def digits(folder):
    return Data(*idx.training_set(folder)), Data(*idx.test_set(folder))


def noise(folder):
    """Images with noise; what is looked for are the images without."""
    draw = numpy.random.RandomState(1)

    def noisy(images):
        sums = images + 255 * NOISE * draw.standard_normal(images.shape)
        return Data(sums.round().clip(0, 255).astype(numpy.uint8), images)
    return noisy(idx.training_set(folder)[0][:CLEANED]), noisy(idx.test_set(folder)[0])


def sentences(_):
    return Data(*corpus.sentences(20_000, seed=1)), Data(*corpus.sentences(4_000, seed=2))


SETS = {"digits": digits, "noise": noise, "sentences": sentences}


def tensors(kind, data):
    """What the network takes and what it should answer: pixels 0 to 1, words and classes as they are."""
    def pixels(array): return torch.tensor(array).float().div(255)

    inputs = torch.tensor(data.inputs).long() if kind.data == "sentences" else pixels(data.inputs)
    return inputs, pixels(data.targets) if kind.data == "noise" else torch.tensor(data.targets).long()


def is_image(answers, targets): return answers.shape == targets.shape


def loss(answers, targets):
    return functional.mse_loss(answers, targets) if is_image(answers, targets) else functional.cross_entropy(answers, targets)


def train(network, kind, inputs, targets):
    steps = -(-len(inputs) // kind.batch)
    optimizer = torch.optim.Adam(network.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, kind.rate, epochs=kind.epochs, steps_per_epoch=steps)
    for epoch in range(kind.epochs):
        start, total = time.monotonic(), 0.0
        for batch in torch.randperm(len(inputs)).split(kind.batch):
            error = loss(network(inputs[batch]), targets[batch])
            optimizer.zero_grad()
            error.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += error.item() * len(batch)
        print(f"  epoch {epoch + 1}/{kind.epochs}: loss {total / len(inputs):.4f}, {time.monotonic() - start:.0f} s", flush=True)


@torch.no_grad()
def figure(network, inputs, targets):
    """Share of right answers in percent, or of images the peak signal to noise in dB."""
    answers = torch.cat([network(part) for part in inputs.split(500)])
    if is_image(answers, targets):
        return f"{-10 * torch.log10(functional.mse_loss(answers, targets)):.2f} dB"
    return f"{100 * (answers.argmax(1) == targets).float().mean():.2f} %"


def write(folder, network, example):
    folder.mkdir(parents=True, exist_ok=True)
    # Layers of torch's encoder take a fused form when they are not training, which no opset has; without dropout the two are one function.
    network.train(any(isinstance(module, torch.nn.TransformerEncoder) for module in network.modules()))
    torch.onnx.export(network, example, folder / f"{folder.name}.onnx", opset_version=OPSET, input_names=["data"],
                      output_names=["output"], training=torch.onnx.TrainingMode.PRESERVE)


def write_samples(folder, kind, train_data, test_data):
    """Samples beside the model; those of digits lie beside the first networks already."""
    if kind.data == "digits":
        return
    count = CALIBRATION if kind.data == "noise" else TEST
    numpy.save(folder / "data.npy", train_data.inputs[:CALIBRATION])
    numpy.save(folder / "test.npy", test_data.inputs[:count])
    if kind.data == "sentences":
        numpy.save(folder / "labels.npy", test_data.targets[:count].astype(numpy.uint8))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("idx", type=Path, help="folder of the four MNIST IDX files (fetch-mnist.py makes one)")
    parser.add_argument("out", type=Path, help="folder that gets one folder each")
    parser.add_argument("--network", choices=KINDS, action="append", help="one network only; may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    options = parser.parse_args()

    torch.set_num_threads(1)
    for name in options.network or KINDS:
        kind = KINDS[name]
        print(f"{name}: {kind.epochs} epochs, seed {options.seed}", flush=True)
        torch.manual_seed(options.seed)
        train_data, test_data = SETS[kind.data](options.idx)
        network = kind.network()
        train(network, kind, *tensors(kind, train_data))
        inputs, targets = tensors(kind, test_data)
        print(f"{name}: {figure(network.eval(), inputs, targets)} of {len(inputs)} test samples", flush=True)
        folder = options.out / name
        write(folder, network, inputs[:1])
        write_samples(folder, kind, train_data, test_data)


if __name__ == "__main__":
    main()
