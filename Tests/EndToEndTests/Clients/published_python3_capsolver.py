"""`python3-capsolver`: it decodes strictly. It takes a base address for tasks; https://api.capsolver.com is built in for the
balance. It has no call for a report.
"""

from published_support import KEY, PICTURE, TLS, WRONG, map_names, run
from sdk_samples import PAGE, SITE

map_names("api.capsolver.com")

from python3_capsolver.cloudflare import Cloudflare
from python3_capsolver.control import Control
from python3_capsolver.core.enum import CaptchaTypeEnm
from python3_capsolver.image_to_text import ImageToText
from python3_capsolver.recaptcha import ReCaptcha

options = {"sleep_time": 5, "request_url": TLS}


def recaptcha(kind=CaptchaTypeEnm.ReCaptchaV2TaskProxyLess, key=KEY):
    return ReCaptcha(api_key=key, captcha_type=kind, **options).captcha_handler(
        {"websiteURL": PAGE, "websiteKey": SITE, "pageAction": "login"})


def turnstile():
    return Cloudflare(api_key=KEY, captcha_type=CaptchaTypeEnm.AntiTurnstileTaskProxyLess, **options)


async def asynchronous():
    return (await turnstile().aio_captcha_handler(
        {"websiteURL": PAGE, "websiteKey": "0x4AAAAAAAB"}))["solution"]["token"]


run(
    balance=lambda: Control(api_key=KEY).get_balance()["balance"],
    recaptchaV2=lambda: recaptcha()["solution"]["gRecaptchaResponse"],
    turnstile=lambda: turnstile().captcha_handler(
        {"websiteURL": PAGE, "websiteKey": "0x4AAAAAAAB"})["solution"]["token"],
    image=lambda: ImageToText(api_key=KEY, **options).captcha_handler({"body": PICTURE})["solution"]["text"],
    asynchronous=asynchronous,
    wrongKey=lambda: {"reason": recaptcha(key=WRONG)["errorCode"]},
    unsolvable=lambda: {"reason": recaptcha(CaptchaTypeEnm.ReCaptchaV3TaskProxyLess)["errorCode"]})
