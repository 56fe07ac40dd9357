@testable import ProviderKit
import Testing

@Suite("Requests and replies of operations as they cross")
struct OperationMessagesTests {
    private static let key = Credential(placeholder: "UCAPTCHA_KEY_1")
    private static let ticket = Ticket(id: "77-é", family: .altcha, credential: key)
    private static let keyless = Ticket(id: "", family: .altcha, credential: nil)

    @Test(
        "Requests survive",
        arguments: [
            .validate(key), .balance(key),
            .submit(
                TaskRequest(family: .altcha, fields: ["a": [1, nil], "b": "\n"], credential: key, secondsLeft: 12.5)),
            .submit(TaskRequest(family: .altcha, fields: [:], credential: nil, secondsLeft: 0)), .poll(ticket),
            .poll(keyless), .report(ticket, accepted: true), .report(keyless, accepted: false),
        ] as [OperationRequest])
    func requests(_ request: OperationRequest) throws {
        #expect(try OperationRequest(request.operation, parsing: request.bytes) == request)
    }

    @Test(
        "Replies survive",
        arguments: [
            (.validate, .valid(ValidKey())),
            (.validate, .valid(ValidKey(balance: Balance(amount: "0.000000001", otherMeans: true)))),
            (.balance, .balance(Balance(amount: "1e3"))), (.submit, .submitted(.pending(id: "9"))),
            (.submit, .submitted(.solved(Solution(["token": "t"], cost: "0.00145")))),
            (.submit, .submitted(.solved(Solution(["t": 1])))), (.poll, .polled(.pending)),
            (.poll, .polled(.solved(Solution(["n": 5])))), (.report, .reported),
            (.balance, .fault(Fault(.overloaded, "later"))),
        ] as [(ProviderKit.Operation, OperationReply)])
    func replies(_ operation: ProviderKit.Operation, _ reply: OperationReply) throws {
        #expect(try OperationReply(to: operation, parsing: reply.bytes) == reply)
    }

