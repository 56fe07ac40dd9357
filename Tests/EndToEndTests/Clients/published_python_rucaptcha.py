"""`python-rucaptcha`: 2Captcha's JSON interface; https://api.2captcha.com is built in."""

from published_support import KEY, PICTURE_BYTES, WRONG, map_names, run
from sdk_samples import PAGE, SITE

map_names("api.2captcha.com")

from python_rucaptcha.control import Control
from python_rucaptcha.image_captcha import ImageCaptcha
from python_rucaptcha.re_captcha import ReCaptcha
from python_rucaptcha.turnstile import Turnstile

control = Control(rucaptcha_key=KEY)


def recaptcha(method="RecaptchaV2TaskProxyless", key=KEY, **more):
    return ReCaptcha(
        rucaptcha_key=key, method=method, websiteURL=PAGE, websiteKey=SITE, sleep_time=5, **more).captcha_handler()


def turnstile():
    return Turnstile(
        rucaptcha_key=KEY, method="TurnstileTaskProxyless", websiteURL=PAGE, websiteKey="0x4AAAAAAAB",
        userAgent="Mozilla/5.0", sleep_time=5)


async def asynchronous():
    return (await turnstile().aio_captcha_handler())["solution"]["token"]


def report():
    solved = recaptcha()
    # The client goes on reporting until an answer is no success, at the vendor as here: it ends with the refusal of a
    # second report, which says that the first one was taken.
    return [solved["solution"]["gRecaptchaResponse"], control.reportIncorrect(solved["taskId"])["errorCode"]]


run(
    balance=lambda: control.getBalance()["balance"],
    recaptchaV2=lambda: recaptcha()["solution"]["gRecaptchaResponse"],
    turnstile=lambda: turnstile().captcha_handler()["solution"]["token"],
    image=lambda: ImageCaptcha(rucaptcha_key=KEY, sleep_time=5).captcha_handler(
        captcha_base64=PICTURE_BYTES)["solution"]["text"],
    asynchronous=asynchronous,
    wrongKey=lambda: {"reason": recaptcha(key=WRONG)["errorCode"]},
    unsolvable=lambda: {"reason": recaptcha("RecaptchaV3TaskProxyless", minScore=0.7, pageAction="login")["errorCode"]},
    report=report)
