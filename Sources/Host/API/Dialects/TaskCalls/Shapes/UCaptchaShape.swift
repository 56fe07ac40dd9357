import Domain

extension AnswerShape {
    /// The service's own documented answers.
    static let ucaptcha = AnswerShape(
        name: .uuid, createdHasStatus: true, facts: .charge, failureIsError: false, hasStatuses: true,
        instantTypes: ["imagetotexttask"],
        fieldCodes: ["websiteurl": "ERROR_PAGEURL", "websitekey": "ERROR_SITEKEY"])
}
