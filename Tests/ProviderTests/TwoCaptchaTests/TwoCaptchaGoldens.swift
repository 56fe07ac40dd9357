import CreateTaskTestSupport
import ProviderKit

/// What 2Captcha documents: requests and solutions of each family.
enum TwoCaptchaGoldens {
    static let all = recaptcha + challenges + tokens + proxied + images

    static let recaptcha: [Golden] = [
        Golden(
            .recaptchaV2,
            #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","isInvisible":true,"recaptchaDataSValue":"s1"}"#,
            sends: #"""
                {"type":"RecaptchaV2TaskProxyless","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "isInvisible":true,"recaptchaDataSValue":"s1"}
                """#,
            answer: #"{"gRecaptchaResponse":"03AD","token":"03AD"}"#, proxy: .changesType("RecaptchaV2Task")),
        Golden(
            .recaptchaV2Enterprise,
            #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","enterprisePayload":"{\"s\":\"x\"}"}"#,
            sends: #"""
                {"type":"RecaptchaV2EnterpriseTaskProxyless","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "enterprisePayload":{"s":"x"}}
                """#,
            answer: #"{"token":"03AD"}"#, solution: #"{"token":"03AD","gRecaptchaResponse":"03AD"}"#,
            proxy: .changesType("RecaptchaV2EnterpriseTask")),
        Golden(
            .recaptchaV3,
            #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","minScore":"0.7","pageAction":"login"}"#,
            sends: #"""
                {"type":"RecaptchaV3TaskProxyless","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "minScore":0.7,"pageAction":"login"}
                """#,
            answer: #"{"gRecaptchaResponse":"03AD","token":"03AD"}"#, proxy: .leftOut),
        Golden(
            .recaptchaV3Enterprise, #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w"}"#,
            sends: #"""
                {"type":"RecaptchaV3TaskProxyless","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "minScore":0.3,"isEnterprise":true}
                """#,
            answer: #"{"gRecaptchaResponse":"03AD","token":"03AD"}"#, proxy: .leftOut),
    ]

    static let challenges: [Golden] = [
        Golden(
            .turnstile, #"{"websiteURL":"https://a.test/","websiteKey":"0x4A","action":"login","cData":"c1"}"#,
            sends: #"""
                {"type":"TurnstileTaskProxyless","websiteURL":"https://a.test/","websiteKey":"0x4A","action":"login",
                 "data":"c1"}
                """#,
            answer: #"{"token":"0.zrS","userAgent":"Mozilla/5.0"}"#, proxy: .changesType("TurnstileTask")),
        Golden(
            .cloudflareToken,
            #"{"websiteURL":"https://a.test/","websiteKey":"0x4A","chlPageData":"p1","action":"managed","cData":"c1"}"#,
            sends: #"""
                {"type":"TurnstileTaskProxyless","websiteURL":"https://a.test/","websiteKey":"0x4A",
                 "action":"managed","data":"c1","pagedata":"p1"}
                """#,
            answer: #"{"token":"0.zrS","userAgent":"Mozilla/5.0"}"#, proxy: .changesType("TurnstileTask")),
        Golden(
            .funcaptcha,
            #"{"websiteURL":"https://a.test/","websitePublicKey":"3EE7","data":{"blob":"b1"},"userAgent":"M"}"#,
            sends: #"""
                {"type":"FunCaptchaTaskProxyless","websiteURL":"https://a.test/","websitePublicKey":"3EE7",
                 "data":"{\"blob\":\"b1\"}","userAgent":"M"}
                """#,
            answer: #"{"token":"142000f733.7|r=us"}"#, proxy: .changesType("FunCaptchaTask")),
        Golden(
            .geetestV3, #"{"websiteURL":"https://a.test/","gt":"81dc","challenge":"d9c9"}"#,
            sends: #"""
                {"type":"GeeTestTaskProxyless","websiteURL":"https://a.test/","gt":"81dc","challenge":"d9c9"}
                """#,
            answer: #"{"geetest_challenge":"d9c9","geetest_validate":"0f0f","geetest_seccode":"0f0f|jordan"}"#,
            solution: #"""
                {"geetest_challenge":"d9c9","geetest_validate":"0f0f","geetest_seccode":"0f0f|jordan",
                 "challenge":"d9c9","validate":"0f0f","seccode":"0f0f|jordan"}
                """#, proxy: .changesType("GeeTestTask")),
        Golden(
            .geetestV4, #"{"websiteURL":"https://a.test/","captchaId":"e392","riskType":"slide"}"#,
            sends: #"""
                {"type":"GeeTestTaskProxyless","websiteURL":"https://a.test/","version":4,"risk_type":"slide",
                 "initParameters":{"captcha_id":"e392"}}
                """#,
            answer: #"""
                {"captcha_id":"e392","lot_number":"e6c3","pass_token":"ed70","gen_time":"1693924478",
                 "captcha_output":"fN36"}
                """#, proxy: .changesType("GeeTestTask")),
        Golden(
            .amazonWaf,
            #"""
            {"websiteURL":"https://a.test/","websiteKey":"AQID","iv":"CgAH","context":"9BUg",
             "captchaScript":"c.js"}
            """#,
            sends: #"""
                {"type":"AmazonTaskProxyless","websiteURL":"https://a.test/","websiteKey":"AQID","iv":"CgAH",
                 "context":"9BUg","captchaScript":"c.js"}
                """#,
            answer: #"{"captcha_voucher":"eyJ0","existing_token":"f2ae"}"#, proxy: .changesType("AmazonTask")),
        Golden(
            .lemin, #"{"websiteURL":"https://a.test/","captchaId":"CROPPED_1","divId":"lemin-div"}"#,
            sends: #"""
                {"type":"LeminTaskProxyless","websiteURL":"https://a.test/","captchaId":"CROPPED_1",
                 "div_id":"lemin-div"}
                """#,
            answer: #"{"answer":"0xaxcgx","challenge_id":"e0348984"}"#, proxy: .changesType("LeminTask")),
        Golden(
            .cyberSiara, #"{"websiteURL":"https://a.test/","slideMasterUrlId":"OXR2","userAgent":"M"}"#,
            sends: #"""
                {"type":"AntiCyberSiAraTaskProxyless","websiteURL":"https://a.test/","SlideMasterUrlId":"OXR2",
                 "userAgent":"M"}
                """#,
            answer: #"{"token":"eyJh"}"#, proxy: .changesType("AntiCyberSiAraTask")),
        Golden(
            .altcha,
            #"""
            {"websiteURL":"https://a.test/","challengeJSON":{"algorithm":"SHA-256","salt":"s"},
             "counterMode":"uint32"}
            """#,
            sends: #"""
                {"type":"AltchaTaskProxyless","websiteURL":"https://a.test/",
                 "challengeJSON":"{\"algorithm\":\"SHA-256\",\"salt\":\"s\"}"}
                """#,
            answer: #"{"token":"eyJhbGciOi"}"#, proxy: .changesType("AltchaTask")),
        Golden(
            .keycaptcha,
            #"""
            {"websiteURL":"https://a.test/","s_s_c_user_id":"184015","s_s_c_session_id":"0917",
             "s_s_c_web_server_sign":"f2e8","s_s_c_web_server_sign2":"2dc9"}
            """#,
            sends: #"""
                {"type":"KeyCaptchaTaskProxyless","websiteURL":"https://a.test/","s_s_c_user_id":"184015",
                 "s_s_c_session_id":"0917","s_s_c_web_server_sign":"f2e8","s_s_c_web_server_sign2":"2dc9"}
                """#,
            answer: #"{"answer":"d58....61|1"}"#, solution: #"{"answer":"d58....61|1","token":"d58....61|1"}"#,
            proxy: .changesType("KeyCaptchaTask")),
    ]
}
