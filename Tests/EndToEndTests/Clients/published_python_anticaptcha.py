"""`python-anticaptcha`: it takes a host and speaks https to it. It does not know Turnstile."""

from published_support import KEY, PICTURE_BYTES, TLS_HOST, WRONG, run
from python_anticaptcha import (
    AnticaptchaClient, AsyncAnticaptchaClient, ImageToTextTask, NoCaptchaTaskProxylessTask, RecaptchaV2TaskProxyless,
    RecaptchaV3TaskProxyless,
)
from sdk_samples import PAGE, SITE

client = AnticaptchaClient(KEY, host=TLS_HOST)


def solved(task):
    job = client.create_task(task)
    job.join()
    return job


async def asynchronous():
    async with AsyncAnticaptchaClient(KEY, host=TLS_HOST) as other:
        job = await other.create_task(NoCaptchaTaskProxylessTask(PAGE, SITE))
        await job.join()
        return job.get_solution_response()


def report():
    recaptcha, picture = solved(RecaptchaV2TaskProxyless(PAGE, SITE)), solved(ImageToTextTask(PICTURE_BYTES))
    return [
        recaptcha.get_solution_response(), picture.get_captcha_text(), recaptcha.report_incorrect_recaptcha(),
        picture.report_incorrect_image()]


run(
    balance=client.get_balance,
    recaptchaV2=lambda: solved(RecaptchaV2TaskProxyless(PAGE, SITE)).get_solution_response(),
    image=lambda: solved(ImageToTextTask(PICTURE_BYTES)).get_captcha_text(),
    asynchronous=asynchronous,
    wrongKey=lambda: AnticaptchaClient(WRONG, host=TLS_HOST).get_balance(),
    unsolvable=lambda: solved(RecaptchaV3TaskProxyless(PAGE, SITE, 0.7, "login")).get_solution_response(),
    report=report)
