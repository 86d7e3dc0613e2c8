"""Writes golden/cvm anew. Python 3.11 or later, nothing to install: python3 tools/vectors/make.py"""
import pathlib
import shutil

from cases import write_all

folder = pathlib.Path(__file__).resolve().parents[2] / "golden" / "cvm"
shutil.rmtree(folder, ignore_errors=True)
write_all(folder)
print(f"{len(list(folder.iterdir()))} cases in golden/cvm")
