"""`2captcha-python`: in.php and res.php. It takes a server and puts https:// before it."""

from published_support import KEY, PICTURE, TLS_HOST, WRONG, run
from sdk_samples import PAGE, SITE
from twocaptcha import AsyncTwoCaptcha, TwoCaptcha

options = {"server": TLS_HOST, "pollingInterval": 5}
solver = TwoCaptcha(KEY, **options)


def report():
    solved = solver.recaptcha(SITE, PAGE)
    return [solved["code"], solver.report(solved["captchaId"], False)]


async def asynchronous():
    solved = await AsyncTwoCaptcha(KEY, **options).turnstile("0x4AAAAAAAB", PAGE)
    return solved["code"]


run(
    balance=solver.balance,
    recaptchaV2=lambda: solver.recaptcha(SITE, PAGE)["code"],
    turnstile=lambda: solver.turnstile("0x4AAAAAAAB", PAGE)["code"],
    image=lambda: solver.normal(PICTURE)["code"],
    asynchronous=asynchronous,
    wrongKey=lambda: TwoCaptcha(WRONG, **options).balance(),
    unsolvable=lambda: solver.recaptcha(SITE, PAGE, version="v3", action="login", score=0.7),
    report=report)
