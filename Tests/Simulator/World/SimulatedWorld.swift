public import Domain
import ProviderKit

/// All simulated vendors, and the calls of the control port.
public struct SimulatedWorld: Sendable {
    /// One of each.
    public var vendors: [Vendor: SimulatedVendor]

    /// - Parameters:
    ///   - seed: decides everything that is drawn.
    ///   - accounts: balances by vendor and key.
    public init(
        seed: UInt64 = 1, accounts: [Vendor: [String: Money]] = [:], script: SimulatorScript = SimulatorScript()
    ) {
        vendors = Dictionary(
            uniqueKeysWithValues: Vendor.allCases.map {
                let vendor = SimulatedVendor(
                    $0, seed: seed, accounts: accounts[$0] ?? [:], script: script.vendors[$0] ?? VendorScript())
                return ($0, vendor)
            })
    }

    /// Answers a vendor's request.
    public mutating func handle(_ request: SimulatedRequest, to vendor: Vendor, at now: Timestamp) -> SimulatedAnswer {
        vendors[vendor]?.handle(request, at: now) ?? .text("", status: 404)
    }

    /// Answers a request of the control port.
    ///
    /// - `GET /requests?vendor=V&after=N`: what a vendor got, after the request with that number; `DELETE` forgets it.
    /// - `GET /accounts?vendor=V`: what each key has left, was charged and got back.
    /// - `POST /accounts` with `vendor`, `key` and any of `balance`, `suspended`, `refusesAddress`, `packageTasks`.
    /// - `GET /tasks?vendor=V`: what the vendor took, with prices.
    /// - `POST /script` with a script: the vendors in it behave so from now on.
    /// - `POST /limits` with `vendor` and `rates`: whether rates, bans and budgets hold.
    /// - `POST /clock` with `advance` in seconds; `GET /clock`.
    public mutating func control(_ request: SimulatedRequest, clock: SimulatorClock) -> SimulatedAnswer {
        do throws(ScriptError) {
            let reply = try reply(request, clock)
            return .json(reply)
        } catch {
            return .json(["error": .string(error.description)], status: 400)
        }
    }

    private mutating func reply(_ request: SimulatedRequest, _ clock: SimulatorClock) throws(ScriptError) -> JSONValue {
        let query = FormText.pairs(request.query)
        let body = request.json ?? .null
        switch (request.method, request.plainPath) {
        case ("GET", "/requests"):
            let after = query["after"].flatMap { Int($0) } ?? 0
            let recorded = try vendor(query["vendor"]).requests.filter { $0.number > after }
            return ["requests": .array(recorded.map(\.json))]
        case ("DELETE", "/requests"):
            try change(query["vendor"]) { $0.forgetRequests() }
            return ["ok": true]
        case ("GET", "/accounts"):
            try change(query["vendor"]) { $0.settle(clock.now) }
            return try accounts(vendor(query["vendor"]))
        case ("POST", "/accounts"):
            try setAccount(body)
            return ["ok": true]
        case ("GET", "/tasks"):
            return [
                "tasks": .array(try vendor(query["vendor"]).tasks.values.sorted { $0.number < $1.number }.map(\.json))
            ]
        case ("POST", "/script"):
            for (vendor, script) in try SimulatorScript(body).vendors {
                vendors[vendor]?.setScript(script, at: clock.now)
            }
            return ["ok": true]
        case ("POST", "/limits"):
            let rates = body["rates"]?.bool ?? true
            try change(body["vendor"]?.string) {
                $0.limits = rates ? VendorLimits(of: $0.vendor) : VendorLimits(of: $0.vendor).withoutRates
            }
            return ["ok": true]
        case ("POST", "/clock"):
            clock.advance(seconds: body["advance"]?.double ?? 0)
            return ["now": .number(JSONNumber(clock.now.milliseconds))]
        case ("GET", "/clock"): return ["now": .number(JSONNumber(clock.now.milliseconds))]
        default: throw ScriptError("There is no \(request.method) \(request.plainPath) on the control port.")
        }
    }

    private func vendor(_ name: String?) throws(ScriptError) -> SimulatedVendor {
        guard let vendor = name.flatMap(Vendor.init).flatMap({ vendors[$0] }) else {
            throw ScriptError("`vendor` is one of \(Vendor.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return vendor
    }

    private mutating func change(_ name: String?, _ body: (inout SimulatedVendor) -> Void) throws(ScriptError) {
        var changed = try vendor(name)
        vendors[changed.vendor] = nil
        body(&changed)
        vendors[changed.vendor] = changed
    }

    private func accounts(_ vendor: SimulatedVendor) -> JSONValue {
        let accounts = vendor.accounts.sorted { $0.key < $1.key }
        return .object(JSONObject(accounts.map { .init($0.key, $0.value.json) }))
    }

    private mutating func setAccount(_ body: JSONValue) throws(ScriptError) {
        guard let key = body["key"]?.string, !key.isEmpty else { throw ScriptError("`key` is missing.") }
        var balance: Money?
        if let told = body["balance"] {
            guard let money = Money(decimal: told.string ?? told.numberText ?? "") else {
                throw ScriptError("`balance` has to be a decimal number.")
            }
            balance = money
        }
        try change(body["vendor"]?.string) { vendor in
            var account = vendor.accounts[key] ?? SimulatedAccount(balance: .zero)
            if let balance { account.balance = balance }
            if let flag = body["suspended"]?.bool { account.isSuspended = flag }
            if let flag = body["refusesAddress"]?.bool { account.refusesAddress = flag }
            if let count = body["packageTasks"]?.integer { account.packageTasks = Int(count) }
            vendor.accounts[key] = account
        }
    }
}

extension SimulatedAccount {
    var json: JSONValue {
        [
            "balance": .string(balance.description), "charged": .string(charged.description),
            "refunded": .string(refunded.description), "tasks": .number(JSONNumber(tasks)),
            "solved": .number(JSONNumber(solved)), "failed": .number(JSONNumber(failed)),
        ]
    }
}

extension SimulatedTask {
    var json: JSONValue {
        [
            "id": .string(id), "type": .string(type), "family": .string(family), "key": .string(key),
            "price": .string(price.description), "refunded": .bool(isRefunded), "polls": .number(JSONNumber(polls)),
            "report": report.map { .bool($0) } ?? .null, "solution": solution,
        ]
    }
}
