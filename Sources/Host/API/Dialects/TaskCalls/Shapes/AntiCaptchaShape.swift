import Domain

extension AnswerShape {
    /// Anti-Captcha's answers.
    static let antiCaptcha = AnswerShape(
        facts: .times,
        codes: codes(
            commonCodes,
            [
                .badParameters: "ERROR_INCORRECT_SESSION_DATA", .proxyFormat: "ERROR_INCORRECT_SESSION_DATA",
                .badProxy: "ERROR_PROXY_CONNECT_REFUSED",
            ]))
}
