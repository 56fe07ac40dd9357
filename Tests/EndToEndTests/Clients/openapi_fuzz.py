"""Has schemathesis make requests of the description that a host serves, and looks at every answer.

Usage: openapi_fuzz.py SETTINGS, one JSON object: `port` of the host, `keys` (a working one, one that may only solve, one
without money), `recyclable` (`provider` and `key` of what can be handed over), `requests` and `seed`. With the same seed
the same requests are made, but for the IDs of tasks. Prints a JSON object: what was asked, what came of it, and failures.
"""

import collections
import hashlib
import json
import sys
import warnings

import hypothesis
import requests
import schemathesis
from schemathesis import GenerationMode, checks
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup

from openapi_requests import Requests

SETTINGS = json.loads(sys.argv[1])
BASE = f"http://127.0.0.1:{SETTINGS['port']}"
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "allow_header_conformance",
]
MOST_FAILURES = 20
# What is no news in an answer.
USUAL_HEADERS = {"content-type", "content-length", "connection"}


class Fuzzer:
    def __init__(self, schema):
        self.operations = [result.ok() for result in schema.get_all_operations()]
        self.requests = Requests(SETTINGS, schema.raw_schema)
        self.session = requests.Session()
        self.failures = []
        self.counts = collections.Counter()
        self.codes = collections.Counter()
        self.statuses = collections.Counter()
        # Failures by path and status, of which two tell enough.
        self.kinds = collections.Counter()
        self.checks = [checks.CHECKS.get_one(name) for name in CHECKS]
        self.digest = hashlib.sha256()

    def ask(self, case):
        self.requests.prepare(case)
        self.digest.update(f"{case.method} {case.path} {case.query} {self.anonymous(case.body)}\n".encode())
        response = case.call(base_url=BASE, session=self.session, timeout=60)
        self.counts["requests"] += 1
        self.statuses[str(response.status_code)] += 1
        try:
            answer = json.loads(response.content)
        except ValueError:
            answer = None
        if isinstance(answer, dict):
            self.note(case, response, answer)
        problems = self.undescribed(case, response)
        # Where errors have status 200 it hides there.
        if isinstance(answer, dict) and answer.get("errorCode") == "ERROR_INTERNAL":
            problems.append("Something went wrong inside the host.")
        try:
            case.validate_response(response, checks=self.checks_of(case, response))
        except FailureGroup as error:
            problems += [str(part) for part in error.exceptions]
        kind = (case.path, response.status_code)
        self.kinds[kind] += bool(problems)
        if problems and self.kinds[kind] < 3 and len(self.failures) < MOST_FAILURES:
            self.failures.append(
                {
                    "request": f"{case.method} {case.formatted_path} {case.query}",
                    "headers": {name: str(value) for name, value in case.headers.items()},
                    "body": repr(case.body)[:1500],
                    "status": response.status_code,
                    "answer": response.text[:500],
                    "problems": problems,
                }
            )

    def note(self, case, response, answer):
        if "errorCode" in answer or answer.get("status") == 255:
            self.codes[answer.get("errorCode") or answer["error"]] += 1
        elif response.status_code in (200, 201):
            self.counts["successes"] += 1
            if case.path.endswith("/createTask") or "captcha" in answer and case.method == "POST":
                self.counts["tasks"] += 1
            if case.path.startswith("/v1/"):
                self.counts["accountSuccesses"] += 1
            if answer.get("status") == "ready":
                self.counts["solutions"] += 1
        self.requests.learn(case.path, answer)

    def undescribed(self, case, response):
        """Headers of the answer that its description doesn't have."""
        described = case.operation.definition.raw["responses"].get(str(response.status_code), {})
        if "$ref" in described:
            described = case.operation.schema.raw_schema["components"]["responses"][described["$ref"].split("/")[-1]]
        names = {name.lower() for name in described.get("headers", {})} | USUAL_HEADERS
        return [f"The header {name} is not described." for name in response.headers if name.lower() not in names]

    def checks_of(self, case, response):
        """All checks. Death By Captcha's documented 503 is no failure of a server, where the description has it."""
        documented = response.status_code == 503 and case.path.split("/")[1] == "api"
        return self.checks[1:] if documented else self.checks

    def anonymous(self, body):
        """The text of a body without a task's ID and the host's keys, which are others each time."""
        if isinstance(body, NotSet):
            return ""
        text = repr({**body, "taskId": type(body["taskId"])} if isinstance(body, dict) and "taskId" in body else body)
        for place, key in enumerate(SETTINGS["keys"]):
            text = text.replace(key, f"key {place}")
        return text

    def run(self, operation, mode, count, seed):
        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def requests_of_it(case):
            self.ask(case)

        try:
            requests_of_it()
        except hypothesis.errors.Unsatisfiable:
            # There may be nothing that would be wrong, such as in a request without a body.
            self.counts["unsatisfiable"] += 1

    def run_all(self):
        """Asks everything in turns, until there were enough requests."""
        wanted, seed = SETTINGS["requests"], SETTINGS["seed"]
        total = sum(map(weight, self.operations))
        turns = 0
        while self.counts["requests"] < wanted and turns < 10:
            # A first small turn makes tasks and keys for all of the second.
            left = (wanted - self.counts["requests"]) * (0.1 if turns == 0 else 1)
            for place, operation in enumerate(self.operations):
                for mode, share in ((GenerationMode.POSITIVE, 0.6), (GenerationMode.NEGATIVE, 0.4)):
                    count = max(1, round(left * share * weight(operation) / total))
                    self.run(operation, mode, count, seed + 1000 * turns + place)
            turns += 1

    def report(self):
        return {
            **self.counts,
            "operations": len(self.operations),
            "digest": self.digest.hexdigest()[:16],
            "statuses": self.statuses,
            "codes": self.codes,
            "failures": self.failures,
        }


def weight(operation):
    """Of some calls there is more to find."""
    if operation.path.endswith("/createTask") or operation.path == "/api/captcha":
        return 10
    if operation.path.endswith("/getTaskResult"):
        return 6
    return 3 if operation.path.startswith("/v1/") else 1


def main():
    warnings.filterwarnings("ignore")
    fuzzer = Fuzzer(schemathesis.openapi.from_url(f"{BASE}/openapi.json"))
    fuzzer.run_all()
    print(json.dumps(fuzzer.report()))


main()
