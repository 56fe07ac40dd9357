import Domain
import ProviderKit
import Testing

@Suite("A solution as one text")
struct SolutionTextTests {
    @Test(
        "is its token or text, what a service tells of a picture, or the whole of it",
        arguments: [
            (.altcha, #"{"gRecaptchaResponse":"03A"}"#, "03A"), (.turnstile, #"{"token":"t"}"#, "t"),
            (.imageToText, #"{"text":"w93bx"}"#, "w93bx"),
            (.cloudflareClearance, #"{"cookies":{"cf_clearance":"c"}}"#, "cf_clearance=c"),
            (.coordinates, #"{"coordinates":[{"x":39,"y":59},[252,72]]}"#, "coordinate:x=39,y=59;x=252,y=72"),
            (.amazonWaf, #"{"cookie":"a:b/c="}"#, #"{"existing_token":"a:b/c=","captcha_voucher":""}"#),
            (
                .amazonWaf, #"{"captcha_voucher":"v","existing_token":"t"}"#,
                #"{"captcha_voucher":"v","existing_token":"t"}"#
            ), (.grid, #"{"click":[3,8]}"#, "click:3/8"),
            (.lemin, #"{"more":1,"challenge_id":"b","answer":"a"}"#, #"{"answer":"a","challenge_id":"b"}"#),
            (.altcha, #"{"more":1}"#, #"{"more":1}"#), (.altcha, "not json", "not json"),
        ] as [(TaskFamily, String, String)])
    func text(family: TaskFamily, solution: String, text: String) {
        #expect(SolutionText.text(of: Array(solution.utf8), family) == text)
    }
}
