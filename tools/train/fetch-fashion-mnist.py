#!/usr/bin/env python3
"""Fetch the four Fashion-MNIST IDX files from Debian's package dataset-fashion-mnist into a folder; no root needed."""
import argparse
import hashlib
import math
import shutil
import struct
import subprocess
import tarfile
import tempfile
import zlib
from pathlib import Path

PACKAGE = "dataset-fashion-mnist"
FOLDER = "./usr/share/datasets/fashion-mnist"
MOST_BYTES = 64 << 20  # of a package and of a file in it
FILES = {
    "train-images-idx3-ubyte": ((60000, 28, 28), "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
    "train-labels-idx1-ubyte": ((60000,), "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
    "t10k-images-idx3-ubyte": ((10000, 28, 28), "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
    "t10k-labels-idx1-ubyte": ((10000,), "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
}


def download(folder):
    """The package, as apt's own lists and keys vouch for it."""
    try:
        done = subprocess.run(["apt-get", "download", "-qq", PACKAGE], cwd=folder, capture_output=True, text=True)
    except FileNotFoundError:
        raise SystemExit("there is no apt-get: give the package with --package")
    found = list(folder.glob("*.deb"))
    if done.returncode != 0 or len(found) != 1:
        raise SystemExit(f"apt-get download {PACKAGE}: {done.stderr.strip() or 'no package came'} (is apt-get update needed?)")
    return found[0]


def members(package):
    """The .gz files by name: taken out of the package one by one, nothing else of it is unpacked."""
    if not package.is_file() or package.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{package.name}: no file, or more than {MOST_BYTES} bytes")
    if shutil.which("dpkg-deb") is None:
        raise SystemExit("there is no dpkg-deb")
    found = {}
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as process:
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as tar:
                for member in tar:
                    name = member.name.removeprefix(FOLDER + "/").removesuffix(".gz")
                    if member.name != f"{FOLDER}/{name}.gz" or name not in FILES:
                        continue
                    if not member.isreg() or member.size > MOST_BYTES:
                        raise SystemExit(f"{member.name}: no file, or more than {MOST_BYTES} bytes")
                    found[name] = tar.extractfile(member).read()
        except tarfile.TarError as error:
            raise SystemExit(f"{package.name}: no Debian package: {error}")
        finally:
            process.kill()
    return found


def unpacked(name, packed, shape, expected):
    """The IDX file, no longer than it has to be."""
    header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
    size = len(header) + math.prod(shape)
    try:
        data = zlib.decompressobj(wbits=31).decompress(packed, size + 1)
    except zlib.error as error:
        raise SystemExit(f"{name}: no gzip file: {error}")
    if data[:len(header)] != header:
        raise SystemExit(f"{name}: starts with {data[:len(header)].hex()}, IDX bytes of {shape} with {header.hex()}")
    if len(data) != size:
        raise SystemExit(f"{name}: {'more' if len(data) > size else 'less'} than {size} bytes")
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise SystemExit(f"{name}: sha256 is {found}, expected {expected}")
    return data


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the IDX files go")
    parser.add_argument("--package", type=Path, help="the .deb, where it is there already")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        packed = members(arguments.package or download(Path(temporary)))
    if missing := FILES.keys() - packed.keys():
        raise SystemExit(f"the package has no {', '.join(sorted(missing))}")
    files = {name: unpacked(name, packed[name], *FILES[name]) for name in FILES}
    # All of them are right: now they are written.
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (arguments.folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
