"""The software bill of materials of the command: its .deps.json as CycloneDX 1.6. Usage: bill.py cortexml.deps.json VERSION"""
import base64
import json
import sys


def components(libraries):
    """A component for each package that the command carries, in the order of the names."""
    for identity, facts in sorted(libraries.items()):
        if facts["type"] != "package":
            continue
        name, version = identity.split("/")
        component = {"type": "library", "name": name, "version": version, "purl": f"pkg:nuget/{name}@{version}", "bom-ref": identity}
        digest = facts.get("sha512", "")
        if digest.startswith("sha512-"):
            component["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(digest[7:]).hex()}]
        yield component


def main():
    path, version = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        dependencies = json.load(file)
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "cortexml", "version": version, "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": list(components(dependencies["libraries"])),
    }
    json.dump(bill, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
