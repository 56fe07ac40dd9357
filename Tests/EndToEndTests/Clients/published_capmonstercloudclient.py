"""`capmonstercloudclient`: asynchronous; it takes a base address. It has no call for a report."""

from capmonstercloudclient import CapMonsterClient, ClientOptions
from capmonstercloudclient import requests as kinds
from published_support import KEY, PICTURE_BYTES, PLAIN, WRONG, run
from sdk_samples import PAGE, SITE


def client(key=KEY):
    return CapMonsterClient(ClientOptions(api_key=key, service_url=PLAIN + "/capmonster"))


async def balance():
    return (await client().get_balance())["balance"]


async def recaptcha():
    return (await client().solve_captcha(
        kinds.RecaptchaV2Request(websiteUrl=PAGE, websiteKey=SITE)))["gRecaptchaResponse"]


async def turnstile():
    return (await client().solve_captcha(kinds.TurnstileRequest(websiteURL=PAGE, websiteKey="0x4AAAAAAAB")))["token"]


async def image():
    return (await client().solve_captcha(kinds.ImageToTextRequest(image_bytes=PICTURE_BYTES)))["text"]


async def wrong_key():
    return await client(WRONG).get_balance()


async def unsolvable():
    return await client().solve_captcha(
        kinds.RecaptchaV3ProxylessRequest(websiteUrl=PAGE, websiteKey=SITE, pageAction="login", minScore=0.7))


run(balance=balance, recaptchaV2=recaptcha, turnstile=turnstile, image=image, wrongKey=wrong_key, unsolvable=unsolvable)
