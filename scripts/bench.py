"""Load on loopback with wrk, and what it costs: `make bench`.

(a) a Hummingbird handler that decodes the same createTask body with Codable and answers, nothing else
(b) createTask of the host, durable, towards an adapter that accepts every task and then stays processing
(c) getTaskResult of one of those tasks

and what one call over the plug-in boundary costs, in the host's process and in one of the adapter's own, and what other
adapters notice of one whose process crashes, hangs or leaks (bench_isolation.py); and how long results wait until they
are fetched, in a simulation of vendors that solve at random.

wrk runs on the same cores, so only the ratios say something about the host.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import bench_isolation

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RELEASE = os.path.join(ROOT, ".build", "release")
CHALLENGE = {"algorithm": "SHA-256", "challenge": "a" * 64, "salt": "0123456789abcdef?expires=4102444800", "signature": "b" * 64}
TASK = {"type": "AltchaTaskProxyless", "websiteURL": "https://example.com/login", "challengeJSON": json.dumps(CHALLENGE)}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Client:
    """One connection that stays open."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def request(self, method, path, body=b""):
        head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        self.socket.sendall(head.encode() + body)
        while b"\r\n\r\n" not in self.buffer:
            self.receive()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        length = int(re.search(rb"content-length: *(\d+)", head, re.I).group(1))
        while len(self.buffer) < length:
            self.receive()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return int(head.split()[1]), body

    def receive(self):
        data = self.socket.recv(65536)
        if not data:
            sys.exit("bench: the connection ended before the answer")
        self.buffer += data

    def post(self, path, value):
        return json.loads(self.request("POST", path, json.dumps(value).encode())[1])


class Host:
    """A host on a database of its own with one adapter, or with those that the lines under `adapters:` name."""

    def __init__(self, plugin, adapters=None):
        self.folder = tempfile.mkdtemp(prefix="bench-", dir=os.path.join(ROOT, ".build", "bench"))
        self.port, self.admin = free_port(), free_port()
        self.config = os.path.join(self.folder, "ucaptcha.yaml")
        with open(self.config, "w") as file:
            file.write(
                f"server: {{ host: 127.0.0.1, port: {self.port}, rateLimit: {{ requests: 1000000000 }} }}\n"
                f"admin: {{ host: 127.0.0.1, port: {self.admin} }}\n"
                f"database: {{ path: bench.sqlite }}\nplugins: {{ directory: {ROOT}/.build/bench/plugins }}\n"
                "adapters:\n" + (adapters or f"  {plugin}: {{ enabled: true, prices: {{ altcha: 0.0002 }} }}\n"))
        account = json.loads(self.command("account", "create", "--deposit", "1000000", "--json"))
        self.key = account["apiKey"]
        # So that a task for which none is named goes to the cheapest adapter, however slow.
        self.command("key", "settings", "1", "--preset", "cheapest")
        self.log = open(os.path.join(self.folder, "log"), "w")
        self.process = subprocess.Popen(
            [os.path.join(RELEASE, "ucaptcha"), "serve", "--config", self.config], stdout=self.log, stderr=self.log)
        wait_for(self.port, "/readyz", self.process, self.log.name)

    def command(self, *words):
        done = subprocess.run(
            [os.path.join(RELEASE, "ucaptcha"), *words, "--config", self.config], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"bench: ucaptcha {' '.join(words)}: {done.stderr}{done.stdout}")
        return done.stdout

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) * 1024

    def open_tasks(self):
        body = Client(self.admin).request("GET", "/metrics")[1].decode()
        found = re.search(r"^ucaptcha_open_tasks (\d+)", body, re.M)
        return int(float(found.group(1)))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        shutil.rmtree(self.folder)


def wait_for(port, path, process, log=None):
    for _ in range(2000):
        if process.poll() is not None:
            sys.exit(f"bench: the server ended at once{': ' + open(log).read() if log else ''}")
        try:
            if Client(port).request("GET", path)[0] == 200 or path == "/":
                return
        except OSError:
            pass
        time.sleep(0.01)
    sys.exit("bench: the server is not ready after 20 s")


