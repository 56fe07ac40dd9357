import Domain

extension OperationGenerator {
    /// Few hosts, so that each has several.
    mutating func callback() -> CallbackTarget? {
        guard Bool.random(using: &random) else { return nil }
        return CallbackTarget(
            url: "https://h/?\(Int.random(in: 0..<9, using: &random))",
            host: "h\(Int.random(in: 0..<5, using: &random))",
            taskName: Callback.TaskName.allCases.randomElement(using: &random) ?? .uuid)
    }

    mutating func callbackOperation() throws -> CallbackOperation {
        let task = try task()
        guard Bool.random(using: &random) else { return .forget(task) }
        let until = StoreFixture.start.adding(seconds: Double(Int.random(in: 0..<600, using: &random)) * 1_000)
        return .postpone(task, attempts: Int.random(in: 1...9, using: &random), until: until)
    }
}
