"""What the scripts published_*.py share. Each runs one published client, unmodified and at its own pace, against a host.

The steps of a script run side by side, because clients wait seconds between their questions. What a step returns is what the
client told its caller; what it raises is told as the text `Kind: message`.
"""

import asyncio
import base64
import json
import socket
import sys
import threading
import time
import traceback

SETTINGS = json.loads(sys.argv[1])
KEY, WRONG = SETTINGS["key"], SETTINGS["wrong"]
PLAIN = f"http://127.0.0.1:{SETTINGS['plain']}"
# The certificate is for this name too, so that a client which takes a host and insists on https:// needs no more.
TLS_HOST = f"localhost:{SETTINGS['tls']}"
TLS = f"https://{TLS_HOST}"

# A picture that clients which look at it accept: "48213", black on white.
PICTURE_BYTES = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAHgAAAAoAQAAAAAdkQOIAAAA0klEQVR42s2RMW7CQBBF3w4oUIUtKaJkj0CZco9DSUmB5C3pkjI3"
    "yCVSuECC0kewEgpKjCgWZHYojEPICZju60tv/vwxys0Id6cPofKVO1mk9Yui2Ow5aQCByHLa+zKBCHRhR/91KI90JAeBLu/O2Suv/Mdf"
    "MSn/aktcAZA8oPqclS/6o28aVFVQB1eIgOdzzAKYBRASfHjmQLO/DvCkFjBNPhlYUgu53Fv7X14vTSAGQF3rr6ubfsb5N3A8NvlSlg9y"
    "syWiqgIwGgE8dABz5/89A308SYqPqvmYAAAAAElFTkSuQmCC")
PICTURE = base64.b64encode(PICTURE_BYTES).decode()


def map_names(*names):
    """Has names lead to the host, for clients that have them built in. On a user's machine a line in the file of hosts does
    it, with the host on the ports 80 and 443. Tests may neither write that file nor open those ports, so that names get an
    address of loopback here whose ports 80 and 443 are the host's. Nothing of the client is changed: it resolves, connects,
    names the server and checks its certificate as ever.
    """
    resolve, connect = socket.getaddrinfo, socket.socket.connect
    ports = {80: SETTINGS["plain"], 443: SETTINGS["tls"]}
    address = "127.0.80.43"

    def resolved(host, port, *rest, **more):
        name = host.decode() if isinstance(host, bytes) else host
        return resolve(address if name in names else host, port, *rest, **more)

    def connected(self, target):
        return connect(self, ("127.0.0.1", ports[target[1]]) if target[0] == address else target)

    socket.getaddrinfo, socket.socket.connect = resolved, connected


def run(**steps):
    """Runs functions, coroutine functions among them, side by side, and prints what came of each."""
    report = {}

    def one(name, step):
        started = time.monotonic()
        try:
            value = asyncio.run(step()) if asyncio.iscoroutinefunction(step) else step()
            report[name] = {"value": value}
        except Exception as error:
            # Some clients raise an exception with the text of another one.
            report[name] = {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()[-1500:]}
        report[name]["seconds"] = round(time.monotonic() - started, 1)

    threads = [threading.Thread(target=one, args=step) for step in steps.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print()
    print(json.dumps(report, default=str))
