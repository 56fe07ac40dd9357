import Domain

extension AnswerShape {
    /// CapMonster Cloud's answers.
    static let capMonster = AnswerShape(
        codes: codes(
            commonCodes,
            [
                .badParameters: "ERROR_INVALID_TASK", .proxyFormat: "ERROR_INVALID_TASK",
                .badProxy: "ERROR_PROXY_CONNECT_REFUSED", .tooManyRequests: "ERROR_TOO_MUCH_REQUESTS",
                .storage: "ERROR_SERVICE_NOT_AVAILABLE", .stopping: "ERROR_SERVICE_NOT_AVAILABLE",
            ]))
}
