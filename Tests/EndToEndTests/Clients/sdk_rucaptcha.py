"""`python-rucaptcha`: speaks 2Captcha's JSON interface; api.2captcha.com resolves to loopback here."""

import logging

from sdk_support import KEY, POOR, REPORT, case, finish, front, script

front(["api.2captcha.com"])
logging.disable(logging.CRITICAL)

import python_rucaptcha as sdk
from python_rucaptcha import (
    alibaba_captcha, altcha_captcha, amazon_waf, atb_captcha, audio_captcha, basilisk_captcha, binance_captcha,
    bounding_box_captcha, captcha_fox, capy_puzzle, control, coordinates_captcha, cutcaptcha, cyber_siara_captcha,
    datadome_captcha, draw_around_captcha, friendly_captcha, fun_captcha, gee_test, grid_captcha, image_captcha,
    incapsula_captcha, key_captcha, lemin_captcha, mt_captcha, prosopo, re_captcha, rotate_captcha, temu_captcha,
    tencent, text_captcha, tspd_captcha, turnstile, vk_captcha, yandex_smart_captcha, yidun_captcha,
)
from sdk_samples import AGENT, CHALLENGE_TEXT, PICTURE, PICTURE_BYTES, PROXY, TASKS, proxied


def solved(answer):
    if answer["errorId"] != 0 or answer["status"] != "ready":
        raise RuntimeError(f"{answer['errorCode']}: {answer['errorDescription']}")
    return answer["solution"]


def solve(family, make, method, name=None, task=None, handler={}, **fields):
    """`fields` are the client's arguments, by default the canonical ones."""
    task = task or TASKS[family]
    case(name or family, family, task,
         lambda: solved(make(rucaptcha_key=KEY, method=method, sleep_time=1, **(fields or task)).captcha_handler(**handler)))


def both(family, make, kind, task=None, handler={}, **fields):
    task = task or TASKS[family]
    solve(family, make, kind + "Proxyless", task=task, handler=handler, **fields)
    solve(family, make, kind, family + ".proxy", {**task, **PROXY}, handler=handler, **({**fields, **PROXY} if fields else {}))


both("recaptchaV2", re_captcha.ReCaptcha, "RecaptchaV2Task")
both("recaptchaV2Enterprise", re_captcha.ReCaptcha, "RecaptchaV2EnterpriseTask")
solve("recaptchaV3", re_captcha.ReCaptcha, "RecaptchaV3TaskProxyless")
v3 = TASKS["recaptchaV3Enterprise"]
solve("recaptchaV3Enterprise", re_captcha.ReCaptcha, "RecaptchaV3TaskProxyless", isEnterprise=True, **v3)
solve("recaptchaV3Enterprise", re_captcha.ReCaptcha, "RecaptchaV3EnterpriseTaskProxyless", "recaptchaV3Enterprise.type")
both("turnstile", turnstile.Turnstile, "TurnstileTask", {**TASKS["turnstile"], "userAgent": AGENT})
page = TASKS["cloudflareToken"]
both("cloudflareToken", turnstile.Turnstile, "TurnstileTask", websiteURL=page["websiteURL"], websiteKey=page["websiteKey"],
     action=page["action"], data=page["cData"], pagedata=page["chlPageData"], userAgent=page["userAgent"])
both("funcaptcha", fun_captcha.FunCaptcha, "FunCaptchaTask")
three = {name: value for name, value in TASKS["geetestV3"].items() if name != "challenge"}
both("geetestV3", gee_test.GeeTest, "GeeTestTask", handler={"challenge": TASKS["geetestV3"]["challenge"]}, **three)
four = TASKS["geetestV4"]
both("geetestV4", gee_test.GeeTest, "GeeTestTask", handler={"challenge": ""}, websiteURL=four["websiteURL"], gt="", version=4,
     initParameters={"captcha_id": four["captchaId"]})
both("amazonWaf", amazon_waf.AmazonWAF, "AmazonTask")
dome = TASKS["datadome"]
case("datadome", "datadome", dome,
     lambda: solved(datadome_captcha.DataDomeCaptcha(rucaptcha_key=KEY, sleep_time=1, **dome).captcha_handler()))
