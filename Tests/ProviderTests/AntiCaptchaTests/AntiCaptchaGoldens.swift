import CreateTaskTestSupport
import ProviderKit

/// What Anti-Captcha documents: requests and solutions of each family.
enum AntiCaptchaGoldens {
    static let all = recaptcha + challenges + images + browsers

    static let recaptcha: [Golden] = [
        Golden(
            .recaptchaV2, #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","isInvisible":"false"}"#,
            sends: #"""
                {"type":"RecaptchaV2TaskProxyless","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "isInvisible":false}
                """#,
            answer: #"{"gRecaptchaResponse":"3AHJ","cookies":{"empty":"true"}}"#,
            proxy: .changesType("RecaptchaV2Task")),
        Golden(
            .recaptchaV2Enterprise,
            #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","enterprisePayload":{"s":"x"}}"#,
            sends: #"""
                {"type":"RecaptchaV2EnterpriseTaskProxyless","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "enterprisePayload":{"s":"x"}}
                """#,
            answer: #"{"gRecaptchaResponse":"3AHJ"}"#, proxy: .changesType("RecaptchaV2EnterpriseTask")),
        Golden(
            .recaptchaV3, #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","minScore":0.5,"pageAction":"l"}"#,
            sends: #"""
                {"type":"RecaptchaV3TaskProxyless","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "minScore":0.7,"pageAction":"l"}
                """#,
            answer: #"{"gRecaptchaResponse":"3AHJ"}"#, proxy: .refused),
        Golden(
            .recaptchaV3Enterprise, #"{"websiteURL":"https://a.test/","websiteKey":"6Le-w","minScore":"0.8"}"#,
            sends: #"""
                {"type":"RecaptchaV3TaskProxyless","websiteURL":"https://a.test/","websiteKey":"6Le-w",
                 "minScore":0.9,"isEnterprise":true}
                """#,
            answer: #"{"gRecaptchaResponse":"3AHJ"}"#, proxy: .refused),
    ]

    static let challenges: [Golden] = [
        Golden(
            .turnstile,
            #"{"websiteURL":"https://a.test/","websiteKey":"0x4A","action":"l","cData":"c1","userAgent":"M"}"#,
            sends: #"""
                {"type":"TurnstileTaskProxyless","websiteURL":"https://a.test/","websiteKey":"0x4A","action":"l",
                 "cData":"c1"}
                """#,
            answer: #"{"token":"0.vtJ","userAgent":"M"}"#, proxy: .changesType("TurnstileTask")),
        Golden(
            .cloudflareToken, #"{"websiteURL":"https://a.test/","websiteKey":"0x4A","chlPageData":"p1"}"#,
            sends: #"""
                {"type":"TurnstileTaskProxyless","websiteURL":"https://a.test/","websiteKey":"0x4A",
                 "chlPageData":"p1"}
                """#,
            answer: #"{"token":"0.vtJ","userAgent":"M"}"#, proxy: .changesType("TurnstileTask")),
        Golden(
            .funcaptcha, #"{"websiteURL":"https://a.test/","websitePublicKey":"3EE7","data":"{\"blob\":\"b\"}"}"#,
            sends: #"""
                {"type":"FunCaptchaTaskProxyless","websiteURL":"https://a.test/","websitePublicKey":"3EE7",
                 "data":"{\"blob\":\"b\"}"}
                """#,
            answer: #"{"token":"1425|r=eu"}"#, proxy: .changesType("FunCaptchaTask")),
        Golden(
            .geetestV3, #"{"websiteURL":"https://a.test/","gt":"81dc","challenge":"d9c9"}"#,
            sends: #"""
                {"type":"GeeTestTaskProxyless","websiteURL":"https://a.test/","gt":"81dc","challenge":"d9c9",
                 "version":3}
                """#,
            answer: #"{"challenge":"d9c9","validate":"0f0f","seccode":"0f0f|jordan"}"#,
            proxy: .changesType("GeeTestTask")),
        Golden(
            .geetestV4, #"{"websiteURL":"https://a.test/","captchaId":"e392","riskType":"slide"}"#,
            sends: #"""
                {"type":"GeeTestTaskProxyless","websiteURL":"https://a.test/","gt":"e392","version":4,
                 "initParameters":{"riskType":"slide"}}
                """#,
            answer: #"""
                {"captcha_id":"e392","lot_number":"e6c3","pass_token":"ed70","gen_time":"1693924478",
                 "captcha_output":"fN36"}
                """#, proxy: .changesType("GeeTestTask")),
        Golden(
            .amazonWaf, #"{"websiteURL":"https://a.test/","websiteKey":"AQID","iv":"CgAH","context":"9BUg"}"#,
            sends: #"""
                {"type":"AmazonTaskProxyless","websiteURL":"https://a.test/","websiteKey":"AQID","iv":"CgAH",
                 "context":"9BUg","waf_type":"default"}
                """#,
            answer: #"{"token":"10115f5b"}"#, solution: #"{"token":"10115f5b","cookie":"10115f5b"}"#,
            proxy: .changesType("AmazonTask")),
        Golden(
            .friendlyCaptcha, #"{"websiteURL":"https://a.test/","websiteKey":"FC"}"#,
            sends: #"{"type":"FriendlyCaptchaTaskProxyless","websiteURL":"https://a.test/","websiteKey":"FC"}"#,
            answer: #"{"token":"tok1","userAgent":"M"}"#, proxy: .changesType("FriendlyCaptchaTask")),
        Golden(
            .prosopo, #"{"websiteURL":"https://a.test/","websiteKey":"5EZV"}"#,
            sends: #"{"type":"ProsopoTaskProxyless","websiteURL":"https://a.test/","websiteKey":"5EZV"}"#,
            answer: #"{"token":"0x00","userAgent":"M"}"#, proxy: .changesType("ProsopoTask")),
        Golden(
            .altcha, #"{"websiteURL":"https://a.test/","challengeURL":"https://a.test/altcha"}"#,
            sends: #"""
                {"type":"AltchaTaskProxyless","websiteURL":"https://a.test/","challengeURL":"https://a.test/altcha"}
                """#,
            answer: #"{"token":"eyJh","userAgent":"M"}"#, proxy: .changesType("AltchaTask")),
    ]

    static let images: [Golden] = [
        Golden(
            .imageToText, #"{"body":"R0lG","phrase":true,"maxLength":"6","languagePool":"rn"}"#,
            sends: #"{"type":"ImageToTextTask","body":"R0lG","phrase":true,"maxLength":6}"#,
            beside: #"{"languagePool":"rn"}"#, answer: #"{"text":"deditur","url":"http://61.39.233.233/1.jpg"}"#,
            proxy: .leftOut),
        Golden(
            .coordinates, #"{"body":"R0lG","comment":"cats"}"#,
            sends: #"{"type":"ImageToCoordinatesTask","body":"R0lG","comment":"cats","mode":"points"}"#,
            answer: #"{"coordinates":[[17,48],["54",21]]}"#,
            solution: #"{"coordinates":[{"x":17,"y":48},{"x":54,"y":21}]}"#, proxy: .leftOut),
        Golden(
            .boundingBox, #"{"body":"R0lG","comment":"cats"}"#,
            sends: #"{"type":"ImageToCoordinatesTask","body":"R0lG","comment":"cats","mode":"rectangles"}"#,
            answer: #"{"coordinates":[[17,48,54,83]]}"#,
            solution: #"""
                {"coordinates":[[17,48,54,83]],"bounding_boxes":[{"xMin":17,"yMin":48,"xMax":54,"yMax":83}]}
                """#, proxy: .leftOut),
    ]

    /// Its browsers take HTTP proxies, without a type.
    private static let httpProxy = #"""
        {"proxyAddress":"192.0.2.7","proxyPort":1080,"proxyLogin":"me","proxyPassword":"secret"}
        """#
    private static let fingerprint = #""fingerprint":{"self.navigator.userAgent":"M"}"#

    static let browsers: [Golden] = [
        Golden(
            .cloudflareClearance, #"{"websiteURL":"https://a.test/","html":"<html>","userAgent":"mine"}"#,
            sends: #"{"type":"AntiBotCookieTask","websiteURL":"https://a.test/"}"#,
            answer: #"{"cookies":{"cf_clearance":"x1"},"localStorage":{},\#(fingerprint)}"#,
            solution: #"{"cookies":{"cf_clearance":"x1"},"localStorage":{},\#(fingerprint),"userAgent":"M"}"#,
            proxy: .needed, proxyFields: httpProxy),
        Golden(
            .datadome,
            #"{"websiteURL":"https://a.test/","captchaUrl":"https://geo.test/?t=fe","userAgent":"mine"}"#,
            sends: #"{"type":"AntiBotCookieTask","websiteURL":"https://a.test/"}"#,
            answer: #"{"cookies":{"datadome":"d1"},\#(fingerprint)}"#,
            solution: #"{"cookies":{"datadome":"d1"},\#(fingerprint),"cookie":"datadome=d1","userAgent":"M"}"#,
            proxy: .needed, proxyFields: httpProxy),
        Golden(
            .antiBotCookie, #"{"websiteURL":"https://a.test/"}"#,
            sends: #"{"type":"AntiBotCookieTask","websiteURL":"https://a.test/"}"#,
            answer: #"{"cookies":{"a":"b"},"localStorage":{}}"#, proxy: .needed, proxyFields: httpProxy),
        Golden(
            .antiGate,
            #"""
            {"websiteURL":"https://a.test/","templateName":"T","variables":"{\"v\":1}",
             "domainsOfInterest":"a.test"}
            """#,
            sends: #"""
                {"type":"AntiGateTask","websiteURL":"https://a.test/","templateName":"T","variables":{"v":1},
                 "domainsOfInterest":["a.test"]}
                """#,
            answer: #"{"cookies":{},"localStorage":{},"url":"https://a.test/"}"#, proxy: .sent,
            proxyFields: httpProxy),
    ]
}
