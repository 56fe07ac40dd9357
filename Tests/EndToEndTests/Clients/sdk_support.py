"""What the scripts sdk_*.py share: the vendors' clients run unmodified against the provider simulator.

A script is called with one JSON object: `address` and `key` of the vendor, `control` (the simulator's control port),
`poor` (a key without money), `folder` for files. It prints one JSON object: `cases` by name, and whatever else it found.
"""

import asyncio
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request

CONFIG = json.loads(sys.argv[1])
ADDRESS, CONTROL, KEY, POOR = (CONFIG[name] for name in ("address", "control", "key", "poor"))
VENDOR = CONFIG["vendor"]

# Clients wait seconds for answers that are there at once.
_sleep = time.sleep
time.sleep = lambda seconds: _sleep(min(seconds, 0.005))


def control(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(CONTROL + path, data=data)) as answer:
        return json.loads(answer.read())


def submitted(after):
    """The last submit that the vendor got after a request's number, and what it noted about it."""
    requests = control(f"/requests?vendor={VENDOR}&after={after}")["requests"]
    found = [request for request in requests if request["call"] == "submit"]
    return (found[-1]["json"] or form(found[-1]["body"]), found[-1]["notes"]) if found else (None, [])


def form(body):
    """A form as an object. Multipart bodies differ by their limits each time, so that only the parts' names are told."""
    if body.startswith("--"):
        return {"multipart": sorted(part.split('"')[1] for part in body.split("name=")[1:])}
    from urllib.parse import parse_qsl

    return dict(parse_qsl(body, keep_blank_values=True))


def hidden(value):
    """The request without the key, which is another one in each run."""
    text = json.dumps(value)
    return json.loads(text.replace(KEY, "KEY"))


def last_number():
    requests = control(f"/requests?vendor={VENDOR}")["requests"]
    return requests[-1]["number"] if requests else 0


REPORT = {"cases": {}}


def case(name, family, task, solve):
    """Solves a task with the client and keeps what was sent. `task` are the canonical fields of the same task."""
    before = last_number()
    try:
        solution = solve()
    except Exception as error:
        solution = None
        REPORT.setdefault("failures", {})[name] = f"{type(error).__name__}: {error}"
    request, notes = submitted(before)
    REPORT["cases"][name] = {
        "family": family, "task": task, "request": hidden(request), "solution": solution, "notes": notes,
    }


def script(settings):
    control("/script", {VENDOR: settings})


def finish():
    """Prints the report; with a folder `golden` it also writes each case's task and request there."""
    if golden := CONFIG.get("golden"):
        os.makedirs(golden, exist_ok=True)
        for name, found in REPORT["cases"].items():
            kept = {field: found[field] for field in ("family", "task", "request")}
            with open(os.path.join(golden, name + ".json"), "w") as file:
                file.write(json.dumps(kept, indent=2, sort_keys=False) + "\n")
    REPORT["account"] = control(f"/accounts?vendor={VENDOR}")[KEY]
    print(json.dumps(REPORT))


def front(names):
    """Serves TLS for each name in front of the vendor's port, and has the names resolve to loopback."""
    folder = CONFIG["folder"]
    certificate, private = os.path.join(folder, "front.pem"), os.path.join(folder, "front.key")
    alternatives = ",".join(f"DNS:{name}" for name in names)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={names[0]}",
         "-addext", f"subjectAltName={alternatives}", "-out", certificate, "-keyout", private],
        check=True, capture_output=True)
    os.environ["REQUESTS_CA_BUNDLE"] = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    backend = int(ADDRESS.rsplit(":", 1)[1])

    async def copy(reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    async def serve(reader, writer):
        back_reader, back_writer = await asyncio.open_connection("127.0.0.1", backend)
        await asyncio.gather(copy(reader, back_writer), copy(back_reader, writer))

    async def run():
        async with await asyncio.start_server(serve, sock=listener, ssl=context) as server:
            await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
    resolve = socket.getaddrinfo

    def to_loopback(host, port, *rest, **more):
        if host in names:
            return resolve("127.0.0.1", listener.getsockname()[1], *rest, **more)
        return resolve(host, port, *rest, **more)

    socket.getaddrinfo = to_loopback
