import CreateTaskTestSupport
import ProviderKit

extension CapMonsterGoldens {
    static let custom: [Golden] = [
        Golden(
            .datadome,
            #"""
            {"websiteURL":"https://a.test/",
             "captchaUrl":"https://geo.test/?initialCid=a&cid=c1&t=fe","userAgent":"M"}
            """#,
            sends: #"""
                {"type":"CustomTask","class":"DataDome","websiteURL":"https://a.test/","userAgent":"M",
                 "metadata":{"captchaUrl":"https://geo.test/?initialCid=a&cid=c1&t=fe","datadomeCookie":"datadome=c1"}}
                """#,
            answer: #"{"domains":{"a.test":{"cookies":{"datadome":"P1w0"}}}}"#,
            solution: #"{"domains":{"a.test":{"cookies":{"datadome":"P1w0"}}},"cookie":"datadome=P1w0"}"#,
            proxy: .needed),
        Golden(
            .imperva,
            #"""
            {"websiteURL":"https://a.test/","incapsulaScriptUrl":"_Inc?x","incapsulaCookies":"i=1;",
             "userAgent":"M"}
            """#,
            sends: #"""
                {"type":"CustomTask","class":"Imperva","websiteURL":"https://a.test/","userAgent":"M",
                 "metadata":{"incapsulaScriptUrl":"_Inc?x","incapsulaCookies":"i=1;"}}
                """#,
            answer: #"{"domains":{"https://a.test":{"cookies":{"___utmvc":"NMB"}}}}"#,
            solution: #"""
                {"domains":{"https://a.test":{"cookies":{"___utmvc":"NMB"}}},"cookies":{"___utmvc":"NMB"}}
                """#, proxy: .needed),
        Golden(
            .tencent, #"{"websiteURL":"https://a.test/","appId":189956587,"captchaUrl":"https://t.test/"}"#,
            sends: #"""
                {"type":"CustomTask","class":"TenDI","websiteURL":"https://a.test/","websiteKey":"189956587",
                 "metadata":{"captchaUrl":"https://t.test/"}}
                """#,
            answer: #"{"data":{"randstr":"@EcL","ticket":"tr03"},"headers":{"User-Agent":"M"}}"#,
            solution: #"""
                {"data":{"randstr":"@EcL","ticket":"tr03"},"headers":{"User-Agent":"M"},"randstr":"@EcL",
                 "ticket":"tr03"}
                """#, proxy: .sent),
        Golden(
            .friendlyCaptcha, #"{"websiteURL":"https://a.test/","websiteKey":"FC","apiGetLib":"https://c.test/w.js"}"#,
            sends: #"""
                {"type":"CustomTask","class":"friendly","websiteURL":"https://a.test/","websiteKey":"FC",
                 "metadata":{"apiGetLib":"https://c.test/w.js"}}
                """#,
            answer: #"{"data":{"token":"tok1"}}"#, solution: #"{"data":{"token":"tok1"},"token":"tok1"}"#,
            proxy: .sent),
        Golden(
            .altcha,
            #"""
            {"websiteURL":"https://a.test/",
             "challengeJSON":"{\"challenge\":\"3dd2\",\"maxnumber\":50000,\"salt\":\"46d5\",\"signature\":\"4b1c\"}"}
            """#,
            sends: #"""
                {"type":"CustomTask","class":"altcha","websiteURL":"https://a.test/","websiteKey":"",
                 "metadata":{"challenge":"3dd2","iterations":"50000","salt":"46d5","signature":"4b1c"}}
                """#,
            answer: #"{"data":{"token":"eyJh","number":"44619"}}"#,
            solution: #"{"data":{"token":"eyJh","number":"44619"},"token":"eyJh","number":44619}"#, proxy: .sent),
        Golden(
            .basilisk, #"{"websiteURL":"https://a.test/","websiteKey":"b7890"}"#,
            sends: #"{"type":"CustomTask","class":"Basilisk","websiteURL":"https://a.test/","websiteKey":"b7890"}"#,
            answer: #"{"data":{"captcha_response":"5620"},"headers":{"User-Agent":"M"}}"#,
            solution: #"{"data":{"captcha_response":"5620"},"headers":{"User-Agent":"M"},"token":"5620"}"#,
            proxy: .sent),
        Golden(
            .alibaba,
            #"{"websiteURL":"https://a.test/","sceneId":"1ww7","prefix":"dlw3","userCertifyId":"0a03","region":"sgp"}"#,
            sends: #"""
                {"type":"CustomTask","class":"alibaba","websiteURL":"https://a.test/",
                 "metadata":{"sceneId":"1ww7","prefix":"dlw3","UserCertifyId":"0a03","region":"sgp"}}
                """#,
            answer: #"{"data":{"tokens":"{\"sceneId\":\"1ww7\"}"}}"#,
            solution: #"{"data":{"tokens":"{\"sceneId\":\"1ww7\"}"},"token":"{\"sceneId\":\"1ww7\"}"}"#,
            proxy: .sent),
        Golden(
            .tspd,
            #"{"websiteURL":"https://a.test/","tspdCookie":"TS1=a;","htmlPageBase64":"PGh0bWw+","userAgent":"M"}"#,
            sends: #"""
                {"type":"CustomTask","class":"tspd","websiteURL":"https://a.test/","userAgent":"M",
                 "metadata":{"tspdCookie":"TS1=a;","htmlPageBase64":"PGh0bWw+"}}
                """#,
            answer: #"{"Domains":{"a.test":{"Cookies":{"TSPD_101":"08d5"}}}}"#,
            solution: #"{"Domains":{"a.test":{"Cookies":{"TSPD_101":"08d5"}}},"cookies":{"TSPD_101":"08d5"}}"#,
            proxy: .needed),
        Golden(
            .hunt, #"{"websiteURL":"https://a.test/","apiGetLib":"https://h.test/h.js","widgetUrl":"https://w.test/"}"#,
            sends: #"""
                {"type":"CustomTask","class":"HUNT","websiteURL":"https://a.test/",
                 "metadata":{"apiGetLib":"https://h.test/h.js","widgetUrl":"https://w.test/"}}
                """#,
            answer: #"{"data":{"token":"tok1"}}"#, solution: #"{"data":{"token":"tok1"},"token":"tok1"}"#,
            proxy: .needed),
    ]

    static let images: [Golden] = [
        Golden(
            .imageToText, #"{"body":"R0lG","module":"yandexwave","numeric":4,"case":1,"languagePool":"en"}"#,
            sends: #"{"type":"ImageToTextTask","body":"R0lG","capMonsterModule":"yandexwave","numeric":0,"case":true}"#,
            answer: #"{"text":"answer"}"#, proxy: .leftOut),
        Golden(
            .grid,
            #"{"body":"R0lG","rows":3,"columns":"3","question":"/m/015qff","comment":"Click on traffic lights"}"#,
            sends: #"""
                {"type":"ComplexImageTask","class":"recaptcha","imagesBase64":["R0lG"],
                 "metadata":{"Grid":"3x3","TaskDefinition":"/m/015qff"}}
                """#,
            answer: #"{"answer":[false,false,true,false,true,false,false,false,false]}"#,
            solution: #"{"answer":[false,false,true,false,true,false,false,false,false],"click":[3,5]}"#,
            proxy: .leftOut),
        Golden(
            .coordinates, #"{"body":"R0lG"}"#,
            sends: #"""
                {"type":"ComplexImageTask","class":"recognition","imagesBase64":["R0lG"],"metadata":{"Task":"shein"}}
                """#,
            answer: #"{"answer":[{"X":69.0,"Y":201.95}],"metadata":{"AnswerType":"Coordinate"}}"#,
            solution: #"""
                {"answer":[{"X":69.0,"Y":201.95}],"metadata":{"AnswerType":"Coordinate"},
                 "coordinates":[{"x":69.0,"y":201.95}]}
                """#, proxy: .leftOut),
        Golden(
            .rotate,
            #"{"imagesBase64":["R0lG","R0lH"],"metadata":{"Task":"oocl_rotate_new"},"comment":"turn it"}"#,
            sends: #"""
                {"type":"ComplexImageTask","class":"recognition","imagesBase64":["R0lG","R0lH"],
                 "metadata":{"Task":"oocl_rotate_new"},"comment":"turn it"}
                """#,
            answer: #"{"answer":[130.90909],"metadata":{"AnswerType":"NumericArray"}}"#,
            solution: #"{"answer":[130.90909],"metadata":{"AnswerType":"NumericArray"},"rotate":130.90909}"#,
            proxy: .leftOut),
        Golden(
            .audio, #"{"body":"UklG","lang":"en"}"#,
            sends: #"""
                {"type":"ComplexImageTask","class":"recognition","imagesBase64":["UklG"],
                 "metadata":{"Task":"bills_audio","PayloadType":"Audio"}}
                """#,
            answer: #"{"answer":[6,8,4],"metadata":{"AnswerType":"Text"}}"#,
            solution: #"{"answer":[6,8,4],"metadata":{"AnswerType":"Text"},"text":"684"}"#, proxy: .leftOut),
        Golden(
            .complexImage, #"{"class":"recognition","imagesBase64":"R0lG","metadata":{"Task":"dli"}}"#,
            sends: #"""
                {"type":"ComplexImageTask","class":"recognition","imagesBase64":["R0lG"],"metadata":{"Task":"dli"}}
                """#,
            answer: #"{"answer":"abc","metadata":{"AnswerType":"Text"}}"#, proxy: .leftOut),
    ]
}