def wrk(port, path, body, seconds, connections=64):
    """Requests a second, p50 and p99 in milliseconds."""
    script = os.path.join(ROOT, ".build", "bench", "request.lua")
    with open(script, "w") as file:
        file.write(
            f"wrk.method = 'POST'\nwrk.headers['Content-Type'] = 'application/json'\nwrk.body = [==[{json.dumps(body)}]==]\n"
            "local bad = 0\n"
            "function response(status, headers, body) if not body:find('\"errorId\":0', 1, true) then bad = bad + 1;"
            " if bad < 3 then io.stderr:write(body .. '\\n') end end end\n")
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script, f"http://127.0.0.1:{port}{path}"],
        capture_output=True, text=True)
    if done.returncode != 0 or "errorId" in done.stderr or "Non-2xx" in done.stdout:
        sys.exit(f"bench: wrk: {done.stdout}{done.stderr}")

    def figure(name):
        value, unit = re.search(rf"{name}\s+([\d.]+)(us|ms|s)", done.stdout).groups()
        return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]

    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1)), figure("50%"), figure("99%")


def throughput(options):
    port = free_port()
    baseline = subprocess.Popen(
        [os.path.join(RELEASE, "bench-baseline"), str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(port, "/", baseline)
    rows = {"a": [], "b": [], "c": []}
    verified = ""
    for _ in range(options.rounds):
        # A host of its own for each round: its tasks never end, and the number of open ones has a bound.
        host = Host("stalls")
        body = {"clientKey": host.key, "task": TASK}
        task = Client(host.port).post("/createTask", body)["taskId"]
        wrk(port, "/createTask", body, 1)
        wrk(host.port, "/createTask", body, 1)
        rows["a"].append(wrk(port, "/createTask", body, options.seconds))
        rows["b"].append(wrk(host.port, "/createTask", body, options.seconds))
        rows["c"].append(wrk(host.port, "/getTaskResult", {"clientKey": host.key, "taskId": task}, options.seconds))
        verified = host.command("ledger", "verify") if options.verify else ""
        host.stop()
    baseline.terminate()
    ratios = {name: statistics.median(row[0] / base[0] for row, base in zip(rows[name], rows["a"])) for name in "bc"}
    print(f"\n{'':34}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'ratio':>8}")
    for name, what in (("a", "Codable echo, no work"), ("b", "createTask, durable"), ("c", "getTaskResult, processing")):
        middle = [statistics.median(column) for column in zip(*rows[name])]
        ratio = f"{ratios[name]:8.2f}" if name in ratios else "        "
        print(f"({name}) {what:<30}{middle[0]:>12,.0f}{middle[1]:>9.2f}{middle[2]:>9.2f}{ratio}")
    if verified:
        print(verified.strip())
    return ratios["b"]


def memory(count):
    host = Host("stalls")
    time.sleep(1)
    idle = host.memory()
    body = {"clientKey": host.key, "task": TASK}
    while host.open_tasks() < count:
        wrk(host.port, "/createTask", body, 1)
    tasks = host.open_tasks()
    each = (host.memory() - idle) / tasks
    host.stop()
    print(f"\nmemory: idle host {idle / 2**20:.1f} MiB; with {tasks:,} tasks waiting {each:,.0f} bytes a task more")
    return idle, each


def time_in_host(count):
    """From the last byte of createTask to `ready`, one task at a time, with an adapter that answers the submit."""
    host = Host("instant")
    client = Client(host.port)
    samples, accepts = [], []
    for number in range(count + 50):
        body = json.dumps({"clientKey": host.key, "task": TASK}).encode()
        start = time.perf_counter()
        task = json.loads(client.request("POST", "/createTask", body)[1])["taskId"]
        accepted = time.perf_counter()
        ask = json.dumps({"clientKey": host.key, "taskId": task}).encode()
        while b'"ready"' not in client.request("POST", "/getTaskResult", ask)[1]:
            pass
        if number >= 50:
            samples.append((time.perf_counter() - start) * 1000)
            accepts.append((accepted - start) * 1000)
    host.stop()
    print(
        f"\ntime in the host when idle, createTask to ready: median {statistics.median(samples):.2f} ms"
        f" (p99 {sorted(samples)[int(len(samples) * 0.99)]:.2f}); of it createTask {statistics.median(accepts):.2f} ms")


def boundary(count):
    """Microseconds of one call at a time: p50 and p99, in the host's process and in one of the adapter's own."""
    done = subprocess.run(
        [os.path.join(RELEASE, "bench-boundary"), os.path.join(ROOT, ".build", "bench", "plugins"),
         os.path.join(RELEASE, "ucaptcha"), str(count)], capture_output=True, text=True)
    rows = {words[0]: (float(words[1]), float(words[2])) for words in map(str.split, done.stdout.splitlines())}
    if done.returncode != 0 or set(rows) != {"none", "process"}:
        sys.exit(f"bench: bench-boundary: {done.stdout}{done.stderr}")
    print(f"\n{'one call over the boundary':34}{'p50 us':>9}{'p99 us':>9}")
    print(f"{'in the host (isolation: none)':34}{rows['none'][0]:>9.1f}{rows['none'][1]:>9.1f}")
    print(f"{'over a process (process)':34}{rows['process'][0]:>9.1f}{rows['process'][1]:>9.1f}")
    return rows["none"][0], rows["process"][0]


def polling():
    """The worst excess over the best schedule, and the milliseconds that making a schedule takes."""
    done = subprocess.run([os.path.join(RELEASE, "bench-polling"), "4000", "4"], capture_output=True, text=True)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(rows) < 2 or rows[-1][0] != "planning":
        sys.exit(f"bench: bench-polling: {done.stdout}{done.stderr}")
    print(f"\n{'':40}{'learned':>15}{'best':>7}{'excess':>9}{'vendor plan':>15}{'every 5 s':>15}")
    print(f"{'solve times; bounds in s':40}{'delay s  polls':>15}{'s':>7}{'mean max':>9}" + f"{'delay s  polls':>15}" * 2)
    for name, *figures in rows[:-1]:
        delay, polls, best, mean, most, vendor, vendor_polls, fixed, fixed_polls = map(float, figures)
        print(
            f"{name:40}{delay:8.2f}{polls:7.2f}{best:7.2f}{100 * (mean - 1):4.0f}{100 * (most - 1):4.0f}%"
            f"{vendor:8.2f}{vendor_polls:7.2f}{fixed:8.2f}{fixed_polls:7.2f}")
    planning = float(rows[-1][1])
    print("best: knows the solve times and asks as often as the learned schedule. excess: over it, of four runs")
    print(f"making a schedule takes {planning:.2f} ms at most (median of eleven times)")
    return max(float(row[5]) for row in rows[:-1]), planning


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5, help="seconds of each run of wrk")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, in turn")
    parser.add_argument("--stretch", type=float, default=2, help="seconds of each stretch of load beside bad adapters")
    parser.add_argument("--tasks", type=int, default=100_000, help="tasks waiting for the memory figure")
    parser.add_argument("--verify", action="store_true", help="verify the ledger after the load")
    parser.add_argument("--only", choices=["throughput", "memory", "time", "boundary", "isolation", "polling"])
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("bench: wrk is missing; `apt-get install wrk` installs it")
    failures = []
    if options.only in (None, "throughput"):
        print("==> throughput, the three in turn")
        ratio = throughput(options)
        if ratio < 0.6:
            failures.append(f"createTask reaches {ratio:.2f} of the baseline; at least 0.60 is asked for")
    if options.only in (None, "memory"):
        print(f"\n==> memory with {options.tasks:,} tasks waiting")
        idle, each = memory(options.tasks)
        if idle > 70 * 2**20:
            failures.append(f"the idle host takes {idle / 2**20:.1f} MiB; at most 70 are allowed")
        if each > 1024:
            failures.append(f"a waiting task takes {each:.0f} bytes; at most 1,024 are allowed")
    if options.only in (None, "time"):
        print("\n==> time in the host, one task at a time")
        time_in_host(500)
    if options.only in (None, "boundary"):
        print("\n==> the plug-in boundary, one call at a time")
        inside, across = boundary(20_000)
        if inside > 100:
            failures.append(f"a call in the host's process takes {inside:.0f} us; at most 100 are allowed")
        if across > 200:
            failures.append(f"a call over a process takes {across:.0f} us; at most 200 are allowed")
    if options.only in (None, "isolation"):
        print("\n==> the other adapters while one crashes, hangs or leaks, at a fixed rate of tasks")
        failures += bench_isolation.measure(
            lambda adapters: Host("fragile", adapters), TASK, options.rounds, options.stretch)
    if options.only in (None, "polling"):
        print("\n==> how long results wait until they are fetched, simulated")
        excess, planning = polling()
        if excess > 1.1:
            failures.append(f"results wait {excess:.2f} times as long as by the best schedule; at most 1.10 is allowed")
        if planning > 2:
            failures.append(f"making a schedule takes {planning:.2f} ms; at most 2 are allowed")
    for failure in failures:
        print(f"bench: {failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


main()
