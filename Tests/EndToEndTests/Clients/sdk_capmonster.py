"""`capmonstercloudclient`: takes the service's address as an option."""

import asyncio

from sdk_support import ADDRESS, KEY, POOR, REPORT, case, finish, script

_sleep = asyncio.sleep
asyncio.sleep = lambda seconds, *rest: _sleep(min(seconds, 0.11), *rest)

from capmonstercloudclient import CapMonsterClient, ClientOptions
from capmonstercloudclient import requests as kinds
from capmonstercloudclient.requests.proxy_info import ProxyInfo
from sdk_samples import AGENT, ALTCHA, PAGE, PAGE_BASE64, PAGE_HTML, PICTURE, PICTURE_BYTES, PROXY, TASKS, proxied

LOGIN = ProxyInfo(**PROXY)


def ask(request, key=KEY):
    client = CapMonsterClient(ClientOptions(api_key=key, service_url=ADDRESS))
    return asyncio.run(client.solve_captcha(request))


def solve(family, kind, name=None, task=None, **fields):
    case(name or family, family, task or TASKS[family], lambda: ask(getattr(kinds, kind)(**fields)))


def both(family, kind, **fields):
    solve(family, kind, **fields)
    solve(family, kind, family + ".proxy", proxied(family), proxy=LOGIN, **fields)


def of(family, *names, page="websiteUrl"):
    """The canonical fields of these names, the page under the client's name for it."""
    return {page: TASKS[family]["websiteURL"], **{name: TASKS[family][name] for name in names}}


both("recaptchaV2", "RecaptchaV2Request", **of("recaptchaV2", "websiteKey"))
both("recaptchaV2Enterprise", "RecaptchaV2EnterpriseRequest", enterprisePayload="payload", **of("recaptchaV2Enterprise", "websiteKey"))
solve("recaptchaV3", "RecaptchaV3ProxylessRequest", **of("recaptchaV3", "websiteKey", "minScore", "pageAction"))
solve("recaptchaV3Enterprise", "RecaptchaV3EnterpriseRequest", **of("recaptchaV3Enterprise", "websiteKey", "minScore", "pageAction"))
solve("recaptchaV3Enterprise", "RecaptchaV3ProxylessRequest", "recaptchaV3Enterprise.flag", isEnterprise=True,
      **of("recaptchaV3Enterprise", "websiteKey", "minScore", "pageAction"))
both("turnstile", "TurnstileRequest", **of("turnstile", "websiteKey", page="websiteURL"))
page = TASKS["cloudflareToken"]
both("cloudflareToken", "TurnstileRequest", pageAction=page["action"], data=page["cData"], pageData=page["chlPageData"],
     userAgent=AGENT, cloudflareTaskType="token", **of("cloudflareToken", "websiteKey", page="websiteURL"))
for kind, name in [("cf_clearance", "cloudflareClearance"), ("wait_room", "cloudflareClearance.waitRoom")]:
    page = {"html": PAGE_HTML} if kind == "cf_clearance" else {"html": PAGE_HTML, "cloudflareTaskType": kind}
    solve("cloudflareClearance", "TurnstileRequest", name, {**TASKS["cloudflareClearance"], **page}, websiteURL=PAGE,
          websiteKey="any", userAgent=AGENT, htmlPageBase64=PAGE_BASE64, cloudflareTaskType=kind, proxy=LOGIN)
both("geetestV3", "GeetestRequest", **of("geetestV3", "gt", "challenge", "geetestApiServerSubdomain"))
both("geetestV4", "GeetestRequest", gt=TASKS["geetestV4"]["captchaId"], version=4, **of("geetestV4"))
solve("funcaptcha", "FuncaptchaRequest", "funcaptcha.proxy", proxied("funcaptcha"), proxy=LOGIN,
      **of("funcaptcha", "websitePublicKey", "funcaptchaApiJSSubdomain", "data"))
waf = TASKS["amazonWaf"]
scripts = {"challengeScript": "https://a.example/challenge.js", "captchaScript": "https://a.example/captcha.js"}
solve("amazonWaf", "AmazonWafRequest", task={**waf, **scripts}, **scripts, **of("amazonWaf", "websiteKey", "iv", "context"))
solve("amazonWaf", "AmazonWafRequest", "amazonWaf.visible",
      {"websiteURL": PAGE, "websiteKey": waf["websiteKey"], "captchaScript": scripts["captchaScript"]},
      captchaScript=scripts["captchaScript"], **of("amazonWaf", "websiteKey"))
solve("amazonWaf", "AmazonWafRequest", "amazonWaf.invisible", {"websiteURL": PAGE, "challengeScript": scripts["challengeScript"]},
      websiteUrl=PAGE, challengeScript=scripts["challengeScript"], context="", iv="")
