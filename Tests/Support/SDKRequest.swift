public import Foundation
public import ProviderKit

/// A request that a vendor's own client library sends for a task, as it was recorded; the adapter's request for the
/// same task has to say the same.
///
/// The files lie in Tests/Support/SDKRequests by vendor: `2captcha` (python-rucaptcha, JSON), `2captcha-forms`
/// (2captcha-python, in.php), `anticaptcha`, `capmonster`, and `capsolver`, whose library sends tasks as they are
/// given.
public struct SDKRequest: Sendable, CustomStringConvertible {
    /// The family, with a variant after a dot: `recaptchaV2.proxy`.
    public let name: String
    /// The canonical name of the family.
    public let family: String
    /// The task in canonical fields.
    public let task: JSONObject
    /// The body that was sent, with `KEY` for the key; of in.php the parameters.
    public let request: JSONObject

    public var description: String { name }

    /// The folder of the recorded requests of one vendor.
    public static func folder(_ vendor: String) -> URL {
        Repository.root.appending(path: "Tests/Support/SDKRequests/\(vendor)")
    }

    /// All recorded requests of one vendor, by name.
    ///
    /// - Throws: when there are none, or one cannot be read.
    public static func all(of vendor: String) throws -> [SDKRequest] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder(vendor).path)
        let all = try names.filter { $0.hasSuffix(".json") }.map { name in
            let json = try JSONValue(parsing: Data(contentsOf: folder(vendor).appending(path: name)))
            guard let family = json["family"]?.string, let task = json["task"]?.object,
                let request = json["request"]?.object
            else { throw TestFailure("\(vendor)/\(name) lacks `family`, `task` or `request`.") }
            return SDKRequest(name: String(name.dropLast(5)), family: family, task: task, request: request)
        }
        return all.sorted { $0.name < $1.name }
    }

    /// Members beside the task that the libraries send and that are not compared: the key, who wrote the library.
    public static let envelope: Set<String> = [
        "clientKey", "key", "softId", "soft_id", "languagePool", "callbackUrl", "appId", "json",
    ]

    /// How another body differs from the recorded one, as sentences; empty when they say the same.
    ///
    /// Fields that say nothing (null, an empty text, false, 0, an empty list or object) may be there or not. Numbers
    /// are equal by value. JSON bodies are compared by their `task`, forms by all parameters.
    ///
    /// - Parameter allowed: fields in which the two may differ.
    public func differences(from body: JSONObject, allowing allowed: Set<String> = []) -> [String] {
        let (recorded, other) = (request["task"]?.object ?? request, body["task"]?.object ?? body)
        let ignored = SDKRequest.envelope.union(allowed)
        let names = Set((recorded.members + other.members).map(\.name)).subtracting(ignored)
        return names.sorted().compactMap { name in
            let (wanted, given) = (recorded[name] ?? .null, other[name] ?? .null)
            if SDKRequest.same(wanted, given) { return nil }
            return "\(name) is \(given.text) here and \(wanted.text) in the library's request."
        }
    }

    private static func same(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if saysNothing(left), saysNothing(right) { return true }
        switch (left, right) {
        case (.number(let one), .number(let two)): return one.double == two.double
        case (.array(let one), .array(let two)): return one.count == two.count && zip(one, two).allSatisfy(same)
        case (.object(let one), .object(let two)):
            return Set((one.members + two.members).map(\.name)).allSatisfy {
                same(one[$0] ?? .null, two[$0] ?? .null)
            }
        default: return left == right
        }
    }

    private static func saysNothing(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .string(""), .bool(false), .array([]): true
        case .number(let number): number.double == 0
        case .object(let object): object.members.isEmpty
        default: false
        }
    }
}
