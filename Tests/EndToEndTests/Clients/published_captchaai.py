"""`captchaai`: in.php and res.php; it takes a base address, refuses keys that have not 32 characters, and asks for the
account's threads first. It has no call for the balance and none for a report.
"""

from captchaai import AsyncCaptchaAI, CaptchaAI
from published_support import KEY, PICTURE_BYTES, PLAIN, WRONG, run
from sdk_samples import PAGE, SITE

key = KEY.removeprefix("ucap_")
solver = CaptchaAI(key, base_url=PLAIN)


async def asynchronous():
    other = await AsyncCaptchaAI.create(key, base_url=PLAIN)
    return (await other.turnstile("0x4AAAAAAAB", PAGE)).solution


run(
    threads=solver.threads_info,
    recaptchaV2=lambda: solver.recaptcha_v2(SITE, PAGE).solution,
    turnstile=lambda: solver.turnstile("0x4AAAAAAAB", PAGE).solution,
    image=lambda: solver.normal(PICTURE_BYTES).solution,
    asynchronous=asynchronous,
    wrongKey=lambda: CaptchaAI(WRONG.removeprefix("ucap_"), base_url=PLAIN),
    unsolvable=lambda: solver.recaptcha_v3(SITE, PAGE, "login"))
