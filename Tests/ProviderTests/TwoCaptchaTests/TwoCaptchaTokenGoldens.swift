import CreateTaskTestSupport
import ProviderKit

extension TwoCaptchaGoldens {
    /// Families whose fields go through under their own names.
    private static func plain(
        _ family: TaskFamily, _ type: String, _ fields: String, answer: String = #"{"token":"tok1"}"#,
        solution: String? = nil
    ) -> Golden {
        let members = #"{"websiteURL":"https://a.test/",\#(fields)"#
        return Golden(
            family, members + "}", sends: members + #","type":"\#(type)Proxyless"}"#, answer: answer,
            solution: solution, proxy: .changesType(type))
    }

    static let tokens: [Golden] = [
        plain(.mtcaptcha, "MtCaptchaTask", #""websiteKey":"MTPublic-KzqLY1cKH""#),
        plain(.cutcaptcha, "CutCaptchaTask", #""miseryKey":"a1488","apiKey":"SAb8""#),
        plain(
            .tencent, "TencentTask", #""appId":"190014885""#,
            answer: #"{"appid":"190014885","ret":0,"ticket":"tr034","randstr":"@KVN"}"#),
        plain(.yandex, "YandexSmartCaptchaTask", #""websiteKey":"Y5Lh0tiycconMJGsFd3EbbuNKSp1yaZESUOIHfeV""#),
        plain(.friendlyCaptcha, "FriendlyCaptchaTask", #""websiteKey":"2FZFEVS1FZCGQ9""#),
        plain(.prosopo, "ProsopoTask", #""websiteKey":"5EZVvsHMrKCFKp5NYNoTyDjTjetoVo1Z4UNNbTwJf1GfN6Xm""#),
        plain(
            .capy, "CapyTask", #""websiteKey":"PUZZLE_Abc1dEFghIJKLM2no34P56q7rStu8v","version":"avatar""#,
            answer: #"{"captchakey":"PUZZLE_Abc1","challengekey":"y1vo","answer":"0xax8ex","respKey":""}"#),
        plain(
            .atbCaptcha, "AtbCaptchaTask", #""appId":"af25e409b33d722a95e56a230ff8771c","apiServer":"https://b.test""#),
        plain(.yidun, "YidunTask", #""websiteKey":"0f743r8c","yidunGetLib":"https://c.test/l.js","hct":17"#),
        plain(
            .binance, "BinanceTask", #""websiteKey":"login","validateId":"cb0b""#,
            answer: #"{"token":"captcha#09ba","userAgent":"Mozilla/5.0"}"#),
        plain(
            .basilisk, "BasiliskTask", #""websiteKey":"b7890hre""#, answer: #"{"captcha_response":"5620"}"#,
            solution: #"{"captcha_response":"5620","token":"5620"}"#),
        plain(
            .alibaba, "AlibabaTask", #""sceneId":"1ww7426c4","prefix":"dlw3kug","region":"sgp""#,
            answer: #"{"tokens":{"certifyId":"k"}}"#,
            solution: #"{"tokens":{"certifyId":"k"},"token":"{\"certifyId\":\"k\"}"}"#),
    ]

    static let proxied: [Golden] = [
        Golden(
            .datadome, #"{"websiteURL":"https://a.test/","captchaUrl":"https://geo.test/?cid=1","userAgent":"M"}"#,
            sends: #"""
                {"type":"DataDomeSliderTask","websiteURL":"https://a.test/","captchaUrl":"https://geo.test/?cid=1",
                 "userAgent":"M"}
                """#,
            answer: #"{"cookie":"datadome=4ZXw; Path=/; Secure; SameSite=Lax"}"#, proxy: .needed),
        Golden(
            .captchaFox, #"{"websiteURL":"https://a.test/","websiteKey":"sk_x","userAgent":"M"}"#,
            sends: #"{"type":"CaptchaFoxTask","websiteURL":"https://a.test/","websiteKey":"sk_x","userAgent":"M"}"#,
            answer: #"{"token":"eyJh"}"#, proxy: .needed),
        Golden(
            .vkCaptcha, #"{"redirectUri":"https://id.test/not_robot?session_token=1","userAgent":"M"}"#,
            sends: #"""
                {"type":"VKCaptchaTask","redirectUri":"https://id.test/not_robot?session_token=1","userAgent":"M"}
                """#,
            answer: #"{"token":"eyJh"}"#, proxy: .needed),
        Golden(
            .imperva, #"{"websiteURL":"https://a.test/","incapsulaScriptUrl":"_Inc?x","incapsulaCookies":"i=1;"}"#,
            sends: #"""
                {"type":"IncapsulaTask","websiteURL":"https://a.test/","incapsulaScriptUrl":"_Inc?x",
                 "incapsulaCookies":"i=1;"}
                """#,
            answer: #"{"token":"___utmvc=NMB; reese84=3:x"}"#,
            solution: #"{"token":"___utmvc=NMB; reese84=3:x","cookies":{"___utmvc":"NMB","reese84":"3:x"}}"#,
            proxy: .needed),
        Golden(
            .tspd, #"{"websiteURL":"https://a.test/","tspdCookie":"TS1=a;","htmlPageBase64":"PGh0bWw+"}"#,
            sends: #"""
                {"type":"tspdtask","websiteURL":"https://a.test/","tspdcookie":"TS1=a;","htmlPageBase64":"PGh0bWw+"}
                """#,
            answer: #"{"cookies":{"TS1":"b"}}"#, proxy: .needed),
    ]

    static let images: [Golden] = [
        Golden(
            .imageToText,
            #"""
            {"body":"R0lG","numeric":"1","case":"true","minLength":4,"languagePool":"en",
             "comment":"red","module":"m"}
            """#,
            sends: #"{"type":"ImageToTextTask","body":"R0lG","numeric":1,"case":true,"minLength":4,"comment":"red"}"#,
            beside: #"{"languagePool":"en"}"#, answer: #"{"text":"hello world"}"#, proxy: .leftOut),
        Golden(
            .textQuestion, #"{"comment":"If tomorrow is Saturday, what day is today?","languagePool":"en"}"#,
            sends: #"{"type":"TextCaptchaTask","comment":"If tomorrow is Saturday, what day is today?"}"#,
            beside: #"{"languagePool":"en"}"#, answer: #"{"text":"Friday"}"#, proxy: .leftOut),
        Golden(
            .audio, #"{"body":"SUQz","lang":"en"}"#, sends: #"{"type":"AudioTask","body":"SUQz","lang":"en"}"#,
            answer: #"{"token":"hello world"}"#, solution: #"{"token":"hello world","text":"hello world"}"#,
            proxy: .leftOut),
        Golden(
            .vkImage, #"{"image":"R0lG","steps":[5,4,7]}"#,
            sends: #"{"type":"VKCaptchaImageTask","image":"R0lG","steps":[5,4,7]}"#,
            answer: #"{"best_step":"1","preview":"p","solution":"s","answer":"a"}"#,
            solution: #"{"best_step":1,"preview":"p","solution":"s","answer":"a"}"#, proxy: .leftOut),
        Golden(
            .temu, #"{"image":"R0lG","parts":["a","b","c"]}"#,
            sends: #"{"type":"TemuCaptchaTask","image":"R0lG","parts":["a","b","c"]}"#,
            answer: #"{"coordinates":[{"x":155,"y":358},{"x":152,"y":153}]}"#, proxy: .leftOut),
        Golden(
            .coordinates, #"{"body":"R0lG","comment":"click the cat","mode":"points"}"#,
            sends: #"{"type":"CoordinatesTask","body":"R0lG","comment":"click the cat"}"#,
            answer: #"{"coordinates":[{"x":358,"y":268}]}"#, proxy: .leftOut),
        Golden(
            .grid, #"{"body":"R0lG","comment":"cars","rows":4,"columns":4}"#,
            sends: #"{"type":"GridTask","body":"R0lG","comment":"cars","rows":4,"columns":4}"#,
            answer: #"{"click":[3,"8"]}"#, solution: #"{"click":[3,8]}"#, proxy: .leftOut),
        Golden(
            .rotate, #"{"body":"R0lG","angle":40}"#, sends: #"{"type":"RotateTask","body":"R0lG","angle":40}"#,
            answer: #"{"rotate":"160"}"#, solution: #"{"rotate":160}"#, proxy: .leftOut),
        Golden(
            .boundingBox, #"{"body":"R0lG","imgInstructions":"R0lH"}"#,
            sends: #"{"type":"BoundingBoxTask","body":"R0lG","imgInstructions":"R0lH"}"#,
            answer: #"{"bounding_boxes":[{"xMin":310,"xMax":385,"yMin":231,"yMax":308}]}"#, proxy: .leftOut),
        Golden(
            .drawAround, #"{"body":"R0lG","comment":"draw around the plane"}"#,
            sends: #"{"type":"DrawAroundTask","body":"R0lG","comment":"draw around the plane"}"#,
            answer: #"{"canvas":[[{"x":1,"y":2},{"x":3,"y":4}]]}"#, proxy: .leftOut),
    ]
}
