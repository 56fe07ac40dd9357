import CreateTaskTestSupport
import ProviderKit

/// What CapMonster documents: requests and solutions of each family.
enum CapMonsterGoldens {
    static let all = recaptcha + challenges + sites + custom + images

    static let recaptcha: [Golden] = [
        Golden(
            .recaptchaV2, #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","nocache":true}"#,
            sends: #"{"type":"RecaptchaV2Task","websiteURL":"https://a.test/","websiteKey":"6Le-w","nocache":true}"#,
            answer: #"{"gRecaptchaResponse":"3AHJ","userAgent":"M","cookies":{"nocookies":"true"}}"#, proxy: .sent),
        Golden(
            .recaptchaV2Enterprise,
            #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","enterprisePayload":{"s":"x"}}"#,
            sends: #"""
                {"type":"RecaptchaV2EnterpriseTask","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "enterprisePayload":{"s":"x"}}
                """#,
            answer: #"{"gRecaptchaResponse":"3AHJ"}"#, proxy: .sent),
        Golden(
            .recaptchaV3, #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","minScore":0.4,"pageAction":"l"}"#,
            sends: #"""
                {"type":"RecaptchaV3TaskProxyless","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "minScore":0.4,"pageAction":"l"}
                """#,
            answer: #"{"gRecaptchaResponse":"3AHJ"}"#, proxy: .leftOut),
        Golden(
            .recaptchaV3Enterprise, #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w"}"#,
            sends: #"{"type":"RecaptchaV3EnterpriseTask","websiteURL":"https://a.test/","websiteKey":"6Le-w"}"#,
            answer: #"{"gRecaptchaResponse":"3AHJ"}"#, proxy: .leftOut),
    ]

    static let challenges: [Golden] = [
        Golden(
            .turnstile, #"{"websiteURL":"https://a.test/","websiteKey":"0x4A","action":"l","cData":"c1"}"#,
            sends: #"""
                {"type":"TurnstileTask","websiteURL":"https://a.test/","websiteKey":"0x4A","pageAction":"l",
                 "data":"c1"}
                """#,
            answer: #"{"token":"0.iGX3","userAgent":"M"}"#, proxy: .sent),
        Golden(
            .cloudflareToken,
            #"""
            {"websiteURL":"https://a.test/","websiteKey":"0x4A","action":"managed","cData":"c1","chlPageData":"p1",
             "userAgent":"M"}
            """#,
            sends: #"""
                {"type":"TurnstileTask","cloudflareTaskType":"token","websiteURL":"https://a.test/",
                 "websiteKey":"0x4A","pageAction":"managed","data":"c1","pageData":"p1","userAgent":"M"}
                """#,
            answer: #"{"token":"0.iGX3","userAgent":"M"}"#, proxy: .sent),
        Golden(
            .cloudflareClearance, #"{"websiteURL":"https://a.test/","html":"<html>","userAgent":"M"}"#,
            sends: #"""
                {"type":"TurnstileTask","cloudflareTaskType":"cf_clearance","websiteURL":"https://a.test/",
                 "websiteKey":"none","htmlPageBase64":"PGh0bWw+","userAgent":"M"}
                """#,
            answer: #"{"cf_clearance":"1tarGvbY"}"#,
            solution: #"{"cf_clearance":"1tarGvbY","cookies":{"cf_clearance":"1tarGvbY"}}"#, proxy: .needed),
        Golden(
            .funcaptcha, #"{"websiteURL":"https://a.test/","websitePublicKey":"3EE7","data":{"blob":"b"}}"#,
            sends: #"""
                {"type":"FunCaptchaTask","websiteURL":"https://a.test/","websitePublicKey":"3EE7",
                 "data":"{\"blob\":\"b\"}"}
                """#,
            answer: #"{"token":"1425|r=eu","userAgent":"M"}"#, proxy: .sent),
        Golden(
            .geetestV3, #"{"websiteURL":"https://a.test/","gt":"81dc","challenge":"d9c9","geetestGetLib":{"l":1}}"#,
            sends: #"""
                {"type":"GeeTestTask","websiteURL":"https://a.test/","gt":"81dc","challenge":"d9c9","version":3,
                 "geetestGetLib":"{\"l\":1}"}
                """#,
            answer: #"{"challenge":"0f75","validate":"6275","seccode":"6275|jordan"}"#, proxy: .sent),
        Golden(
            .geetestV4, #"{"websiteURL":"https://a.test/","captchaId":"e392","riskType":"slide"}"#,
            sends: #"""
                {"type":"GeeTestTask","websiteURL":"https://a.test/","gt":"e392","version":4,
                 "initParameters":{"riskType":"slide"}}
                """#,
            answer: #"{"lot_number":"e6c3","pass_token":"ed70","gen_time":"169","encryptedData":"fN36"}"#,
            proxy: .sent),
        Golden(
            .amazonWaf,
            #"{"websiteURL":"https://a.test/","challengeScript":"c.js","iv":"x","captchaScript":"k.js"}"#,
            sends:
                #"{"type":"AmazonTask","websiteURL":"https://a.test/","challengeScript":"c.js","iv":"","context":""}"#,
            answer: #"{"cookies":{"aws-waf-token":"10115f5b"},"userAgent":"M"}"#,
            solution: #"{"cookies":{"aws-waf-token":"10115f5b"},"userAgent":"M","cookie":"10115f5b"}"#,
            proxy: .sent),
    ]

    static let sites: [Golden] = [
        Golden(
            .mtcaptcha, #"{"websiteURL":"https://a.test/","websiteKey":"MTPublic","pageAction":"l"}"#,
            sends: #"""
                {"type":"MTCaptchaTask","websiteURL":"https://a.test/","websiteKey":"MTPublic","pageAction":"l"}
                """#,
            answer: #"{"token":"v1(4"}"#, proxy: .sent),
        Golden(
            .prosopo, #"{"websiteURL":"https://a.test/","websiteKey":"5EZV"}"#,
            sends: #"{"type":"ProsopoTask","websiteURL":"https://a.test/","websiteKey":"5EZV"}"#,
            answer: #"{"token":"0x00"}"#, proxy: .sent),
        Golden(
            .yidun, #"{"websiteURL":"https://a.test/","websiteKey":"6cw0","hcg":"f","hct":17}"#,
            sends: #"{"type":"YidunTask","websiteURL":"https://a.test/","websiteKey":"6cw0","hcg":"f","hct":17}"#,
            answer: #"{"token":"CN31"}"#, proxy: .sent),
        Golden(
            .binance, #"{"websiteURL":"https://a.test/","websiteKey":"login","validateId":"cb0b"}"#,
            sends: #"""
                {"type":"BinanceTask","websiteURL":"https://a.test/","websiteKey":"login","validateId":"cb0b"}
                """#,
            answer: #"{"token":"captcha#09ba","userAgent":"M"}"#, proxy: .sent),
    ]
}
