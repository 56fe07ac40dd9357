import Domain

extension AnswerShape {
    /// 2Captcha's answers to the JSON calls.
    static let twoCaptcha = AnswerShape(
        facts: .times, costIsText: true, codes: codes(commonCodes, [.proxyFormat: "ERROR_BAD_PROXY"]),
        fieldCodes: ["websiteurl": "ERROR_PAGEURL", "imginstructions": "ERROR_BAD_IMGINSTRUCTIONS"])
}
