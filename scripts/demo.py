"""Has six kinds of task solved through each adapter of a host that sells them, side by side, and prints a table.

Usage: demo.py URL KEY, with the answer of `ucaptcha adapter list --json` in DEMO_ADAPTERS. `make demo` runs it. It ends
with status 1 when a task was not solved or cost something else than it should.
"""

import base64
import hashlib
import json
import os
import sys
import threading
import time
import urllib.request
from decimal import Decimal

URL, KEY = sys.argv[1], sys.argv[2]
PAGE = "https://shop.example.org/login"
# "48213", black on white.
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAHgAAAAoAQAAAAAdkQOIAAAA0klEQVR42s2RMW7CQBBF3w4oUIUtKaJkj0CZco9DSUmB5C3pkjI3"
    "yCVSuECC0kewEgpKjCgWZHYojEPICZju60tv/vwxys0Id6cPofKVO1mk9Yui2Ow5aQCByHLa+zKBCHRhR/91KI90JAeBLu/O2Suv"
    "/MdfMSn/aktcAZA8oPqclS/6o28aVFVQB1eIgOdzzAKYBRASfHjmQLO/DvCkFjBNPhlYUgu53Fv7X14vTSAGQF3rr6ubfsb5N3A8"
    "NvlSlg9ysyWiqgIwGgE8dABz5/89A308SYqPqvmYAAAAAElFTkSuQmCC")
TEXT = "48213"
PATIENCE = 60


def altcha_challenge():
    salt = os.urandom(12).hex() + "?"
    number = int.from_bytes(os.urandom(2), "big")
    return {
        "algorithm": "SHA-256", "maxnumber": 65536, "salt": salt, "signature": "00",
        "challenge": hashlib.sha256(f"{salt}{number}".encode()).hexdigest()}


def token(name):
    return lambda task, solution, adapter: bool(solution.get(name))


def altcha_holds(task, solution, adapter):
    answer = json.loads(base64.b64decode(solution["token"]))
    found = hashlib.sha256(f"{answer['salt']}{answer['number']}".encode()).hexdigest()
    return found == task["challengeJSON"]["challenge"]


def text_holds(task, solution, adapter):
    # The simulated vendors can't read.
    return solution.get("text") == TEXT if adapter == "native" else bool(solution.get("text"))


def geetest_holds(task, solution, adapter):
    names = ("captcha_id", "lot_number", "pass_token", "gen_time", "captcha_output")
    return all(solution.get(name) for name in names) and solution["captcha_id"] == task["captchaId"]


SITE_KEY = "6Le-wvkSAAAAAPBMRTvw0Q4Muexq9bi0DJwx_mJ-"
# Family, what people call it, the task, whether a solution is one.
KINDS = [
    ("recaptchaV2", "reCAPTCHA v2", lambda: {
        "type": "RecaptchaV2TaskProxyless", "websiteURL": PAGE, "websiteKey": SITE_KEY}, token("gRecaptchaResponse")),
    ("recaptchaV3", "reCAPTCHA v3", lambda: {
        "type": "RecaptchaV3TaskProxyless", "websiteURL": PAGE, "websiteKey": SITE_KEY, "minScore": 0.7,
        "pageAction": "login"}, token("gRecaptchaResponse")),
    ("turnstile", "Turnstile", lambda: {
        "type": "TurnstileTaskProxyless", "websiteURL": PAGE, "websiteKey": "0x4AAAAAAAVrOwQWPlm3Bnr5"},
     token("token")),
    ("geetestV4", "GeeTest v4", lambda: {
        "type": "GeeTestTaskProxyless", "websiteURL": PAGE, "captchaId": "e392e1d7fd421dc63325744d5a2b9c73"},
     geetest_holds),
    ("imageToText", "image", lambda: {"type": "ImageToTextTask", "body": PICTURE, "numeric": 1}, text_holds),
    ("altcha", "ALTCHA", lambda: {
        "type": "AltchaTaskProxyless", "websiteURL": PAGE, "challengeJSON": altcha_challenge()}, altcha_holds),
]


