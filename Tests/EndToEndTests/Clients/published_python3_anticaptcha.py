"""`python3-anticaptcha`: it decodes strictly; https://api.anti-captcha.com is built in."""

from published_support import KEY, PICTURE_BYTES, WRONG, map_names, run
from sdk_samples import PAGE, SITE

map_names("api.anti-captcha.com")

from python3_anticaptcha.control import Control
from python3_anticaptcha.core.enum import CaptchaTypeEnm
from python3_anticaptcha.image_to_text import ImageToText
from python3_anticaptcha.recaptcha_v2 import ReCaptchaV2
from python3_anticaptcha.recaptcha_v3 import ReCaptchaV3
from python3_anticaptcha.turnstile import Turnstile

page = {"websiteURL": PAGE, "websiteKey": SITE, "sleep_time": 5}


def recaptcha(key=KEY):
    return ReCaptchaV2(
        api_key=key, captcha_type=CaptchaTypeEnm.RecaptchaV2TaskProxyless, **page).captcha_handler()


def turnstile():
    return Turnstile(
        api_key=KEY, captcha_type=CaptchaTypeEnm.TurnstileTaskProxyless, **{**page, "websiteKey": "0x4AAAAAAAB"})


async def asynchronous():
    return (await turnstile().aio_captcha_handler())["solution"]["token"]


def report():
    solved = recaptcha()
    told = Control(api_key=KEY).report_incorrect_recaptcha(taskId=solved["taskId"])
    return [solved["solution"]["gRecaptchaResponse"], told["status"]]


run(
    balance=lambda: Control(api_key=KEY).get_balance()["balance"],
    recaptchaV2=lambda: recaptcha()["solution"]["gRecaptchaResponse"],
    turnstile=lambda: turnstile().captcha_handler()["solution"]["token"],
    image=lambda: ImageToText(api_key=KEY).captcha_handler(captcha_base64=PICTURE_BYTES)["solution"]["text"],
    asynchronous=asynchronous,
    wrongKey=lambda: {"reason": recaptcha(WRONG)["errorCode"]},
    unsolvable=lambda: {"reason": ReCaptchaV3(
        api_key=KEY, minScore=0.7, pageAction="login", **page).captcha_handler()["errorCode"]},
    report=report)
