"""The software bill of materials of the command, of all systems: their .deps.json as CycloneDX 1.6. Usage: bill.py VERSION cortexml.deps.json…"""
import base64
import json
import os
import pathlib
import sys

RUNTIME = "runtimepack."


def components(libraries):
    """A component for each package that the command carries, in the order of the names."""
    for identity, digest in sorted(libraries.items()):
        name, version = identity.split("/")
        component = {"type": "library", "name": name, "version": version, "purl": f"pkg:nuget/{name}@{version}", "bom-ref": identity}
        if digest:
            component["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}]
        yield component


def carried(dependencies):
    """Packages by name/version, with the digest of each: those that are referenced, and the .NET that programs bring."""
    for identity, facts in dependencies["libraries"].items():
        if facts["type"] == "package":
            yield identity, facts.get("sha512", "").removeprefix("sha512-")
        if facts["type"] == "runtimepack":
            identity = identity.removeprefix(RUNTIME)
            yield identity, fetched(*identity.lower().split("/"))


def fetched(name, version):
    """What NuGet noted of a package when it fetched it; empty where the SDK brought it."""
    packages = pathlib.Path(os.environ.get("NUGET_PACKAGES") or pathlib.Path.home() / ".nuget" / "packages")
    noted = packages / name / version / f"{name}.{version}.nupkg.sha512"
    return noted.read_text(encoding="ascii").strip() if noted.exists() else ""


def main():
    version, *paths = sys.argv[1:]
    libraries = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            libraries.update(carried(json.load(file)))
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "cortexml", "version": version, "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": list(components(libraries)),
    }
    json.dump(bill, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