both("mtcaptcha", mt_captcha.MTCaptcha, "MtCaptchaTask")
both("friendlyCaptcha", friendly_captcha.FriendlyCaptcha, "FriendlyCaptchaTask")
both("altcha", altcha_captcha.AltchaCaptcha, "AltchaTask", websiteURL=TASKS["altcha"]["websiteURL"], challengeJSON=CHALLENGE_TEXT)
# The constant of the type without a proxy has a blank at its end here.
solve("prosopo", prosopo.Prosopo, "ProsopoTask", "prosopo.proxy", proxied("prosopo"))
lemin = TASKS["lemin"]
both("lemin", lemin_captcha.LeminCaptcha, "LeminTask", websiteURL=lemin["websiteURL"], captchaId=lemin["captchaId"], div_id=lemin["divId"])
both("keycaptcha", key_captcha.KeyCaptcha, "KeyCaptchaTask")
both("capy", capy_puzzle.CapyPuzzle, "CapyTask")
both("cutcaptcha", cutcaptcha.CutCaptcha, "CutCaptchaTask")
siara = TASKS["cyberSiara"]
both("cyberSiara", cyber_siara_captcha.CyberSiARACaptcha, "AntiCyberSiAraTask", websiteURL=siara["websiteURL"],
     SlideMasterUrlId=siara["slideMasterUrlId"], userAgent=siara["userAgent"])
both("tencent", tencent.Tencent, "TencentTask")
both("atbCaptcha", atb_captcha.atbCaptcha, "AtbCaptchaTask")
both("yandex", yandex_smart_captcha.YandexSmartCaptcha, "YandexSmartCaptchaTask")
both("binance", binance_captcha.BinanceCaptcha, "BinanceTask")
both("yidun", yidun_captcha.YidunCaptcha, "YidunTask")
both("basilisk", basilisk_captcha.BasiliskCaptcha, "BasiliskTask")
both("alibaba", alibaba_captcha.AlibabaCaptcha, "AlibabaTask")
fox = TASKS["captchaFox"]
case("captchaFox", "captchaFox", fox,
     lambda: solved(captcha_fox.CaptchaFox(rucaptcha_key=KEY, sleep_time=1, **fox).captcha_handler()))
solve("vkCaptcha", vk_captcha.VKCaptcha, "VKCaptchaTask")
solve("imperva", incapsula_captcha.IncapsulaCaptcha, "IncapsulaTask")
tspd = {("tspdcookie" if name == "tspdCookie" else name): value for name, value in TASKS["tspd"].items()}
solve("tspd", tspd_captcha.TSPDCaptcha, "tspdtask", **tspd)


def picture(family, make, handler={}, **fields):
    case(family, family, TASKS[family],
         lambda: solved(make(rucaptcha_key=KEY, sleep_time=1, **fields).captcha_handler(captcha_base64=PICTURE_BYTES, **handler)))


picture("imageToText", image_captcha.ImageCaptcha)
picture("audio", audio_captcha.AudioCaptcha, lang="en")
picture("coordinates", coordinates_captcha.CoordinatesCaptcha, comment=TASKS["coordinates"]["comment"])
picture("grid", grid_captcha.GridCaptcha, comment=TASKS["grid"]["comment"], rows=3, columns=3)
picture("rotate", rotate_captcha.RotateCaptcha, angle=45)
picture("boundingBox", bounding_box_captcha.BoundingBoxCaptcha, comment=TASKS["boundingBox"]["comment"])
picture("drawAround", draw_around_captcha.DrawAroundCaptcha, comment=TASKS["drawAround"]["comment"])
picture("temu", temu_captcha.TemuCaptcha, {"parts": TASKS["temu"]["parts"]})
picture("vkImage", vk_captcha.VKCaptcha, {"steps": TASKS["vkImage"]["steps"]}, method="VKCaptchaImageTask")
case("textQuestion", "textQuestion", TASKS["textQuestion"],
     lambda: solved(text_captcha.TextCaptcha(rucaptcha_key=KEY, sleep_time=1).captcha_handler(textcaptcha=TASKS["textQuestion"]["comment"])))

made = control.Control(rucaptcha_key=KEY, sleep_time=1)
REPORT["balance"] = made.getBalance()["balance"]


def recaptcha(key=KEY, **changes):
    return re_captcha.ReCaptcha(rucaptcha_key=key, sleep_time=1, **{**TASKS["recaptchaV2"], **changes}).captcha_handler()


tasks = [recaptcha()["taskId"] for _ in range(2)]
REPORT["reports"] = [
    made.reportCorrect(tasks[0])["status"], made.reportIncorrect(tasks[1])["status"],
    made.reportIncorrect(tasks[1])["errorId"],
]
REPORT["errors"] = {
    "wrongKey": recaptcha("wrong")["errorCode"], "noFunds": recaptcha(POOR)["errorCode"],
    "badKey": recaptcha(websiteKey="none")["errorCode"], "badPage": recaptcha(websiteURL="nothing")["errorCode"],
}
script({"successRate": 0})
REPORT["errors"]["unsolvable"] = recaptcha()["errorCode"]
script({"latency": 3})
REPORT["late"] = solved(recaptcha()) is not None
finish()
