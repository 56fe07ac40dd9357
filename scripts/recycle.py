"""Hands keys at vendors over to a host, has tasks solved through them, and compares what their owner was credited with
what the vendors took; then looks for every secret in what the host has stored, logged and said.

Usage: recycle.py URL KEY OWNER-KEY ADMIN-URL CONTROL FOLDER UCAPTCHA, with the vendors' keys in DEMO_RECYCLED as
`vendor=key` with blanks in between, and those of the host in DEMO_KEYS. `make demo` runs it. It ends with status 1 when a
credit is not what the vendor took or a secret was found.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from decimal import Decimal
from pathlib import Path

import demo

URL, KEY, OWNER, ADMIN, CONTROL, FOLDER, UCAPTCHA = sys.argv[1:8]
RECYCLED = dict(pair.split("=", 1) for pair in os.environ["DEMO_RECYCLED"].split())
TASKS = 8
# All that the host has said in here.
answers = []


def account(path, key=OWNER, body=None):
    """A call under /v1 with the owner's key."""
    request = urllib.request.Request(
        f"{URL}/v1/{path}", body and json.dumps(body).encode(),
        {"authorization": f"Bearer {key}", "content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read().decode()
    except urllib.error.HTTPError as error:
        text = error.read().decode()
    answers.append(text)
    return json.loads(text, parse_float=Decimal)


def command(*words):
    done = subprocess.run(
        [UCAPTCHA, *words, "--config", f"{FOLDER}/ucaptcha.yaml"], capture_output=True, text=True, timeout=60)
    answers.append(done.stdout + done.stderr)
    return done


def taken(vendor):
    """What a vendor took of the key that was handed over, as the vendor says."""
    with urllib.request.urlopen(f"{CONTROL}/accounts?vendor={vendor}", timeout=30) as answer:
        told = json.load(answer, parse_float=Decimal)[RECYCLED[vendor]]
    return Decimal(told["charged"]) - Decimal(told["refunded"])


def solve_through_them():
    """Returns the problems of the tasks."""
    kind, _, make, holds = demo.KINDS[0]
    tasks = [demo.Attempt(vendor, make, holds) for vendor in RECYCLED for _ in range(TASKS)]
    for task in tasks:
        task.thread.start()
    for task in tasks:
        task.thread.join()
    return [f"{kind} at {task.adapter}: {task.problem}" for task in tasks if task.problem]


def credits():
    """What the owner was credited, by provider."""
    sums = dict.fromkeys(RECYCLED, Decimal(0))
    for credit in account("transactions?kind=RECYCLE_CREDIT")["transactions"]:
        sums[credit["provider"]] += Decimal(credit["amount"])
    return sums


def search():
    """Returns where which secret was found, and in how many files was looked."""
    with urllib.request.urlopen(f"{ADMIN}/metrics", timeout=30) as answer:
        answers.append(answer.read().decode())
    command("recycled-key", "list", "--json")
    command("provider-key", "list")
    if command("backup", f"{FOLDER}/backup.sqlite").returncode:
        return ["The database could not be copied."], 0
    master = Path(FOLDER, "secrets/master-key").read_text().strip()
    known = [*RECYCLED.values(), *os.environ["DEMO_KEYS"].split(), master, KEY, OWNER]
    files = [path for path in [*Path(FOLDER).glob("*.sqlite*"), Path(FOLDER, "host.log")] if path.is_file()]
    texts = {path.name: path.read_bytes() for path in files}
    texts["what the host has answered"] = "\n".join(answers).encode()
    found = [
        f"The secret {secret[:4]}... is in {name}." for secret in known for name, text in texts.items()
        if secret.encode() in text]
    return found, len(files)


def main():
    print(f"==> keys at {' and '.join(RECYCLED)} are handed over, and {TASKS} tasks solved at each", flush=True)
    problems = []
    for vendor, key in RECYCLED.items():
        shown = account("recycled-keys", body={"provider": vendor, "key": key})
        print(f"    {vendor}: {shown.get('key')} is {shown.get('state')} with {shown.get('balance')} USD", flush=True)
        if shown.get("state") != "ACTIVE":
            problems.append(f"{vendor}: {shown}")
    problems += solve_through_them()
    for vendor, credited in credits().items():
        took = taken(vendor)
        print(f"    {vendor} charged it with {demo.usd(took)} USD, and its owner was credited {demo.usd(credited)} USD")
        if took != credited or not took:
            problems.append(f"{vendor}: the credit is not what was taken")
    found, files = search()
    if not found:
        print(f"    no key is in the clear in {files} files of the host, its metrics and {len(answers)} answers")
    for problem in problems + found:
        print(f"    {problem}")
    return 1 if problems or found else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
