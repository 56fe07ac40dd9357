import Domain
import ProviderKit

/// Reads settings from JSON and refuses what it does not know.
enum SettingsReader {
    /// A phase, or a list of phases.
    static func script(_ json: JSONValue) throws(ScriptError) -> VendorScript {
        var phases: [VendorScript.Phase] = []
        for phase in json.array ?? [json] {
            guard let object = phase.object else { throw ScriptError("A phase of a script is a JSON object.") }
            phases.append(.init(from: object["from"]?.double ?? 0, try settings(object)))
        }
        return VendorScript(phases)
    }

    private static func settings(_ object: JSONObject) throws(ScriptError) -> VendorSettings {
        var settings = VendorSettings()
        for member in object.members {
            let value = member.value
            switch member.name {
            case "from": continue
            case "latency": settings.latency = try latency(value)
            case "priceFactor": settings.priceFactor = try money(value, member.name)
            case "prices":
                for price in value.object?.members ?? [] {
                    settings.prices[price.name] = try money(price.value, "prices.\(price.name)")
                }
            case "successRate": settings.successRate = try rate(value, member.name)
            case "failure": settings.failure = value.string
            case "faults":
                for fault in value.array ?? [] { settings.faults.append(try self.fault(fault)) }
            case "balanceOffset": settings.balanceOffset = try money(value, member.name)
            case "toldBalance": settings.toldBalance = value
            case "solutions":
                for family in value.object?.members ?? [] { settings.solutions[family.name] = family.value.object }
            case "families":
                for family in value.object?.members ?? [] {
                    settings.families[family.name] = .init(
                        latency: try family.value["latency"].map(latency),
                        successRate: try family.value["successRate"].map { value throws(ScriptError) in
                            try rate(value, "successRate")
                        })
                }
            default: throw ScriptError("`\(member.name)` is no setting of a vendor.")
            }
        }
        return settings
    }

    private static func latency(_ json: JSONValue) throws(ScriptError) -> Latency {
        if let seconds = json.double ?? json["fixed"]?.double { return .fixed(seconds) }
        if let ends = json["uniform"]?.array, ends.count == 2, let low = ends[0].double, let high = ends[1].double {
            return .uniform(low, high)
        }
        if let mean = json["exponential"]?.double {
            return .exponential(mean: mean, atLeast: json["atLeast"]?.double ?? 0)
        }
        throw ScriptError(
            #"`latency` is seconds, {"uniform": [LOW, HIGH]} or {"exponential": MEAN, "atLeast": SECONDS}."#)
    }

    private static func money(_ json: JSONValue, _ name: String) throws(ScriptError) -> Money {
        guard let money = Money(decimal: json.string ?? json.numberText ?? "") else {
            throw ScriptError("`\(name)` has to be a decimal number.")
        }
        return money
    }

    private static func rate(_ json: JSONValue, _ name: String) throws(ScriptError) -> Double {
        guard let rate = json.double, (0...1).contains(rate) else {
            throw ScriptError("`\(name)` has to be a number from 0 to 1.")
        }
        return rate
    }

    private static func fault(_ json: JSONValue) throws(ScriptError) -> ScriptedFault {
        guard let kind = json["kind"]?.string.flatMap(ScriptedFault.Kind.init) else {
            let kinds = ScriptedFault.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ScriptError("A fault's `kind` is one of \(kinds).")
        }
        var fault = ScriptedFault(kind)
        for member in json.object?.members ?? [] {
            switch member.name {
            case "kind": continue
            case "on":
                guard let call = member.value.string.flatMap(Call.init) else {
                    let calls = Call.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ScriptError("A fault's `on` is one of \(calls).")
                }
                fault.call = call
            case "probability": fault.probability = try rate(member.value, member.name)
            case "times": fault.times = member.value.integer.map { Int($0) }
            case "status": fault.status = Int(member.value.integer ?? 503)
            case "code": fault.code = member.value.string ?? ""
            case "seconds": fault.seconds = member.value.double ?? 1
            case "takesEffect": fault.takesEffect = member.value.bool
            default: throw ScriptError("`\(member.name)` is no field of a fault.")
            }
        }
        return fault
    }
}
