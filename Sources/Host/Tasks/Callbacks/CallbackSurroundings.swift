public import Domain
public import ProviderKit

/// The world around callbacks.
public struct CallbackSurroundings: Sendable {
    public typealias Send =
        @Sendable (
            HTTPRequest, _ completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
        ) -> @Sendable () -> Void

    /// Sends a request, over the transport for addresses that clients name; what it returns gives the exchange up. The
    /// completion is called once, on any thread.
    let send: Send
    let uuid: @Sendable (TaskID) -> String
    let code: @Sendable ([UInt8], TaskFamily) -> String
    let sign: @Sendable (_ message: [UInt8], _ key: [UInt8]) -> [UInt8]
    let dither: @Sendable () -> Double

    /// - Parameters:
    ///   - uuid: of a task, as clients see it.
    ///   - code: a solution as one text.
    ///   - sign: HMAC-SHA256.
    ///   - dither: a random number, 0..<1.
    public init(
        send: @escaping Send, uuid: @escaping @Sendable (TaskID) -> String,
        code: @escaping @Sendable ([UInt8], TaskFamily) -> String = SolutionText.text,
        sign: @escaping @Sendable (_ message: [UInt8], _ key: [UInt8]) -> [UInt8],
        dither: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.send = send
        self.uuid = uuid
        self.code = code
        self.sign = sign
        self.dither = dither
    }

    /// The request that tells of a message; nil when the task's content is erased.
    func request(_ message: CallbackMessage, of task: TaskID, at now: Timestamp) -> HTTPRequest? {
        guard !message.target.url.isEmpty else { return nil }
        let text: String?
        switch message.outcome {
        case .failed: text = nil
        case .solved(let solution, _, _) where solution.isEmpty: return nil
        case .solved(let solution, _, _): text = code(solution, message.family)
        }
        let id =
            switch message.target.taskName {
            case .uuid: uuid(task)
            case .number: task.description
            }
        return CallbackRequest(id: id, code: text).http(
            to: message.target.url, at: now, sign: sign, key: message.keyHash)
    }
}
