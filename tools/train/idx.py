"""IDX files, plain or .gz."""
import gzip
import struct

import numpy


def read(folder, name):
    """The uint8 array of folder/name: images [N, 1, 28, 28] or labels [N]."""
    path = folder / name
    data = path.read_bytes() if path.exists() else gzip.open(f"{path}.gz").read()
    zero, element, rank = struct.unpack_from(">HBB", data)
    if (zero, element) != (0, 8) or rank not in (1, 3):
        raise SystemExit(f"{path}: not an IDX file of bytes")
    shape = struct.unpack_from(f">{rank}I", data, 4)
    array = numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * rank).reshape(shape)
    return array[:, None] if rank == 3 else array


def training_set(folder):
    return read(folder, "train-images-idx3-ubyte"), read(folder, "train-labels-idx1-ubyte")


def test_set(folder):
    return read(folder, "t10k-images-idx3-ubyte"), read(folder, "t10k-labels-idx1-ubyte")
