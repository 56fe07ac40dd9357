"""One task of each family in canonical fields; every client is given the same."""

import base64
import hashlib
import json

PAGE = "https://shop.example.org/login"
SITE = "6LcR_okUAAAAAPYrPe-HK_0RULO1aZM15ENyM-Mf"
AGENT = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/141.0.0.0 Safari/537.36")
PICTURE_BYTES = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
PICTURE = base64.b64encode(PICTURE_BYTES).decode()
PAGE_HTML = "<html><body>Just a moment...</body></html>"
PAGE_BASE64 = base64.b64encode(PAGE_HTML.encode()).decode()
PROXY = {
    "proxyType": "http", "proxyAddress": "198.51.100.9", "proxyPort": 8080, "proxyLogin": "user",
    "proxyPassword": "secret",
}
ALTCHA = {
    "algorithm": "SHA-256", "challenge": hashlib.sha256(b"salt?expires=1790000000&317").hexdigest(),
    "maxnumber": 1000, "salt": "salt?expires=1790000000&", "signature": "5ec2e7",
}

TASKS = {
    "recaptchaV2": {"websiteURL": PAGE, "websiteKey": SITE},
    "recaptchaV2Enterprise": {"websiteURL": PAGE, "websiteKey": SITE, "enterprisePayload": {"s": "payload"}},
    "recaptchaV3": {"websiteURL": PAGE, "websiteKey": SITE, "minScore": 0.7, "pageAction": "login"},
    "recaptchaV3Enterprise": {"websiteURL": PAGE, "websiteKey": SITE, "minScore": 0.7, "pageAction": "login"},
    "turnstile": {"websiteURL": PAGE, "websiteKey": "0x4AAAAAAAB"},
    "cloudflareToken": {
        "websiteURL": PAGE, "websiteKey": "0x4AAAAAAAB", "action": "managed", "cData": "8a1f", "chlPageData": "3gAF",
        "userAgent": AGENT,
    },
    "cloudflareClearance": {"websiteURL": PAGE, "userAgent": AGENT, **PROXY},
    "funcaptcha": {
        "websiteURL": PAGE, "websitePublicKey": "69A21A01-CC7B-B9C6-0F9A-E7FA06677FFC",
        "funcaptchaApiJSSubdomain": "client-api.arkoselabs.com", "data": '{"blob":"x"}',
    },
    "geetestV3": {
        "websiteURL": PAGE, "gt": "81388ea1fc187e0c335c0a8907ff2625", "challenge": "7d1a3b",
        "geetestApiServerSubdomain": "api.geetest.com",
    },
    "geetestV4": {"websiteURL": PAGE, "captchaId": "e392e1d7fd421dc63325744d5a2b9c73"},
    "amazonWaf": {"websiteURL": PAGE, "websiteKey": "AQIDAHjc", "iv": "CgAHbCe2", "context": "9BUgmlm4"},
    "datadome": {
        "websiteURL": PAGE, "captchaUrl": "https://geo.captcha-delivery.com/captcha/?cid=1&t=fe", "userAgent": AGENT,
        **PROXY,
    },
    "mtcaptcha": {"websiteURL": PAGE, "websiteKey": "MTPublic-KzqLY1cKH"},
    "imageToText": {"body": PICTURE},
    "textQuestion": {"comment": "What is two and two?"},
    "audio": {"body": PICTURE, "lang": "en"},
    "lemin": {"websiteURL": PAGE, "captchaId": "CROPPED_1abc", "divId": "lemin-cropped-captcha"},
    "cutcaptcha": {"websiteURL": PAGE, "miseryKey": "a1488b66da00bf332a1488993a5443c79047e752", "apiKey": "SAs61IAI"},
    "keycaptcha": {
        "websiteURL": PAGE, "s_s_c_user_id": "184015", "s_s_c_session_id": "9ebd1510",
        "s_s_c_web_server_sign": "964ea0f9", "s_s_c_web_server_sign2": "78c7a3c8",
    },
    "cyberSiara": {"websiteURL": PAGE, "slideMasterUrlId": "OXR2LVNvCuXykkZbB8KZIfh162sNT8S2", "userAgent": AGENT},
    "tencent": {"websiteURL": PAGE, "appId": "190014885"},
    "yandex": {"websiteURL": PAGE, "websiteKey": "FEXfAbHQsToo97VidNVk3j4dC74nGW1DgdxjtNB9"},
    "friendlyCaptcha": {"websiteURL": PAGE, "websiteKey": "2FZFEVS1FZCGQ9"},
    "altcha": {"websiteURL": PAGE, "challengeJSON": ALTCHA},
    "prosopo": {"websiteURL": PAGE, "websiteKey": "5EZVvsHMrKCFKp5NYNoTyDjTjetoVo1Z4UNNbTwJf1GfN6Xm"},
    "capy": {"websiteURL": PAGE, "websiteKey": "PUZZLE_Abc1dEFghIJKLM2no34P56q7rStu8v"},
    "vkCaptcha": {"redirectUri": "https://id.vk.com/not_robot_captcha?domain=vk.com", "userAgent": AGENT, **PROXY},
    "vkImage": {"image": PICTURE, "steps": [5, 4, 7, 7]},
    "captchaFox": {"websiteURL": PAGE, "websiteKey": "sk_ILKWNruBBVKDOM7dZs59KHnDLEWiH", "userAgent": AGENT, **PROXY},
    "atbCaptcha": {"websiteURL": PAGE, "appId": "af25e409b33d722a95e56a230ff8771c", "apiServer": "https://cap.aisecurius.com"},
    "imperva": {
        "websiteURL": PAGE, "incapsulaScriptUrl": "/_Incapsula_Resource?SWJIYLWA=719d", "incapsulaCookies": "visid_incap=1",
        **PROXY,
    },
    "yidun": {"websiteURL": PAGE, "websiteKey": "6cw0f0485d5d46auacf9b735d20218a5"},
    "binance": {"websiteURL": PAGE, "websiteKey": "login", "validateId": "cb0bfefa598b"},
    "basilisk": {"websiteURL": PAGE, "websiteKey": "b7890hre5cf2544b2759c19fb2600897"},
    "alibaba": {"websiteURL": PAGE, "sceneId": "1ww7426c4", "prefix": "dlw3kug"},
    "tspd": {"websiteURL": PAGE, "tspdCookie": "TS386a400d029=082670", "htmlPageBase64": PAGE_BASE64, **PROXY},
    "hunt": {"websiteURL": PAGE, "apiGetLib": "https://shop.example.org/hd-api/external/apps/a2157/api.js", **PROXY},
    "temu": {"image": PICTURE, "parts": [PICTURE, PICTURE, PICTURE]},
    "coordinates": {"body": PICTURE, "comment": "click the cars"},
    "grid": {"body": PICTURE, "comment": "select all buses", "rows": 3, "columns": 3},
    "rotate": {"body": PICTURE, "angle": 45},
    "boundingBox": {"body": PICTURE, "comment": "the fish"},
    "drawAround": {"body": PICTURE, "comment": "the apple"},
    "antiBotCookie": {"websiteURL": PAGE, **PROXY},
    "antiGate": {
        "websiteURL": PAGE, "templateName": "Sign-in and wait for control text", "variables": {"login": "me"},
        "domainsOfInterest": ["example.org"],
    },
    "visionEngine": {"module": "slider_1", "image": PICTURE, "imageBackground": PICTURE},
    "awsWafClassification": {"images": [PICTURE], "question": "aws:grid:bed"},
    "complexImage": {"class": "recognition", "imagesBase64": [PICTURE], "metadata": {"Task": "shein"}},
}

CHALLENGE_TEXT = json.dumps(ALTCHA)


def proxied(family):
    """The family's task with a proxy."""
    return {**TASKS[family], **PROXY}