class Attempt:
    """One task at one adapter, solved on a thread of its own."""

    def __init__(self, adapter, make, holds):
        self.adapter, self.task, self.holds = adapter, make(), holds
        self.seconds, self.cost, self.problem = 0.0, Decimal(0), None
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        start = time.monotonic()
        try:
            self.solve(start)
        except (OSError, ValueError, KeyError, TypeError) as error:
            self.problem = f"{type(error).__name__}: {error}"

    def solve(self, start):
        answer = call("createTask", provider=self.adapter, task=self.task)
        if "taskId" not in answer:
            self.problem = f"{answer['errorCode']}: {answer['errorDescription']}"
            return
        while time.monotonic() < start + PATIENCE:
            result = call("getTaskResult", taskId=answer["taskId"])
            self.seconds = time.monotonic() - start
            if result.get("errorId"):
                self.problem = f"{result['errorCode']}: {result['errorDescription']}"
                return
            if result["status"] == "ready":
                self.cost = result["cost"]
                if not self.holds(self.task, result["solution"], self.adapter):
                    self.problem = f"this is no solution: {str(result['solution'])[:200]}"
                return
            time.sleep(0.1)
        self.problem = f"not solved within {PATIENCE} seconds"


def call(path, **members):
    body = json.dumps({"clientKey": KEY, **members}).encode()
    request = urllib.request.Request(f"{URL}/{path}", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer, parse_float=Decimal)


def usd(amount):
    """An amount without the zeros that say nothing."""
    text = f"{Decimal(amount):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(adapters, rows):
    """The table: for each kind a line with seconds and one with costs, in columns of adapters."""
    lines = [[""] + adapters]
    for title, cells in rows:
        marks = ["-" if cell is None else "FAILED" if cell.problem else f"ok {cell.seconds:.1f} s" for cell in cells]
        costs = ["" if cell is None or cell.problem else usd(cell.cost) for cell in cells]
        lines += [[title] + marks, [""] + costs]
    widths = [max(len(line[column]) for line in lines) + 2 for column in range(len(lines[0]))]
    print()
    for number, line in enumerate(lines):
        print("    " + "".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())
        if number % 2 == 0:
            print()


def main():
    listed = json.loads(os.environ["DEMO_ADAPTERS"])
    families = {row["adapter"]: row["families"] for row in listed if row["adapter"] != "-"}
    order = ["2captcha", "capsolver", "anticaptcha", "capmonster", "multibot", "native"]
    adapters = [name for name in order if name in families] + sorted(set(families) - set(order))
    before = call("getBalance")["balance"]
    rows = [
        (title, [Attempt(name, make, holds) if family in families[name] else None for name in adapters])
        for family, title, make, holds in KINDS]
    attempts = [cell for _, cells in rows for cell in cells if cell]
    print(f"==> {len(attempts)} tasks are solved side by side, each through the adapter that its `provider` names",
          flush=True)
    for attempt in attempts:
        attempt.thread.start()
    for attempt in attempts:
        attempt.thread.join()
    show(adapters, rows)

    spent, after = sum((Decimal(attempt.cost) for attempt in attempts), Decimal(0)), call("getBalance")["balance"]
    print(f"    {sum(not attempt.problem for attempt in attempts)} of {len(attempts)} solved for {usd(spent)} USD; "
          f"the account went from {usd(before)} to {usd(after)} USD")
    for title, cells in rows:
        for cell in cells:
            if cell and cell.problem:
                print(f"    {title} at {cell.adapter}: {cell.problem}")
    if Decimal(before) - Decimal(after) != spent:
        print("    The account was charged something else than what the tasks cost.")
        return 1
    return 1 if not attempts or any(attempt.problem for attempt in attempts) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
