import Domain

extension AnswerShape {
    /// CapSolver's answers, in its own spelling.
    static let capSolver = AnswerShape(
        name: .uuid, createdHasStatus: true, resultHasName: true, feedbackMessage: "okay",
        instantTypes: ["imagetotexttask", "visionengine", "recaptchav2classification", "awswafclassification"],
        codes: [
            .keyDoesNotExist: "ERROR_KEY_DENIED_ACCESS", .badParameters: "ERROR_INVALID_TASK_DATA",
            .taskAbsent: "ERROR_INVALID_TASK_DATA", .proxyFormat: "ERROR_INVALID_TASK_DATA",
            .taskNotSupported: "ERROR_TASK_NOT_SUPPORTED", .badProxy: "ERROR_PROXY_BANNED",
            .emptyImage: "ERROR_INVALID_IMAGE", .imageTooBig: "ERROR_INVALID_IMAGE",
            .noProviders: unavailable, .overloaded: unavailable, .storage: unavailable, .stopping: unavailable,
            .wrongTaskID: "ERROR_TASKID_INVALID", .tooManyRequests: "ERROR_RATE_LIMIT",
            .keyTaskLimit: "ERROR_RATE_LIMIT", .keySpendLimit: "ERROR_ZERO_BALANCE",
            .badJSON: "ERROR_BAD_REQUEST", .nestedTooDeep: "ERROR_BAD_REQUEST",
            .requestTooLarge: "ERROR_BAD_REQUEST", .requestTimeout: "ERROR_BAD_REQUEST",
            .noSuchMethod: "ERROR_BAD_REQUEST", .methodNotAllowed: "ERROR_BAD_REQUEST",
        ])

    /// The vendor writes it so.
    private static let unavailable = "ERROR_SERVICE_UNAVALIABLE"
}
