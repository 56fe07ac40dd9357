"""`deathbycaptcha-official`: http://api.dbcapi.me/api is built in."""

import io
import json

from published_support import KEY, PICTURE_BYTES, WRONG, map_names, run
from sdk_samples import PAGE, SITE

map_names("api.dbcapi.me")

import deathbycaptcha

TOKEN = {"type": 4, "token_params": json.dumps({"googlekey": SITE, "pageurl": PAGE})}


def client(key=KEY):
    made = deathbycaptcha.HttpClient("me", key)
    made.is_verbose = False
    return made


def report():
    solved = client().decode(**TOKEN)
    # It returns whether the answer to the report says that the captcha was not correct.
    return [solved["text"], client().report(solved["captcha"])]


run(
    balance=client().get_balance,
    recaptchaV2=lambda: client().decode(**TOKEN)["text"],
    turnstile=lambda: client().decode(
        type=12, turnstile_params=json.dumps({"sitekey": "0x4AAAAAAAB", "pageurl": PAGE}))["text"],
    image=lambda: client().decode(io.BytesIO(PICTURE_BYTES))["text"],
    # With a token in place of name and password.
    tokenBalance=lambda: deathbycaptcha.HttpClient(None, None, KEY).get_user()["balance"],
    wrongKey=lambda: client(WRONG).get_balance(),
    unsolvable=lambda: client().decode(type=5, token_params=json.dumps(
        {"googlekey": SITE, "pageurl": PAGE, "action": "login", "min_score": 0.7})),
    report=report)
