"""`anticaptchaofficial`: https://api.anti-captcha.com is built in."""

from published_support import KEY, PICTURE, WRONG, map_names, run
from sdk_samples import PAGE, SITE

map_names("api.anti-captcha.com")

from anticaptchaofficial.imagecaptcha import imagecaptcha
from anticaptchaofficial.recaptchav2proxyless import recaptchaV2Proxyless
from anticaptchaofficial.recaptchav3proxyless import recaptchaV3Proxyless
from anticaptchaofficial.turnstileproxyless import turnstileProxyless


def made(kind, site=SITE, key=KEY):
    solver = kind()
    solver.set_key(key)
    solver.set_website_url(PAGE)
    solver.set_website_key(site)
    return solver


def solution(solver, *arguments, **more):
    found = solver.solve_and_return_solution(*arguments, **more)
    # The client returns 0 for what it could not do, and keeps the reason.
    return found if found != 0 else {"reason": solver.error_code}


def unsolvable():
    solver = made(recaptchaV3Proxyless)
    solver.set_min_score(0.7)
    solver.set_page_action("login")
    return solution(solver)


def report():
    recaptcha, picture = made(recaptchaV2Proxyless), made(imagecaptcha)
    solutions = [solution(recaptcha), solution(picture, None, body=PICTURE)]
    return solutions + [
        recaptcha.report_incorrect_recaptcha()["status"], picture.report_incorrect_image_captcha()["status"]]


run(
    balance=lambda: made(imagecaptcha).get_balance(),
    recaptchaV2=lambda: solution(made(recaptchaV2Proxyless)),
    turnstile=lambda: solution(made(turnstileProxyless, "0x4AAAAAAAB")),
    image=lambda: solution(made(imagecaptcha), None, body=PICTURE),
    wrongKey=lambda: solution(made(recaptchaV2Proxyless, key=WRONG)),
    unsolvable=unsolvable,
    report=report)
