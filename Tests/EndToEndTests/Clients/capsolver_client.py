"""The official client `capsolver`, unmodified, with its base URL from CAPSOLVER_API_BASE.

Usage: capsolver_client.py KEY. Prints one JSON object.
"""

import json
import sys

import altcha
import capsolver

SECRET = "a secret of the site"
capsolver.api_key = sys.argv[1]
report = {"balance": capsolver.balance()["balance"]}

challenge = altcha.create_challenge_v1(altcha.ChallengeOptionsV1(max_number=5000, hmac_key=SECRET)).to_dict()
solution = capsolver.solve({"type": "AltchaTaskProxyless", "challengeJSON": challenge})
report["verified"] = altcha.verify_solution_v1(solution["token"], SECRET)[0]

try:
    capsolver.solve({"type": "NoSuchTask"})
except capsolver.error.CapsolverError as error:
    report["unknownTask"] = str(error)

capsolver.api_key = "ucap_" + "x" * 32
answer = capsolver.balance()
report["wrongKey"] = str(answer) if isinstance(answer, capsolver.error.CapsolverError) else f"not an error: {answer}"
print(json.dumps(report))
