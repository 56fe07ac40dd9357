"""`capsolver`: takes its base address from the environment and sends a task as it is given. It is of 2023;
`python3-capsolver`, which follows the present documentation, says which types there are and reads answers strictly.
"""

import os

from sdk_support import ADDRESS, KEY, POOR, REPORT, case, finish, script

os.environ["CAPSOLVER_API_BASE"] = ADDRESS

import capsolver
from sdk_samples import AGENT, PICTURE, PROXY, TASKS, proxied

capsolver.api_key = KEY
PROXY_TEXT = f"http:{PROXY['proxyAddress']}:{PROXY['proxyPort']}:{PROXY['proxyLogin']}:{PROXY['proxyPassword']}"


def without(task, *names):
    return {name: value for name, value in task.items() if name not in names and not name.startswith("proxy")}


def solve(name, kind, family=None, task=None, **fields):
    """The documented fields of a type, from the canonical task's."""
    family = family or name
    task = task or TASKS[family]
    body = {"type": kind, **(fields or without(task))}
    if "proxyAddress" in task:
        body["proxy"] = PROXY_TEXT
    case(name, family, task, lambda: capsolver.solve(body))


def both(family, kind):
    solve(family, kind + "ProxyLess")
    solve(family + ".proxy", kind, family, proxied(family))


both("recaptchaV2", "ReCaptchaV2Task")
both("recaptchaV2Enterprise", "ReCaptchaV2EnterpriseTask")
both("recaptchaV3", "ReCaptchaV3Task")
both("recaptchaV3Enterprise", "ReCaptchaV3EnterpriseTask")
solve("turnstile", "AntiTurnstileTaskProxyLess")
solve("cloudflareClearance", "AntiCloudflareTask")
solve("geetestV3", "GeeTestTaskProxyLess")
solve("geetestV4", "GeeTestTaskProxyLess")
solve("datadome", "DatadomeSliderTask")
waf = TASKS["amazonWaf"]
fields = {"websiteURL": waf["websiteURL"], "awsKey": waf["websiteKey"], "awsIv": waf["iv"], "awsContext": waf["context"]}
solve("amazonWaf", "AntiAwsWafTaskProxyLess", **fields)
solve("amazonWaf.proxy", "AntiAwsWafTask", "amazonWaf", proxied("amazonWaf"), **fields)
both("mtcaptcha", "MtCaptchaTask")
solve("friendlyCaptcha", "FriendlyCaptchaTaskProxyless")
solve("yandex", "YandexCaptchaTaskProxyLess")
solve("imageToText", "ImageToTextTask")
solve("visionEngine", "VisionEngine")
grid = {"body": PICTURE, "question": "/m/04_sv"}
solve("grid", "ReCaptchaV2Classification", "grid", grid, image=PICTURE, question="/m/04_sv")
solve("awsWafClassification", "AwsWafClassification")

from python3_capsolver.core.enum import CaptchaTypeEnm
from python3_capsolver.image_to_text import ImageToText
from python3_capsolver.recaptcha import ReCaptcha

strict = {"api_key": KEY, "sleep_time": 1, "request_url": ADDRESS}
REPORT["strict"] = [
    ReCaptcha(captcha_type=CaptchaTypeEnm.ReCaptchaV2TaskProxyLess, **strict).captcha_handler(TASKS["recaptchaV2"])["status"],
    ImageToText(**strict).captcha_handler(TASKS["imageToText"])["status"],
    ReCaptcha(captcha_type=CaptchaTypeEnm.ReCaptchaV3TaskProxyLess, **strict).captcha_handler({})["errorCode"],
]
# An empty task of each type: a type that the simulator does not know has an error of its own.
REPORT["unknownTypes"] = []
for kind in CaptchaTypeEnm:
    try:
        capsolver.solve({"type": kind.value})
    except Exception as error:
        if error.json_body["errorCode"] == "ERROR_TASK_NOT_SUPPORTED":
            REPORT["unknownTypes"].append(kind.value)

REPORT["balance"] = capsolver.balance()["balance"]
REPORT["errors"] = {}


def refused(name, key=KEY, **changes):
    capsolver.api_key = key
    try:
        capsolver.solve({"type": "ReCaptchaV2TaskProxyLess", **TASKS["recaptchaV2"], **changes})
    except Exception as error:
        REPORT["errors"][name] = f"{type(error).__name__} {error.json_body['errorCode']}"
    capsolver.api_key = KEY


refused("wrongKey", "CAP-WRONG")
refused("noFunds", POOR)
refused("badTask", websiteURL="")
script({"successRate": 0})
refused("unsolvable")
script({"latency": 3})
REPORT["late"] = "gRecaptchaResponse" in capsolver.solve({"type": "ReCaptchaV2TaskProxyLess", **TASKS["recaptchaV2"]})
finish()
