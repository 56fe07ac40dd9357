import Domain
import Foundation
import ProviderKit
import TestSupport

/// A task that a client sends to be solved by one provider.
struct ProviderTask {
    let provider: String
    let family: String
    /// What tells the tasks of one family apart.
    let name: String
    /// As it stands in createTask.
    let task: JSONObject

    /// A task in canonical fields, with the type that a client would write.
    init(_ provider: String, _ name: String, _ family: String, _ fields: JSONObject) throws {
        guard let form = TaskForm.all.first(where: { $0.family.rawValue == family }) else {
            throw TestFailure("There is no family \(family).")
        }
        // A challenge page goes by the name of the widget.
        let names = form.names.isEmpty ? [TypeName.stem("Turnstile")] : form.names
        let types = names.flatMap(\.spellings)
        let hasProxy = fields["proxyAddress"] != nil
        let type = types.first { $0.hasSuffix("Proxyless") != hasProxy } ?? types.first ?? ""
        (self.provider, self.family, self.name) = (provider, family, name)
        task = JSONObject([.init("type", .string(type))] + fields.members)
    }

    /// Every task that a vendor's own library was recorded with, and one of each further family of the list.
    static func all(of provider: String, families: [String]) throws -> [ProviderTask] {
        var tasks: [ProviderTask] = []
        if provider != "multibot" {
            tasks = try SDKRequest.all(of: provider).map { try ProviderTask(provider, $0.name, $0.family, $0.task) }
        }
        let others = try (["2captcha", "capsolver"]).flatMap { try SDKRequest.all(of: $0) }
        for family in families where !tasks.contains(where: { $0.family == family }) {
            guard let fields = plain[family] ?? others.first(where: { $0.family == family })?.task else {
                throw TestFailure("There is no task of the family \(family) for \(provider).")
            }
            tasks.append(try ProviderTask(provider, family, family, fields))
        }
        return tasks
    }

    /// Tasks of families in their simplest form, where the recorded ones ask for more than every vendor has.
    static let plain: [String: JSONObject] = [
        "recaptchaV2": [
            "websiteURL": "https://shop.example.org/login", "websiteKey": "6Le-wvkSAAAAAPBMRTvw0Q4Muexq9bi0DJwx_mJ-",
        ],
        "hcaptcha": [
            "websiteURL": "https://shop.example.org/login", "websiteKey": "338af34c-7bcb-4c7c-900b-acbec73d7d43",
        ],
        "turnstile": ["websiteURL": "https://shop.example.org/login", "websiteKey": "0x4AAAAAAAVrOwQWPlm3Bnr5"],
        "authkong": ["websiteURL": "https://shop.example.org/login", "websiteKey": "63ce49ec7e2ee"],
        "imageToText": ["body": picture], "coordinates": ["body": picture], "rotate": ["body": picture],
    ]

    static let picture = JSONValue.string(
        Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array(repeating: UInt8(7), count: 160))
            .base64EncodedString())
}

/// What a solution has to have.
enum ExpectedSolution {
    /// Fields that only some providers give, by family; of all families the browser's name.
    private static let optional: [String: Set<String>] = [
        "recaptchaV2": ["cookies"], "recaptchaV2Enterprise": ["cookies"], "recaptchaV3": ["cookies"],
        "recaptchaV3Enterprise": ["cookies"], "hcaptcha": ["respKey"], "cloudflareClearance": ["token"],
        "imageToText": ["confidence"], "altcha": ["number"],
        "tencent": ["appid", "ret"],
        "amazonWaf": ["captcha_voucher", "existing_token", "cookie", "cookies"],
    ]

    /// What is missing of a solution as a client got it, as sentences.
    static func complaints(_ family: String, _ solution: JSONObject) -> [String] {
        guard !solution.members.isEmpty else { return ["It is empty."] }
        let form = TaskForm.all.first { $0.family.rawValue == family }
        let needed = (form?.solution ?? []).filter { $0 != "userAgent" && optional[family]?.contains($0) != true }
        var complaints = needed.filter { isEmpty(solution[$0]) }.map { "\($0) is missing." }
        if family == "amazonWaf", isEmpty(solution["captcha_voucher"]), isEmpty(solution["cookie"]) {
            complaints.append("Neither captcha_voucher nor cookie is there.")
        }
        // Whatever the host would add is there already.
        for member in SolutionShape.additions(to: solution).members {
            complaints.append("The further name \(member.name) is missing.")
        }
        for (field, alias) in aliases where solution[field] != nil && solution[field] != solution[alias] {
            complaints.append("\(alias) is not the same as \(field).")
        }
        return complaints
    }

    /// Further names that the clients of all vendors look for.
    private static let aliases = [
        ("gRecaptchaResponse", "token"), ("text", "answer"), ("validate", "geetest_validate"),
        ("captcha_voucher", "token"),
    ]

    private static func isEmpty(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null?, .string("")?, .array([])?: true
        case .object(let object)?: object.members.isEmpty
        default: false
        }
    }
}
