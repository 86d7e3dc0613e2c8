"""Looks into archives of the single program without running it: the kind of file, and what it carries. Usage: archive.py FILE.tar.gz…"""
import hashlib
import io
import struct
import sys
import tarfile

# It stands in the program behind the eight bytes that say where the list of its files begins.
MARK = hashlib.sha256(b".net core bundle\n").digest()
NATIVE = 2
UNWANTED = (".pdb", ".dbg", ".dwarf", ".a", ".lib", ".aar", ".apk", ".xml", ".framework")
BESIDE = {"LICENSE", "NOTICE", "cortexml.1", *(f"completions/cortexml.{shell}" for shell in ("bash", "fish", "pwsh", "zsh"))}
ENGINES = {"linux": ("libSkiaSharp.so", "libonnxruntime.so"), "win": ("libSkiaSharp.dll", "onnxruntime.dll"),
           "osx": ("libSkiaSharp.dylib", "libonnxruntime.dylib")}
LIBRARIES = {"linux": ".so", "win": ".dll", "osx": ".dylib"}


def kind(program):
    """The system and the processor that a program is for, as .NET names them."""
    if program[:5] == b"\x7fELF\x02":
        return {0x3E: "linux-x64", 0xB7: "linux-arm64"}.get(struct.unpack_from("<H", program, 18)[0])
    if program[:2] == b"MZ":
        place = struct.unpack_from("<I", program, 0x3C)[0]
        return {0x8664: "win-x64", 0xAA64: "win-arm64"}.get(struct.unpack_from("<H", program, place + 4)[0])
    if program[:4] == b"\xcf\xfa\xed\xfe":
        return {0x0100000C: "osx-arm64", 0x01000007: "osx-x64"}.get(struct.unpack_from("<I", program, 4)[0])
    return None


def text(data):
    length, shift = 0, 0
    while True:
        byte = data.read(1)[0]
        length |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return data.read(length).decode("utf-8")


def carried(program):
    """Names and types of the files in a single program."""
    place = program.index(MARK)
    data = io.BytesIO(program)
    data.seek(struct.unpack_from("<q", program, place - 8)[0])
    major, _, count = struct.unpack("<IIi", data.read(12))
    if major != 6:
        sys.exit(f"a bundle of version {major}: 6 is read")
    text(data)
    data.read(40)
    for _ in range(count):
        _, _, _, role = struct.unpack("<qqqB", data.read(25))
        yield text(data), role


def look(path):
    with tarfile.open(path) as archive:
        files = {member.name.split("/", 1)[1]: member for member in archive.getmembers() if member.isfile()}
        [name] = [name for name in files if name in ("cortexml", "cortexml.exe")]
        program = archive.extractfile(files[name]).read()
    system = kind(program)
    if system is None or f"-{system}.tar.gz" not in path:
        return [f"a program for {system}"]
    inside = list(carried(program))
    natives = sorted(file for file, role in inside if role == NATIVE)
    print(f"{path}: {system}, {len(program):,} bytes, {len(inside)} files, native: {', '.join(natives)}")
    family = system.split("-")[0]
    others = tuple(ending for of, ending in LIBRARIES.items() if of != family)
    return [*(f"lacks {file}" for file in BESIDE - files.keys()), *(f"has {file}" for file in files.keys() - BESIDE - {name}),
            *(f"does not carry {file}" for file in ENGINES[family] if file not in natives),
            *(f"carries {file}" for file, role in inside if file.endswith(UNWANTED) or "/" in file),
            *(f"carries {file} of another system" for file in natives if file.endswith(others))]


def main():
    found = [f"{path} {what}" for path in sys.argv[1:] for what in look(path)]
    sys.exit("\n".join(found) if found else 0)


if __name__ == "__main__":
    main()
