"""Runs published clients side by side, each in a process of its own, against one host.

Usage: published.py SETTINGS CLIENT..., each CLIENT a script `published_CLIENT.py` beside this one. SETTINGS is one JSON
object: `plain` and `tls`, the host's ports; `authority`, the file of the authority that its certificate is of; `key` and
`wrong`, API keys; `folder` for files. Prints one JSON object: what each client found, by step, and what it printed.
"""

import json
import os
import subprocess
import sys
import threading

settings, clients = json.loads(sys.argv[1]), sys.argv[2:]
# How a user has a client trust the authority: `requests` and aiohttp or httpx.
environment = {
    **os.environ, "REQUESTS_CA_BUNDLE": settings["authority"], "SSL_CERT_FILE": settings["authority"],
    "PYTHONDONTWRITEBYTECODE": "1",
}
found = {}


def run(client):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"published_{client}.py")
    try:
        done = subprocess.run(
            [sys.executable, script, sys.argv[1]], env=environment, capture_output=True, text=True,
            timeout=settings["seconds"], cwd=settings["folder"])
        lines = done.stdout.splitlines()
        steps = json.loads(lines[-1]) if done.returncode == 0 and lines else {}
        found[client] = {"steps": steps, "printed": "\n".join(lines[:-1])[-4000:] + done.stderr[-4000:]}
    except subprocess.TimeoutExpired as late:
        printed = (late.stdout or b"") + (late.stderr or b"")
        found[client] = {"steps": {}, "printed": f"It did not end.\n{printed.decode(errors='replace')[-4000:]}"}


threads = [threading.Thread(target=run, args=(client,)) for client in clients]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps(found))
