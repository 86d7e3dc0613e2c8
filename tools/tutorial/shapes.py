#!/usr/bin/env python3
"""Data and a network of one's own for the tutorial: pictures of circles, squares and triangles, and what tells them apart.

Usage: shapes.py draw FOLDER | shapes.py train FOLDER
draw needs Python alone and writes FOLDER/classes.txt, FOLDER/train and FOLDER/test: a folder of PNG files for each class.
train needs torch and numpy (Debian: python3-torch, python3-numpy), reads them and writes FOLDER/net.onnx.
"""
import random
import struct
import sys
import zlib
from pathlib import Path

SIDE = 28
COUNTS = {"train": 200, "test": 40}
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def circle(x, y):
    return x * x + y * y < 1


def square(x, y):
    return max(abs(x), abs(y)) < 0.85


def triangle(x, y):
    return -0.8 < y < 0.9 and abs(x) < (y + 0.8) / 1.7


SHAPES = {"circle": circle, "square": square, "triangle": triangle}


def drawn(inside, chance):
    """SIDE rows of SIDE grey bytes: the shape somewhere, of some size and brightness, in noise."""
    size, bright = chance.uniform(6, 11), chance.randint(130, 255)
    left, top = (chance.uniform(size, SIDE - size) for _ in range(2))
    return [bytes(min(255, chance.randint(0, 30) + (bright if inside((x - left) / size, (y - top) / size) else 0))
                  for x in range(SIDE)) for y in range(SIDE)]


def png(rows):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)  # 8 bits, grey
    lines = b"".join(b"\0" + row for row in rows)                             # filter 0: bytes as they are
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def pixels(path):
    """The rows of a picture that png made."""
    body = path.read_bytes()
    length, = struct.unpack_from(">I", body, 33)  # behind the signature and IHDR
    lines = zlib.decompress(body[41:41 + length])
    return [lines[at + 1:at + 1 + SIDE] for at in range(0, len(lines), SIDE + 1)]


def draw(folder):
    chance = random.Random(1)
    for part, count in COUNTS.items():
        for name, inside in SHAPES.items():
            target = folder / part / name
            target.mkdir(parents=True, exist_ok=True)
            for index in range(count):
                (target / f"{index:03}.png").write_bytes(png(drawn(inside, chance)))
    (folder / "classes.txt").write_text("\n".join(SHAPES) + "\n")


def read(folder):
    import torch

    images, labels = [], []
    for label, name in enumerate(SHAPES):
        for path in sorted((folder / name).glob("*.png")):
            images.append([list(row) for row in pixels(path)])
            labels.append(label)
    return torch.tensor(images)[:, None].float() / 255, torch.tensor(labels)


def train(folder):
    import torch
    from torch import nn

    torch.manual_seed(1)
    torch.set_num_threads(1)
    network = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(16 * 7 * 7, 32), nn.ReLU(), nn.Linear(32, len(SHAPES)))
    images, labels = read(folder / "train")
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    for _ in range(20):
        for batch in torch.randperm(len(images)).split(24):
            loss = nn.functional.cross_entropy(network(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    network.eval()
    images, labels = read(folder / "test")
    print(f"{int((network(images).argmax(1) == labels).sum())} of {len(labels)} test pictures")
    torch.onnx.export(network, torch.zeros(1, 1, SIDE, SIDE), folder / "net.onnx", opset_version=13,
                      input_names=["data"], output_names=["scores"])


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("draw", "train"):
        sys.exit(__doc__)
    {"draw": draw, "train": train}[sys.argv[1]](Path(sys.argv[2]))
