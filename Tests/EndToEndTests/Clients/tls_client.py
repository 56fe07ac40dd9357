"""Asks for balances over https, each by a name that is mapped to loopback, as a file of hosts would do it.

Arguments: port, key, then NAME=FILE for each name and the authority that is trusted for it. Prints JSON: the balance, or the
kind of error, by name.
"""

import json
import socket
import sys

import requests

port, key = int(sys.argv[1]), sys.argv[2]
resolve = socket.getaddrinfo


def mapped(host, wanted, *rest, **more):
    return resolve("127.0.0.1", port if wanted == 443 else wanted, *rest, **more)


socket.getaddrinfo = mapped
report = {}
for argument in sys.argv[3:]:
    name, authority = argument.split("=", 1)
    with requests.Session() as session:
        session.trust_env = False
        try:
            answers = [
                session.post(
                    f"https://{name}/getBalance", json={"clientKey": key}, verify=authority, timeout=30
                ).json()
                for _ in range(2)
            ]
            report[name] = answers[-1]["balance"]
        except requests.exceptions.SSLError:
            report[name] = "SSLError"
print(json.dumps(report))
