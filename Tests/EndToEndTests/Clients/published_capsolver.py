"""`capsolver`: it takes a base address. It has no call for a report, and one key for all calls."""

import capsolver
from published_support import KEY, PICTURE, PLAIN, WRONG, run
from sdk_samples import PAGE, SITE

capsolver.api_base = PLAIN + "/capsolver"
capsolver.api_key = KEY


def solve(**task):
    return capsolver.solve(task)


def wrong_key():
    answer = capsolver.Capsolver(api_key=WRONG).request("post", "/getBalance", {"clientKey": WRONG})
    # The client returns an error here, and raises it elsewhere.
    return f"{type(answer).__name__}: {answer}"


run(
    balance=lambda: capsolver.balance()["balance"],
    recaptchaV2=lambda: solve(type="ReCaptchaV2TaskProxyLess", websiteURL=PAGE, websiteKey=SITE)["gRecaptchaResponse"],
    turnstile=lambda: solve(type="AntiTurnstileTaskProxyLess", websiteURL=PAGE, websiteKey="0x4AAAAAAAB")["token"],
    image=lambda: solve(type="ImageToTextTask", body=PICTURE)["text"],
    wrongKey=wrong_key,
    unsolvable=lambda: solve(
        type="ReCaptchaV3TaskProxyLess", websiteURL=PAGE, websiteKey=SITE, pageAction="login"))
