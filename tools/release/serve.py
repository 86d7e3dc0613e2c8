"""Walks a page of `cortexml serve`: python3 serve.py ADDRESS FOLDER
Uploads the sample that lies in FOLDER, compiles it, and takes the report and the package. The last line is what came of it."""
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

PATIENCE_SECONDS = 120


def ask(method, path, body=None):
    request = urllib.request.Request(sys.argv[1] + path, data=body, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return answer.read()
    except urllib.error.HTTPError as refused:
        sys.exit(f"{method} {path}: {refused.code}, {refused.read().decode()}")


def main():
    page = ask("GET", "")
    job = json.loads(ask("POST", "jobs?name=sample", b""))["id"]
    for name in ["mnist-dapp-symbol.json", "mnist-dapp-0000.params", "calibration.npy"]:
        with open(f"{sys.argv[2]}/{name}", "rb") as file:
            ask("PUT", f"jobs/{job}/files?name={urllib.parse.quote(name)}", file.read())
    wish = {"model": "mnist-dapp-symbol.json", "data": "calibration.npy", "preparation": {"scale": 1 / 255}}
    ask("POST", f"jobs/{job}/start", json.dumps(wish).encode())
    end = time.monotonic() + PATIENCE_SECONDS
    while (state := json.loads(ask("GET", f"jobs/{job}"))["state"]["status"]) in ["queued", "running"] and time.monotonic() < end:
        time.sleep(0.2)
    if state != "done":
        sys.exit(f"the job is {state}")
    report, package = ask("GET", f"jobs/{job}/report.html"), ask("GET", f"jobs/{job}/package.zip")
    print(f"served: page {len(page)} bytes, report {len(report)}, package {len(package)}")


main()
