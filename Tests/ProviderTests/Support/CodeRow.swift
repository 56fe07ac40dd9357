public import CreateTaskAPI
public import ProviderKit

/// A row of a vendor's documented table of error codes, and the fault that it has to become.
public struct CodeRow: Sendable, CustomStringConvertible {
    public let code: String
    public let number: Int64?
    public let kind: Fault.Kind
    public let blame: Fault.Blame
    /// The family of the task that is answered with the code.
    public let family: TaskFamily

    public init(
        _ code: String, _ number: Int64? = nil, is kind: Fault.Kind, blames blame: Fault.Blame,
        on family: TaskFamily = .recaptchaV2
    ) {
        self.family = family
        self.code = code
        self.number = number
        self.kind = kind
        self.blame = blame
    }

    public var description: String { code }

    /// The vendor's answer with this code.
    public var answer: String {
        #"{"errorId":\#(number ?? 1),"errorCode":"\#(code)","errorDescription":"what the vendor says","taskId":0}"#
    }

    /// The fault of a task of a golden's fields that is answered with the code.
    public func fault(_ adapter: any CreateTaskAdapter, _ goldens: [Golden], status: Int = 200) async throws -> Fault? {
        guard let golden = goldens.first(where: { $0.family == family }) else { return nil }
        let request = TaskRequest(
            family: family, fields: try GoldenRun.object(golden.task), credential: GoldenRun.credential,
            secondsLeft: 120)
        do {
            _ = try await adapter.submit(request, call: ScriptedCall(.json(answer, status: status)))
            return nil
        } catch {
            return error as? Fault
        }
    }
}
