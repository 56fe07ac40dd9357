import Domain
import ProviderKit
import Testing

@Suite("Solutions as clients get them")
struct SolutionShapeTests {
    @Test(
        "A solution gets the other names of its fields",
        arguments: [
            (["gRecaptchaResponse": "t"], ["token": "t"]),
            (
                ["gRecaptchaResponse": "t", "respKey": "r", "userAgent": "U"], ["token": "t", "useragent": "U"]
            ),
            (["token": "t", "userAgent": "U"], ["useragent": "U"]), (["token": "t", "number": 5], [:]),
            (["text": "abc", "confidence": 0], ["answer": "abc"]),
            (
                ["challenge": "c", "validate": "v", "seccode": "s"],
                ["geetest_validate": "v", "geetest_seccode": "s", "geetest_challenge": "c"]
            ),
            (["captcha_id": "i", "lot_number": "l", "pass_token": "p", "gen_time": "1", "captcha_output": "o"], [:]),
            (["cookies": ["cf_clearance": "x"]], ["cf_clearance": "x", "cookie": "cf_clearance=x"]),
            (["cookies": ["a": "b", "c": "d"]], ["cookie": "a=b; c=d"]), (["cookies": "a=b"], [:]),
            (
                ["cookie": "datadome=A~b=; Max-Age=31536000; Path=/"], ["cookies": ["datadome": "A~b="]]
            ),
            (
                ["cookie": "5f1c:AQoA/x+y:z=="],
                [
                    "token": "5f1c:AQoA/x+y:z==", "existing_token": "5f1c:AQoA/x+y:z==",
                    "cookies": ["aws-waf-token": "5f1c:AQoA/x+y:z=="],
                ]
            ),
            (["captcha_voucher": "v", "existing_token": "e"], ["token": "v"]),
            (
                ["captcha_voucher": "v", "existing_token": "e", "cookie": "a:b"],
                ["token": "v", "cookies": ["aws-waf-token": "a:b"]]
            ),
            (
                ["bounding_boxes": [["xMin": 1, "yMin": 2, "xMax": 3, "yMax": 4]]], ["coordinates": [[1, 2, 3, 4]]]
            ),
            (["bounding_boxes": [["xMin": 1]]], [:]), (["coordinates": [["x": 1, "y": 2]]], [:]),
            (
                ["appid": "a", "ret": 0, "ticket": "t", "randstr": "r"], ["data": ["ticket": "t", "randstr": "r"]]
            ),
            (["click": [1, 5]], [:]), ([:], [:]),
        ] as [(JSONObject, JSONObject)])
    func additions(solution: JSONObject, wanted: JSONObject) {
        #expect(SolutionShape.additions(to: solution) == wanted)
    }

    @Test("What a solution has already is left as it is")
    func noOverwriting() {
        let solution: JSONObject = ["gRecaptchaResponse": "a", "token": "b", "text": "c", "answer": [true]]
        #expect(SolutionShape.additions(to: solution) == [:])
    }

    @Test("The stored bytes are kept and the names added behind them")
    func presented() {
        func shown(_ text: String) -> String {
            String(decoding: SolutionShape.presented(Array(text.utf8)), as: UTF8.self)
        }
        #expect(
            shown(#"{ "gRecaptchaResponse" : "a\"}" , "n":1.50 } "#)
                == #"{ "gRecaptchaResponse" : "a\"}" , "n":1.50 ,"token":"a\"}"}"#)
        for text in [#"{ "token" : "a", "number":12.50 }"#, "{}", "", "[1]", "nonsense", #"{"gRecaptchaResponse":"a""#]
        {
            #expect(shown(text) == text)
        }
    }

    @Test("Every name in the table is one that is added, and comes from a field that some family has")
    func table() {
        let fields = Set(TaskForm.all.flatMap(\.solution))
        for alias in SolutionShape.aliases {
            #expect(fields.contains(alias.field), "\(alias.field)")
            #expect(alias.field != alias.name)
        }
        #expect(Set(SolutionShape.aliases).count == SolutionShape.aliases.count)
    }
}
