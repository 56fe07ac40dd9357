"""Challenges of the official ALTCHA server library, solved by a host and verified by the library again.

Usage: altcha_round_trip.py PORT KEY. Prints one JSON object: what was verified, and the host's answers.
"""

import json
import sys
import time
import urllib.request

import altcha

PORT, KEY = sys.argv[1], sys.argv[2]
SECRET = "a secret of the site"


def post(path, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/{path}", json.dumps(body).encode(), {"content-type": "application/json"})
    return json.load(urllib.request.urlopen(request, timeout=30))


def solve(challenge):
    created = post("createTask", {"clientKey": KEY, "task": {"type": "AltchaTaskProxyless", "challengeJSON": challenge}})
    assert created["errorId"] == 0, created
    end = time.time() + 60
    while time.time() < end:
        result = post("getTaskResult", {"clientKey": KEY, "taskId": created["taskId"]})
        if result.get("status") != "processing":
            assert result["status"] == "ready", result
            return result
        time.sleep(0.02)
    raise SystemExit("not solved within 60 s")


verified, costs = [], []
for algorithm in ("SHA-1", "SHA-256", "SHA-512"):
    for as_text in (False, True):
        options = altcha.ChallengeOptionsV1(algorithm=algorithm, max_number=20000, hmac_key=SECRET)
        challenge = altcha.create_challenge_v1(options).to_dict()
        result = solve(json.dumps(challenge) if as_text else challenge)
        valid, error = altcha.verify_solution_v1(result["solution"]["token"], SECRET)
        assert valid, (algorithm, error)
        verified.append(f"v1 {algorithm}")
        costs.append(result["cost"])
for algorithm in ("SHA-256", "SHA-384", "SHA-512", "PBKDF2/SHA-256", "PBKDF2/SHA-384", "PBKDF2/SHA-512"):
    challenge = altcha.create_challenge(algorithm, 20, hmac_secret=SECRET, data={"form": "login", "n": 1.5})
    result = solve(challenge.to_dict())
    outcome = altcha.verify_solution(result["solution"]["token"], SECRET)
    assert outcome.verified, (algorithm, vars(outcome))
    verified.append(f"v2 {algorithm}")
    costs.append(result["cost"])
print(json.dumps({"verified": verified, "costs": costs, "balance": post("getBalance", {"clientKey": KEY})["balance"]}))
