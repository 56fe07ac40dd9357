"""The official client `anticaptchaofficial`, unmodified. It has https://api.anti-captcha.com built in: that name resolves
to loopback here, where a TLS front with a certificate for the name passes everything on to the host.

Usage: anticaptcha_client.py PORT KEY FOLDER. Prints one JSON object.
"""

import json
import os
import socket
import ssl
import subprocess
import sys
import threading

PORT, KEY, FOLDER = int(sys.argv[1]), sys.argv[2], sys.argv[3]
NAME = "api.anti-captcha.com"
SECRET = "a secret of the site"
certificate, private = os.path.join(FOLDER, "front.pem"), os.path.join(FOLDER, "front.key")
subprocess.run(
    ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}", "-addext",
     f"subjectAltName=DNS:{NAME}", "-out", certificate, "-keyout", private], check=True, capture_output=True)
os.environ["REQUESTS_CA_BUNDLE"] = certificate

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, private)
listener = socket.create_server(("127.0.0.1", 0))


def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve():
    while True:
        plain, _ = listener.accept()
        front = context.wrap_socket(plain, server_side=True)
        back = socket.create_connection(("127.0.0.1", PORT))
        threading.Thread(target=copy, args=(front, back), daemon=True).start()
        threading.Thread(target=copy, args=(back, front), daemon=True).start()


threading.Thread(target=serve, daemon=True).start()
resolve = socket.getaddrinfo


def to_loopback(host, port, *rest, **more):
    if host == NAME:
        return resolve("127.0.0.1", listener.getsockname()[1], *rest, **more)
    return resolve(host, port, *rest, **more)


socket.getaddrinfo = to_loopback

import altcha
from anticaptchaofficial.altchaproxyless import altchaProxyless
from anticaptchaofficial.recaptchav2proxyless import recaptchaV2Proxyless

report = {}
solver = altchaProxyless()
solver.set_key(KEY)
report["balance"] = solver.get_balance()
challenge = altcha.create_challenge_v1(altcha.ChallengeOptionsV1(max_number=5000, hmac_key=SECRET)).to_dict()
solver.set_website_url("https://example.com/login")
solver.set_challenge_json(json.dumps(challenge))
solver.set_soft_id(7)
token = solver.solve_and_return_solution()
report["verified"] = token != 0 and altcha.verify_solution_v1(token, SECRET)[0]

unsold = recaptchaV2Proxyless()
unsold.set_key(KEY)
unsold.set_website_url("https://example.com")
unsold.set_website_key("6Le-example")
unsold.solve_and_return_solution()
report["unsoldTask"] = unsold.error_code

wrong = altchaProxyless()
wrong.set_key("ucap_" + "x" * 32)
wrong.set_challenge_json("{}")
wrong.solve_and_return_solution()
report["wrongKey"] = wrong.error_code
print(json.dumps(report))
