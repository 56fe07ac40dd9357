"""Has the cheapest vendor fail under a steady stream of tasks, and shows where they go: away from it, and back again.

Usage: outage.py URL KEY CONTROL; CONTROL is the control port of the provider simulator. `make demo` runs it. Nobody
tells the host anything; no client names a provider. It ends with status 1 when a client saw an error, when the tasks
did not leave within 10 seconds, or were not back within 60.
"""

import json
import sys
import threading
import time
import urllib.request

URL, KEY, CONTROL = sys.argv[1:4]
VENDORS = ["2captcha", "capsolver", "anticaptcha", "capmonster", "multibot"]
TASK = {
    "type": "TurnstileTaskProxyless", "websiteURL": "https://shop.example.org/login",
    "websiteKey": "0x4AAAAAAAVrOwQWPlm3Bnr5"}
RATE, PATIENCE = 4, 120
BEFORE, OUTAGE = 12, 20
LEAVES, RETURNS = 10, 60
LATENCY = {"latency": {"uniform": [0.5, 4]}}


def fetch(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


class Client:
    """Creates tasks one after the other, and fetches what comes of them, until it is stopped."""

    def __init__(self):
        self.stopped, self.lock = threading.Event(), threading.Lock()
        self.created, self.solved, self.problems = 0, 0, []
        self.solvers = []
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        next_at = time.monotonic()
        while not self.stopped.is_set():
            worker = threading.Thread(target=self.solve, daemon=True)
            self.solvers.append(worker)
            worker.start()
            next_at += 1 / RATE
            time.sleep(max(next_at - time.monotonic(), 0))

    def solve(self):
        with self.lock:
            self.created += 1
        start = time.monotonic()
        try:
            answer = fetch(f"{URL}/createTask", {"clientKey": KEY, "selectionMode": "autoCheapest", "task": TASK})
            while "taskId" in answer and time.monotonic() < start + PATIENCE:
                result = fetch(f"{URL}/getTaskResult", {"clientKey": KEY, "taskId": answer["taskId"]})
                if result.get("status") == "ready":
                    with self.lock:
                        self.solved += 1
                    return
                if result.get("status") != "processing":
                    answer = result
                    break
                time.sleep(0.5)
            problem = answer.get("errorCode", f"not solved within {PATIENCE} seconds")
        except (OSError, ValueError, KeyError) as error:
            problem = f"{type(error).__name__}: {error}"
        with self.lock:
            self.problems.append(problem)

    def finish(self):
        self.stopped.set()
        self.thread.join()
        for worker in self.solvers:
            worker.join()


class Watch:
    """Counts the tasks that were handed to each vendor, those that it failed included."""

    def __init__(self):
        self.last = dict.fromkeys(VENDORS, 0)
        self.look()

    def look(self):
        counts = {}
        for vendor in VENDORS:
            requests = fetch(f"{CONTROL}/requests?vendor={vendor}&after={self.last[vendor]}")
            requests = requests["requests"] if isinstance(requests, dict) else requests
            if requests:
                self.last[vendor] = requests[-1]["number"]
            counts[vendor] = sum("createTask" in row["target"] or "in.php" in row["target"] for row in requests)
        return counts


def main():
    watch, client = Watch(), Client()
    start = time.monotonic()
    client.thread.start()
    print(f"\n==> {RATE} Turnstile tasks a second, with selectionMode autoCheapest and no provider named; so many are "
          "handed to each vendor", flush=True)
    print("\n    second  " + "".join(name.rjust(13) for name in VENDORS))
    left = back = failing = recovered = leader = None
    totals, shown = dict.fromkeys(VENDORS, 0), dict.fromkeys(VENDORS, 0)
    quiet, busy = 0, 0
    second = 0
    while True:
        second += 1
        time.sleep(max(start + second - time.monotonic(), 0))
        counts = watch.look()
        note = ""
        if failing is None:
            for name in VENDORS:
                totals[name] += counts[name]
            if second >= BEFORE:
                leader = max(totals, key=totals.get)
                failing = second
                fetch(f"{CONTROL}/script", {leader: {"faults": [{"kind": "reset"}]}})
                note = f"{leader} fails from here on"
        elif recovered is None:
            # A task a second or two is a try, and not the traffic.
            quiet = quiet + 1 if counts[leader] <= RATE / 2 else 0
            if left is None and quiet == 3:
                left = second - failing - 2
            if second >= failing + OUTAGE:
                recovered = second
                fetch(f"{CONTROL}/script", {leader: LATENCY})
                note = f"{leader} works again from here on"
        else:
            busy = busy + 1 if counts[leader] > sum(counts.values()) / 2 else 0
            if busy == 3:
                back = second - recovered - 2
        for name in VENDORS:
            shown[name] += counts[name]
        if note or second % 2 == 0 or back is not None:
            print(f"    {second:6}  " + "".join(str(shown[name]).rjust(13) for name in VENDORS) + f"   {note}".rstrip(),
                  flush=True)
            shown = dict.fromkeys(VENDORS, 0)
        if back is not None or (recovered and second >= recovered + RETURNS + 3):
            break
    client.finish()
    print(f"\n    {client.solved} of {client.created} tasks solved; errors that a client saw: {len(client.problems)}")
    print(f"    the tasks left {leader} {'never' if left is None else f'after {left} s'} and were back "
          f"{'never' if back is None else f'after {back} s'}")
    for problem in sorted(set(client.problems)):
        print(f"    {problem}")
    good = not client.problems and left is not None and left <= LEAVES and back is not None and back <= RETURNS
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
