import Domain
import Foundation
import ProviderKit
import ProviderSimulator
import TestSupport

/// A vendor with one key and a clock that a test moves.
struct Caller {
    static let key = "0123456789abcdef0123456789abcdef"
    static let site = "6LcR_okUAAAAAPYrPe-HK_0RULO1aZM15ENyM-Mf"
    /// A PNG's first bytes, and enough of the rest.
    static let picture = Data([0x89, 0x50, 0x4E, 0x47] + Array(repeating: UInt8(7), count: 200)).base64EncodedString()

    var vendor: SimulatedVendor
    var now = Timestamp(milliseconds: 1_790_000_000_000)

    init(_ vendor: Vendor, balance: String = "10", seed: UInt64 = 1, _ settings: VendorSettings = VendorSettings()) {
        self.vendor = SimulatedVendor(
            vendor, seed: seed, accounts: [Caller.key: Money(decimal: balance) ?? .zero], script: VendorScript(settings)
        )
    }

    mutating func wait(_ seconds: Double) { now = now.adding(seconds: seconds) }

    mutating func send(_ request: SimulatedRequest) -> SimulatedAnswer { vendor.handle(request, at: now) }

    mutating func post(_ path: String, _ body: JSONObject, key: String? = Caller.key) -> SimulatedAnswer {
        var body = body
        if let key { body["clientKey"] = .string(key) }
        return send(.post("/\(path)", .object(body)))
    }

    mutating func create(_ task: JSONObject, key: String? = Caller.key) -> SimulatedAnswer {
        post("createTask", ["task": .object(task)], key: key)
    }

    /// Creates a task and gives its ID.
    mutating func id(_ task: JSONObject) throws -> JSONValue {
        let answer = create(task)
        guard let id = answer.json["taskId"] else { throw TestFailure(answer.text) }
        return id
    }

    mutating func result(_ id: JSONValue) -> SimulatedAnswer { post("getTaskResult", ["taskId": id]) }

    mutating func submit(_ fields: [String: String], key: String = Caller.key) -> SimulatedAnswer {
        send(.form("/in.php", ["key": key].merging(fields) { $1 }))
    }

    mutating func ask(_ query: String, key: String = Caller.key) -> SimulatedAnswer {
        send(SimulatedRequest("GET", "/res.php?key=\(key)&\(query)"))
    }

    var account: SimulatedAccount { vendor.accounts[Caller.key] ?? SimulatedAccount(balance: .zero) }
}