solve("amazonWaf", "AmazonWafRequest", "amazonWaf.cookie", {**waf, **scripts}, cookieSolution=True, **scripts,
      **of("amazonWaf", "websiteKey", "iv", "context"))
both("mtcaptcha", "MTCaptchaRequest", **of("mtcaptcha", "websiteKey"))
both("prosopo", "ProsopoTaskRequest", **of("prosopo", "websiteKey"))
both("yidun", "YidunRequest", **of("yidun", "websiteKey"))
both("binance", "BinanceTaskRequest", **of("binance", "websiteKey", "validateId"))
dome = TASKS["datadome"]
solve("datadome", "DataDomeCustomTaskRequest", websiteUrl=PAGE, proxy=LOGIN, userAgent=AGENT,
      metadata={"captchaUrl": dome["captchaUrl"], "datadomeCookie": "datadome=1"},
      task={**dome, "cookies": "datadome=1"})
imperva = TASKS["imperva"]
solve("imperva", "ImpervaCustomTaskRequest", websiteUrl=PAGE, proxy=LOGIN,
      metadata={"incapsulaScriptUrl": imperva["incapsulaScriptUrl"], "incapsulaCookies": imperva["incapsulaCookies"]})
both("tencent", "TenDiCustomTaskRequest", websiteUrl=PAGE, websiteKey=TASKS["tencent"]["appId"])
friendly = {**TASKS["friendlyCaptcha"], "apiGetLib": "https://cdn.example/widget.module.min.js"}
solve("friendlyCaptcha", "FriendlyCustomTaskRequest", task=friendly, websiteUrl=PAGE, websiteKey=friendly["websiteKey"],
      metadata={"apiGetLib": friendly["apiGetLib"]})
solve("altcha", "AltchaCustomTaskRequest", websiteUrl=PAGE, websiteKey="", metadata={
    "challenge": ALTCHA["challenge"], "iterations": str(ALTCHA["maxnumber"]), "salt": ALTCHA["salt"],
    "signature": ALTCHA["signature"]})
both("basilisk", "BasiliskCustomTaskRequest", **of("basilisk", "websiteKey"))
both("alibaba", "AlibabaCustomTaskRequest", websiteUrl=PAGE,
     metadata={"sceneId": TASKS["alibaba"]["sceneId"], "prefix": TASKS["alibaba"]["prefix"]})
solve("hunt", "HuntCustomTaskRequest", websiteUrl=PAGE, proxy=LOGIN, metadata={"apiGetLib": TASKS["hunt"]["apiGetLib"]})
tspd = TASKS["tspd"]
solve("tspd", "TspdCustomTaskRequest", task={**tspd, "userAgent": AGENT}, websiteUrl=PAGE, proxy=LOGIN, userAgent=AGENT,
      metadata={"tspdCookie": tspd["tspdCookie"], "htmlPageBase64": tspd["htmlPageBase64"]})
solve("imageToText", "ImageToTextRequest", image_bytes=PICTURE_BYTES)
solve("imageToText", "ImageToTextRequest", "imageToText.options",
      {**TASKS["imageToText"], "numeric": 1, "case": True, "module": "yandex", "recognizingThreshold": 90},
      image_bytes=PICTURE_BYTES, numeric=1, case=True, module_name="yandex", threshold=90)
grid = {**TASKS["grid"], "question": "/m/015qff"}
solve("grid", "RecaptchaComplexImageTaskRequest", task=grid, metadata={"Grid": "3x3", "TaskDefinition": grid["question"]},
      imagesBase64=[PICTURE], websiteUrl=PAGE)
solve("complexImage", "RecognitionComplexImageTaskRequest", metadata={"Task": "shein"}, imagesBase64=[PICTURE])

client = CapMonsterClient(ClientOptions(api_key=KEY, service_url=ADDRESS))
REPORT["balance"] = asyncio.run(client.get_balance())["balance"]
REPORT["errors"] = {}


def refused(name, key=KEY, **changes):
    try:
        ask(kinds.RecaptchaV2Request(**{**of("recaptchaV2", "websiteKey"), **changes}), key)
    except Exception as error:
        REPORT["errors"][name] = f"{type(error).__name__} {error}"


refused("wrongKey", "wrong")
refused("noFunds", POOR)
refused("badKey", websiteKey="none")
refused("badPage", websiteUrl="nothing")
refused("badProxy", proxy=ProxyInfo(**{**PROXY, "proxyAddress": "192.0.2.28"}))
script({"successRate": 0})
refused("unsolvable")
script({"latency": 1, "faults": [{"kind": "status", "on": "poll", "times": 1, "status": 500}]})
REPORT["late"] = "gRecaptchaResponse" in ask(kinds.RecaptchaV2Request(**of("recaptchaV2", "websiteKey")))
finish()