    @Test("The bytes are of the documented shapes")
    func shapes() {
        #expect(OperationRequest.validate(Self.key).bytes == Array(#"{"credential":"UCAPTCHA_KEY_1"}"#.utf8))
        let task = TaskRequest(family: .altcha, fields: ["f": 1], credential: nil, secondsLeft: 1.5)
        #expect(
            OperationRequest.submit(task).bytes
                == Array(#"{"family":"altcha","task":{"f":1},"secondsLeft":1.500}"#.utf8))
        #expect(
            OperationReply.submitted(.solved(Solution(["t": 1], cost: "2"))).bytes
                == Array(#"{"ok":{"solved":{"solution":{"t":1},"cost":"2"}}}"#.utf8))
        #expect(OperationReply.polled(.pending).bytes == Array(#"{"ok":{"pending":{}}}"#.utf8))
        #expect(OperationReply.reported.bytes == Array(#"{"ok":{}}"#.utf8))
    }

    @Test(
        "Requests that are not of the contract are refused by the member that is wrong",
        arguments: [
            (.validate, "[]", "not a JSON object"), (.validate, "{", "not JSON"), (.validate, "{}", "credential"),
            (.balance, #"{"credential":5}"#, "credential"), (.submit, #"{"task":{},"secondsLeft":1}"#, "family"),
            (.submit, #"{"family":"Bad!","task":{},"secondsLeft":1}"#, "family"),
            (.submit, #"{"family":"altcha","task":[],"secondsLeft":1}"#, "task"),
            (.submit, #"{"family":"altcha","task":{}}"#, "secondsLeft"),
            (.submit, #"{"family":"altcha","task":{},"secondsLeft":-1}"#, "secondsLeft"),
            (.submit, #"{"family":"altcha","task":{},"secondsLeft":1,"credential":[]}"#, "credential"),
            (.poll, #"{"family":"altcha"}"#, "id"), (.poll, #"{"id":7,"family":"altcha"}"#, "id"),
            (.poll, #"{"id":"7"}"#, "family"), (.report, #"{"id":"7","family":"altcha"}"#, "accepted"),
            (.report, #"{"id":"7","family":"altcha","accepted":1}"#, "accepted"),
        ] as [(ProviderKit.Operation, String, String)])
    func badRequests(_ operation: ProviderKit.Operation, _ text: String, _ says: String) {
        let error = #expect(throws: MessageError.self) { try OperationRequest(operation, parsing: Array(text.utf8)) }
        #expect(error?.description.hasPrefix(says) == true, "\(error?.description ?? "")")
    }

    @Test(
        "Replies that are not of the contract are refused by the member that is wrong",
        arguments: [
            (.validate, "", "not JSON"), (.validate, "{}", "ok"), (.validate, #"{"ok":5}"#, "ok"),
            (.validate, #"{"ok":null}"#, "ok"), (.validate, #"{"ok":{"balance":5}}"#, "balance.amount"),
            (.balance, #"{"ok":{}}"#, "balance"), (.balance, #"{"ok":{"balance":{"amount":1.5}}}"#, "balance.amount"),
            (.submit, #"{"ok":{}}"#, "pending.id"), (.submit, #"{"ok":{"pending":{}}}"#, "pending.id"),
            (.submit, #"{"ok":{"pending":{"id":5}}}"#, "pending.id"),
            (.submit, #"{"ok":{"solved":{}}}"#, "solved.solution"),
            (.submit, #"{"ok":{"solved":{"solution":"t"}}}"#, "solved.solution"),
            (.submit, #"{"ok":{"solved":{"solution":{"t":1},"cost":true}}}"#, "solved.cost"),
            (.submit, #"{"ok":{"solved":{"solution":{}}}}"#, "solved.solution"),
            (.poll, #"{"ok":{}}"#, "pending"), (.poll, #"{"ok":{"pending":true}}"#, "pending"),
            (.report, #"{"ok":[]}"#, "ok"), (.report, "nonsense", "not JSON"),
        ] as [(ProviderKit.Operation, String, String)])
    func badReplies(_ operation: ProviderKit.Operation, _ text: String, _ says: String) {
        let error = #expect(throws: MessageError.self) { try OperationReply(to: operation, parsing: Array(text.utf8)) }
        #expect(error?.description.hasPrefix(says) == true, "\(error?.description ?? "")")
    }

    @Test("Optional members may be null, and a cost may be a number: its digits are kept")
    func lenient() throws {
        func reply(_ operation: ProviderKit.Operation, _ text: String) throws -> OperationReply {
            try OperationReply(to: operation, parsing: Array(text.utf8))
        }
        #expect(try reply(.validate, #"{"fault":null,"ok":{"balance":null}}"#) == .valid(ValidKey()))
        #expect(
            try reply(.submit, #"{"ok":{"pending":null,"solved":{"solution":{"t":1},"cost":0.00145000000000000001}}}"#)
                == .submitted(.solved(Solution(["t": 1], cost: "0.00145000000000000001"))))
        #expect(try reply(.poll, #"{"ok":{"solved":null,"pending":{}}}"#) == .polled(.pending))
        #expect(try reply(.poll, #"{"fault":{"kind":"proxy"},"ok":{"pending":{}}}"#) == .fault(Fault(.proxy)))
        let request = #"{"id":"7","family":"altcha","credential":null}"#
        #expect(
            try OperationRequest(.poll, parsing: Array(request.utf8))
                == .poll(Ticket(id: "7", family: .altcha, credential: nil)))
    }

    @Test("Operations have the identifiers of the C header")
    func identifiers() {
        #expect(
            ProviderKit.Operation.allCases.map(\.identifier) == [
                "ucaptcha.validate.v1", "ucaptcha.balance.v1", "ucaptcha.submit.v1", "ucaptcha.poll.v1",
                "ucaptcha.report.v1",
            ])
    }
}
