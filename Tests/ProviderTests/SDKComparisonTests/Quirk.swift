import ProviderKit
import TestSupport

/// A field in which the adapter's request and the library's differ on purpose, and why the adapter is right.
struct Quirk: Sendable, CustomStringConvertible {
    /// The recorded requests that it is about, by name.
    let files: Set<String>
    /// What the adapter sends in those fields of the vendor's task; null for nothing.
    let adapter: [String: JSONValue]
    /// The family as which the host understands the task, where it is another one.
    let family: String?
    /// The ways by which the task comes to the adapter.
    let ways: Set<Way>
    let reason: String

    init(
        _ files: Set<String>, _ adapter: [String: JSONValue], family: String? = nil,
        ways: Set<Way> = Set(Way.allCases), because reason: String
    ) {
        self.files = files
        self.adapter = adapter
        self.family = family
        self.ways = ways
        self.reason = reason
    }

    var description: String { "\(files.sorted()): \(reason)" }

    func isAbout(_ recorded: SDKRequest, _ way: Way) -> Bool { ways.contains(way) && files.contains(recorded.name) }
}

extension Quirk {
    /// The libraries write the challenge as Python does.
    private static let altcha = Quirk(
        ["altcha", "altcha.proxy"],
        [
            "challengeJSON": .string(
                #"{"algorithm":"SHA-256","#
                    + #""challenge":"51e96c7e0bddcd46d2506a298d619356e19af6a0884122f5fbe1aa7226d29125","#
                    + #""maxnumber":1000,"salt":"salt?expires=1790000000&","signature":"5ec2e7"}"#)
        ], ways: [.canonical, .client], because: "JSON says the same with and without blanks.")

    static let twoCaptcha: [Quirk] = [
        altcha,
        Quirk(
            ["geetestV3", "geetestV3.proxy"], ["version": nil],
            because: "Version 3 is what the vendor documents for a task without a version."),
        Quirk(
            ["recaptchaV2", "recaptchaV2.proxy", "recaptchaV2Enterprise", "recaptchaV2Enterprise.proxy"],
            ["minScore": nil], ways: [.canonical, .client],
            because: "Only version 3 has a score; the library has one class, with a score, for all versions."),
        Quirk(
            ["recaptchaV3Enterprise.type"], ["type": "RecaptchaV3TaskProxyless", "isEnterprise": true],
            because: "The vendor documents the flag; the type of its own is the library's alone."),
    ]

    static let antiCaptcha: [Quirk] = [altcha]

    static let capMonster: [Quirk] = [
        Quirk(
            ["amazonWaf.cookie"], ["cookieSolution": nil], ways: [.canonical, .client],
            because: "It chooses the form of CapMonster's answer and has no canonical name; clients may send it."),
        Quirk(
            ["cloudflareClearance", "cloudflareClearance.waitRoom"], ["websiteKey": "none"],
            ways: [.canonical, .client],
            because: "The vendor takes any text and looks at none; the family has no key."),
        Quirk(
            ["grid"], ["websiteUrl": nil], ways: [.canonical, .client],
            because: "The library spells it unlike the documentation; these ways bring no page."),
        Quirk(
            ["grid"], ["websiteUrl": nil, "websiteURL": "https://shop.example.org/login"], family: "complexImage",
            ways: [.library],
            because: "The documented spelling; and who sends a ComplexImageTask wants its answer, cell by cell."),
        Quirk(
            ["imageToText.options"],
            ["CapMonsterModule": nil, "capMonsterModule": "yandex", "Case": nil, "case": true],
            because: "The documentation writes both with a small letter."),
        Quirk(
            ["recaptchaV3Enterprise.flag"], ["type": "RecaptchaV3EnterpriseTask", "isEnterprise": nil],
            because: "Of two ways that the vendor documents, the adapter has one."),
    ]

    static let capSolver: [Quirk] = [
        Quirk(
            [
                "amazonWaf.proxy", "cloudflareClearance", "datadome", "mtcaptcha.proxy", "recaptchaV2.proxy",
                "recaptchaV2Enterprise.proxy", "recaptchaV3.proxy", "recaptchaV3Enterprise.proxy",
            ], ["proxy": "198.51.100.9:8080:user:secret"],
            because: "The type may be left out for an HTTP proxy.")
    ]
}
