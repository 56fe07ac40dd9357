import CreateTaskTestSupport
import ProviderKit

/// What CapSolver documents: requests and solutions of each family.
enum CapSolverGoldens {
    static let all = recaptcha + challenges + images

    static let recaptcha: [Golden] = [
        Golden(
            .recaptchaV2, #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","isInvisible":true,"isSession":true}"#,
            sends: #"""
                {"type":"ReCaptchaV2TaskProxyLess","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "isInvisible":true,"isSession":true}
                """#,
            answer: #"{"userAgent":"M","expireTime":1671615324290,"gRecaptchaResponse":"3AHJ"}"#,
            proxy: .changesType("ReCaptchaV2Task")),
        Golden(
            .recaptchaV2Enterprise,
            #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","enterprisePayload":{"s":"x"}}"#,
            sends: #"""
                {"type":"ReCaptchaV2EnterpriseTaskProxyLess","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "enterprisePayload":{"s":"x"}}
                """#,
            answer: #"{"gRecaptchaResponse":"3AHJ"}"#, proxy: .changesType("ReCaptchaV2EnterpriseTask")),
        Golden(
            .recaptchaV3, #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","minScore":0.7,"pageAction":"l"}"#,
            sends: #"""
                {"type":"ReCaptchaV3TaskProxyLess","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "minScore":0.7,"pageAction":"l"}
                """#,
            answer: #"{"gRecaptchaResponse":"3AHJ","userAgent":"M"}"#, proxy: .changesType("ReCaptchaV3Task")),
        Golden(
            .recaptchaV3Enterprise, #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w"}"#,
            sends: #"""
                {"type":"ReCaptchaV3EnterpriseTaskProxyLess","websiteURL":"https://a.test/","websiteKey":"6Le-w"}
                """#,
            answer: #"{"gRecaptchaResponse":"3AHJ"}"#, proxy: .changesType("ReCaptchaV3EnterpriseTask")),
    ]

    static let challenges: [Golden] = [
        Golden(
            .turnstile,
            #"{"websiteURL":"https://a.test/","websiteKey":"0x4A","action":"login","cData":"c1","metadata":{"x":1}}"#,
            sends: #"""
                {"type":"AntiTurnstileTaskProxyLess","websiteURL":"https://a.test/","websiteKey":"0x4A",
                 "metadata":{"x":1,"action":"login","cdata":"c1"}}
                """#,
            answer: #"{"token":"0.mF74","type":"turnstile","userAgent":"M"}"#, proxy: .refused),
        Golden(
            .cloudflareClearance, #"{"websiteURL":"https://a.test/","userAgent":"M","html":"<html>"}"#,
            sends: #"{"type":"AntiCloudflareTask","websiteURL":"https://a.test/","userAgent":"M","html":"<html>"}"#,
            answer: #"{"cookies":"cf_clearance=_VPx","token":"_VPx","headers":{"user-agent":"M"}}"#,
            solution: #"{"cookies":{"cf_clearance":"_VPx"},"token":"_VPx","headers":{"user-agent":"M"}}"#,
            proxy: .needed),
        Golden(
            .geetestV3, #"{"websiteURL":"https://a.test/","gt":"81dc","challenge":"d9c9"}"#,
            sends: #"""
                {"type":"GeeTestTaskProxyLess","websiteURL":"https://a.test/","gt":"81dc","challenge":"d9c9"}
                """#,
            answer: #"{"challenge":"d9c9","validate":"0f0f"}"#,
            solution: #"{"challenge":"d9c9","validate":"0f0f","seccode":"0f0f|jordan"}"#, proxy: .refused),
        Golden(
            .geetestV4, #"{"websiteURL":"https://a.test/","captchaId":"e392"}"#,
            sends: #"{"type":"GeeTestTaskProxyLess","websiteURL":"https://a.test/","captchaId":"e392"}"#,
            answer: #"""
                {"captcha_id":"e392","lot_number":"e6c3","pass_token":"ed70","gen_time":1693924478,
                 "captcha_output":"fN36"}
                """#,
            solution: #"""
                {"captcha_id":"e392","lot_number":"e6c3","pass_token":"ed70","gen_time":"1693924478",
                 "captcha_output":"fN36"}
                """#, proxy: .refused),
        Golden(
            .datadome, #"{"captchaUrl":"https://geo.test/?t=fe","userAgent":"M"}"#,
            sends: #"{"type":"DatadomeSliderTask","captchaUrl":"https://geo.test/?t=fe","userAgent":"M"}"#,
            answer: #"{"cookie":"datadome=yzj_BK; Max-Age=31536000; Domain=.a.test; Path=/","userAgent":"M"}"#,
            proxy: .needed),
        Golden(
            .amazonWaf,
            #"""
            {"websiteURL":"https://a.test/","websiteKey":"AQID","iv":"CgAH","context":"9BUg","challengeScript":"c.js",
             "jsapiScript":"j.js","existingToken":"t","captchaScript":"k.js"}
            """#,
            sends: #"""
                {"type":"AntiAwsWafTaskProxyLess","websiteURL":"https://a.test/","awsKey":"AQID","awsIv":"CgAH",
                 "awsContext":"9BUg","awsChallengeJS":"c.js","awsApiJs":"j.js","awsExistingToken":"t"}
                """#,
            answer: #"{"cookie":"223d1f60"}"#, proxy: .changesType("AntiAwsWafTask")),
        Golden(
            .mtcaptcha, #"{"websiteURL":"https://a.test/","websiteKey":"MTPublic"}"#,
            sends: #"{"type":"MtCaptchaTaskProxyLess","websiteURL":"https://a.test/","websiteKey":"MTPublic"}"#,
            answer: #"{"token":"v1(4"}"#, proxy: .changesType("MtCaptchaTask")),
        Golden(
            .friendlyCaptcha, #"{"websiteURL":"https://a.test/","websiteKey":"FC"}"#,
            sends: #"{"type":"FriendlyCaptchaTaskProxyless","websiteURL":"https://a.test/","websiteKey":"FC"}"#,
            answer: #"{"token":"tok1"}"#, proxy: .refused),
        Golden(
            .yandex, #"{"websiteURL":"https://a.test/","websiteKey":"ysc1"}"#,
            sends: #"{"type":"YandexCaptchaTaskProxyLess","websiteURL":"https://a.test/","websiteKey":"ysc1"}"#,
            answer: #"{"token":"dD0x"}"#, proxy: .refused),
    ]

    static let images: [Golden] = [
        Golden(
            .imageToText, #"{"body":"R0lG","module":"common","languagePool":"en"}"#,
            sends: #"{"type":"ImageToTextTask","body":"R0lG","module":"common"}"#,
            answer: #"{"text":"44795sds","confidence":0.9585}"#, proxy: .leftOut),
        Golden(
            .grid, #"{"body":"R0lG","question":"/m/04_sv","websiteURL":"https://a.test/"}"#,
            sends: #"""
                {"type":"ReCaptchaV2Classification","image":"R0lG","question":"/m/04_sv","websiteURL":"https://a.test/"}
                """#,
            answer: #"{"type":"multi","objects":[0,5],"size":4}"#,
            solution: #"{"type":"multi","objects":[0,5],"size":4,"click":[1,6]}"#, proxy: .leftOut),
        Golden(
            .visionEngine, #"{"module":"slider_1","image":"R0lG","imageBackground":"R0lH"}"#,
            sends: #"{"type":"VisionEngine","module":"slider_1","image":"R0lG","imageBackground":"R0lH"}"#,
            answer: #"{"distance":213}"#, proxy: .leftOut),
        Golden(
            .awsWafClassification, #"{"images":["R0lG"],"question":"aws:toycarcity:carcity"}"#,
            sends: #"{"type":"AwsWafClassification","images":["R0lG"],"question":"aws:toycarcity:carcity"}"#,
            answer: #"{"box":[116.7,164.5]}"#, proxy: .leftOut),
    ]
}
