/// Requests and replies of the operations as they cross the boundary: MESSAGES.md, in code. Both sides use it.

/// A request of the host to an adapter.
public enum OperationRequest: Sendable, Hashable {
    case validate(Credential)
    case balance(Credential)
    case submit(TaskRequest)
    case poll(Ticket)
    case report(Ticket, accepted: Bool)

    public var operation: Operation {
        switch self {
        case .validate: .validate
        case .balance: .balance
        case .submit: .submit
        case .poll: .poll
        case .report: .report
        }
    }

    public var bytes: [UInt8] {
        var object = JSONObject()
        switch self {
        case .validate(let credential), .balance(let credential):
            object["credential"] = .string(credential.placeholder)
        case .submit(let task):
            object["family"] = .string(task.family.rawValue)
            object["task"] = .object(task.fields)
            object["credential"] = task.credential.map { .string($0.placeholder) }
            object["secondsLeft"] = JSONValue(seconds: task.secondsLeft)
        case .poll(let ticket):
            object = ticket.crossing
        case .report(let ticket, let accepted):
            object = ticket.crossing
            object["accepted"] = .bool(accepted)
        }
        return JSONValue.object(object).bytes
    }

    /// Reads the request of one operation.
    ///
    /// - Throws: `MessageError`.
    public init(_ operation: Operation, parsing bytes: some Sequence<UInt8>) throws(MessageError) {
        let value = try JSONValue(crossing: bytes)
        switch operation {
        case .validate: self = .validate(try Credential(crossing: value).required("credential"))
        case .balance: self = .balance(try Credential(crossing: value).required("credential"))
        case .submit:
            self = .submit(
                TaskRequest(
                    family: try TaskFamily(crossing: value),
                    fields: try (value["task"]?.object).required("task"),
                    credential: try Credential(crossing: value),
                    secondsLeft: try (value["secondsLeft"]?.duration).required("secondsLeft")))
        case .poll: self = .poll(try Ticket(crossing: value))
        case .report:
            self = .report(try Ticket(crossing: value), accepted: try (value["accepted"]?.bool).required("accepted"))
        }
    }
}

/// A reply of an adapter to the host.
public enum OperationReply: Sendable, Hashable {
    case valid(ValidKey)
    case balance(Balance)
    case submitted(SubmitResult)
    case polled(PollResult)
    case reported
    case fault(Fault)

    public var bytes: [UInt8] {
        let result: JSONValue =
            switch self {
            case .valid(let key): key.balance.map { ["balance": $0.crossing] } ?? [:]
            case .balance(let balance): ["balance": balance.crossing]
            case .submitted(.pending(let id)): ["pending": ["id": .string(id)]]
            case .polled(.pending): ["pending": [:]]
            case .submitted(.solved(let solution)), .polled(.solved(let solution)): ["solved": solution.crossing]
            case .reported: [:]
            case .fault(let fault): fault.crossing
            }
        if case .fault = self { return JSONValue.object(["fault": result]).bytes }
        return JSONValue.object(["ok": result]).bytes
    }

    /// Reads the reply to one operation.
    ///
    /// - Throws: `MessageError` when the bytes are not of the contract.
    public init(to operation: Operation, parsing bytes: some Sequence<UInt8>) throws(MessageError) {
        let value = try JSONValue(crossing: bytes)
        if let fault = value["fault"], !fault.isNull {
            self = .fault(Fault(crossing: fault))
            return
        }
        let result = JSONValue.object(try (value["ok"]?.object).required("ok"))
        switch operation {
        case .validate: self = .valid(ValidKey(balance: try result.member("balance").map(Balance.init(crossing:))))
        case .balance: self = .balance(try Balance(crossing: try result["balance"].required("balance")))
        case .submit:
            if let solved = result.member("solved") {
                self = .submitted(.solved(try Solution(crossing: solved)))
            } else {
                self = .submitted(.pending(id: try (result["pending"]?["id"]?.string).required("pending.id")))
            }
        case .poll:
            if let solved = result.member("solved") {
                self = .polled(.solved(try Solution(crossing: solved)))
            } else {
                _ = try (result["pending"]?.object).required("pending")
                self = .polled(.pending)
            }
        case .report: self = .reported
        }
    }
}

/// Bytes that crossed the boundary and are not of the contract.
public struct MessageError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

extension Optional {
    func required(_ name: String) throws(MessageError) -> Wrapped {
        guard let self else { throw MessageError("\(name) is missing or of a wrong type") }
        return self
    }
}

extension JSONValue {
    init(crossing bytes: some Sequence<UInt8>) throws(MessageError) {
        do {
            self = try JSONValue(parsing: bytes)
        } catch {
            throw MessageError("not JSON: \(error)")
        }
        guard object != nil else { throw MessageError("not a JSON object") }
    }
}

extension JSONValue {
    /// A member that may be left out; null counts as left out.
    func member(_ name: String) -> JSONValue? {
        guard let value = self[name], !value.isNull else { return .none }
        return value
    }
}

extension Credential {
    init?(crossing value: JSONValue) throws(MessageError) {
        guard let member = value.member("credential") else { return nil }
        self.init(placeholder: try member.string.required("credential"))
    }
}

extension TaskFamily {
    init(crossing value: JSONValue) throws(MessageError) {
        self = try (value["family"]?.string).flatMap(TaskFamily.init(rawValue:)).required("family")
    }
}

extension Ticket {
    var crossing: JSONObject {
        var object: JSONObject = ["id": .string(id), "family": .string(family.rawValue)]
        object["credential"] = credential.map { .string($0.placeholder) }
        return object
    }

    init(crossing value: JSONValue) throws(MessageError) {
        self.init(
            id: try (value["id"]?.string).required("id"), family: try TaskFamily(crossing: value),
            credential: try Credential(crossing: value))
    }
}

extension Balance {
    var crossing: JSONValue { ["amount": .string(amount), "otherMeans": .bool(otherMeans)] }

    init(crossing value: JSONValue) throws(MessageError) {
        self.init(
            amount: try (value["amount"]?.string).required("balance.amount"),
            otherMeans: value["otherMeans"]?.bool ?? false)
    }
}

extension Solution {
    var crossing: JSONValue {
        var object: JSONObject = ["solution": .object(fields)]
        object["cost"] = cost.map { .string($0) }
        return .object(object)
    }

    init(crossing value: JSONValue) throws(MessageError) {
        // Money: a cost of a wrong type must not pass for one that the vendor did not tell.
        let fields = try (value["solution"]?.object).required("solved.solution")
        // Nobody pays for nothing.
        guard fields.members.first != nil else { throw MessageError("solved.solution is empty") }
        self.init(
            fields,
            cost: try value.member("cost").map { cost throws(MessageError) in
                try (cost.string ?? cost.numberText).required("solved.cost")
            })
    }
}
