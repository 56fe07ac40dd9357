"""`unicaps` speaks for several services, and has their names built in: 2Captcha's in.php with `json=1`, Anti-Captcha's
interface and Death By Captcha's. It does not know Turnstile.
"""

from published_support import KEY, PICTURE_BYTES, WRONG, map_names, run
from sdk_samples import PAGE, SITE

map_names("2captcha.com", "api.anti-captcha.com", "api.dbcapi.me")

from unicaps import AsyncCaptchaSolver, CaptchaSolver, CaptchaSolvingService

SERVICES = {
    "": CaptchaSolvingService.TWOCAPTCHA, "AntiCaptcha": CaptchaSolvingService.ANTI_CAPTCHA,
    "DeathByCaptcha": CaptchaSolvingService.DEATHBYCAPTCHA,
}


def steps(service):
    def solver(key=KEY):
        return CaptchaSolver(service, key)

    def report():
        solved = solver().solve_image_captcha(PICTURE_BYTES)
        return [solved.solution.text, solved.report_bad(raise_exc=True)]

    async def asynchronous():
        async with AsyncCaptchaSolver(service, KEY) as other:
            return (await other.solve_image_captcha(PICTURE_BYTES)).solution.text

    return {
        "balance": lambda: solver().get_balance(),
        "recaptchaV2": lambda: solver().solve_recaptcha_v2(SITE, PAGE).solution.token,
        "image": lambda: solver().solve_image_captcha(PICTURE_BYTES).solution.text,
        "asynchronous": asynchronous,
        "wrongKey": lambda: solver(WRONG).get_balance(),
        "unsolvable": lambda: solver().solve_recaptcha_v3(SITE, PAGE, action="login", min_score=0.7),
        "report": report,
    }


run(**{name + suffix: step for suffix, service in SERVICES.items() for name, step in steps(service).items()})
