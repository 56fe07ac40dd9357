@testable import ProviderKit
import Testing

@Suite("Manifests as they cross")
struct ManifestMessageTests {
    static var full: Manifest {
        Manifest(
            id: "some-vendor2", displayName: "Some Vendor", version: "1.2",
            key: Manifest.KeyFormat(
                description: "32 hexadecimal digits", prefixes: ["SV-", "sv-"], length: 35...40, hexadecimal: true),
            offers: [
                Manifest.Offer(.altcha, listPrice: "0.00145"),
                Manifest.Offer(other, pollPlan: Manifest.PollPlan(first: 20, interval: 5, most: 120)),
            ],
            balanceUnit: "points", pollPlan: Manifest.PollPlan(first: 0, interval: 0.05, most: 100_000),
            resultLifetimeSeconds: 120.5, reportWindow: Manifest.ReportWindow(seconds: 900.5, from: .submit),
            reportsCost: true, chargesUnsolvable: true,
            origins: ["https://api.vendor.example", "http://127.0.0.1:8080"], addressFields: ["challengeURL"],
            concurrentSubmits: 4096, submitSeconds: 600)
    }
    private static let other = TaskFamily(rawValue: "turnstile") ?? .altcha

    @Test("A manifest with everything and one with the least survive")
    func roundTrip() throws {
        #expect(try Manifest(parsing: Self.full.bytes) == Self.full)
        let least = Manifest(
            id: "a", displayName: "A", version: "0", key: nil, offers: [Manifest.Offer(.altcha)], concurrentSubmits: 1,
            submitSeconds: 1)
        #expect(try Manifest(parsing: least.bytes) == least)
    }

    @Test("A family's own poll plan holds for it, and the manifest's for the others and for families that nobody sells")
    func pollPlans() throws {
        let manifest = try Manifest(parsing: Self.full.bytes)
        #expect(manifest.pollPlan(for: Self.other) == Manifest.PollPlan(first: 20, interval: 5, most: 120))
        #expect(manifest.pollPlan(for: .altcha) == manifest.pollPlan && manifest.offers[0].pollPlan == nil)
        #expect(manifest.pollPlan(for: .imageToText) == manifest.pollPlan)
    }

    @Test("Keys may be needed by instances with an endpoint alone; without a word on it all instances need them")
    func keysOnlyWithEndpoint() throws {
        var manifest = Self.full
        #expect(manifest.keyFormat(withEndpoint: false) == manifest.key)
        manifest.key?.onlyWithEndpoint = true
        #expect(try Manifest(parsing: manifest.bytes) == manifest)
        #expect(manifest.keyFormat(withEndpoint: false) == nil)
        #expect(manifest.keyFormat(withEndpoint: true) == manifest.key)
        var object = try #require(try JSONValue(parsing: manifest.bytes).object)
        var key = try #require(object["key"]?.object)
        key["onlyWithEndpoint"] = nil
        object["key"] = .object(key)
        #expect(try Manifest(parsing: JSONValue.object(object).bytes).key?.onlyWithEndpoint == false)
        key["onlyWithEndpoint"] = "yes"
        object["key"] = .object(key)
        let text = JSONValue.object(object).bytes
        #expect { try Manifest(parsing: text) } throws: { "\($0)".contains("key.onlyWithEndpoint") }
    }

    @Test("Members that may be left out may be null, and unknown ones are no reason to refuse")
    func lenient() throws {
        var object = try #require(try JSONValue(parsing: Self.full.bytes).object)
        object["key"] = .null
        object["resultLifetimeSeconds"] = .null
        object["reportWindow"] = .null
        object["offers"] = [["family": "altcha", "listPrice": nil, "colour": "red"]]
        object["later"] = ["x": 1]
        let manifest = try Manifest(parsing: JSONValue.object(object).bytes)
        #expect(manifest.key == nil)
        #expect(manifest.resultLifetimeSeconds == nil && manifest.reportWindow == nil)
        #expect(manifest.offers == [Manifest.Offer(.altcha)])
    }

    @Test(
        "Each wrong member is refused by name",
        arguments: [
            ("id", nil, "id is missing or of a wrong type"), ("id", "5", "id is missing or of a wrong type"),
            ("id", "\"\"", "id is empty or too long"), ("id", "\"A\"", "id has to be 1 to 32 lower-case"),
            ("id", "\"a_b\"", "id has to be 1 to 32 lower-case"), ("id", "\"é\"", "id has to be 1 to 32 lower-case"),
            ("id", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "id has to be 1 to 32 lower-case"),
            ("displayName", "null", "displayName is missing"), ("version", "[]", "version is missing"),
            ("version", "\"\(String(repeating: "1", count: 201))\"", "version is empty or too long"),
            ("key", "5", "shortest is missing"), ("key", "{}", "shortest is missing"),
            (
                "key", #"{"shortest":0,"longest":5,"description":"d","prefixes":[],"hexadecimal":true}"#,
                "shortest is outside"
            ),
            (
                "key", #"{"shortest":5,"longest":4097,"description":"d","prefixes":[],"hexadecimal":true}"#,
                "longest is outside"
            ),
            (
                "key", #"{"shortest":6,"longest":5,"description":"d","prefixes":[],"hexadecimal":true}"#,
                "shortest is above longest"
            ),
            (
                "key", #"{"shortest":5,"longest":5,"description":"d","prefixes":[1],"hexadecimal":true}"#,
                "prefixes is missing"
            ),
            ("key", #"{"shortest":5,"longest":5,"description":"d","prefixes":[]}"#, "key.hexadecimal is missing"),
            ("key", #"{"shortest":5,"longest":5,"prefixes":[],"hexadecimal":true}"#, "description is missing"),
            ("offers", nil, "offers is missing"), ("offers", "[]", "offers is empty"),
            ("offers", "[{}]", "a family's name is missing or malformed"),
            ("offers", #"[{"family":"Bad Name"}]"#, "a family's name is missing or malformed"),
            ("offers", #"[{"family":"a"},{"family":"a"}]"#, "offers names a family twice"),
            ("offers", #"[{"family":"a","listPrice":0.5}]"#, "offers: listPrice is missing or of a wrong type"),
            ("offers", #"[{"family":"a","pollPlan":5}]"#, "offers: a: pollPlan: first is missing"),
            (
                "offers", #"[{"family":"a","pollPlan":{"first":3601,"interval":1,"most":1}}]"#,
                "offers: a: pollPlan: first is outside"
            ),
            (
                "offers", #"[{"family":"a","pollPlan":{"first":1,"interval":0,"most":1}}]"#,
                "offers: a: pollPlan: interval is outside"
            ),
            (
                "offers", #"[{"family":"a","pollPlan":{"first":1,"interval":1,"most":0}}]"#,
                "offers: a: pollPlan: most is outside"
            ),
            ("balanceUnit", nil, "balanceUnit is missing"), ("pollPlan", nil, "pollPlan is missing"),
            ("pollPlan", #"{"first":-1,"interval":1,"most":1}"#, "first is outside"),
            ("pollPlan", #"{"first":0,"interval":0.049,"most":1}"#, "interval is outside"),
            ("pollPlan", #"{"first":0,"interval":3601,"most":1}"#, "interval is outside"),
            ("pollPlan", #"{"first":0,"interval":1,"most":0}"#, "most is outside"),
            ("pollPlan", #"{"first":0,"interval":1,"most":1.5}"#, "most is missing or of a wrong type"),
            ("resultLifetimeSeconds", "-1", "resultLifetimeSeconds is outside"),
            ("resultLifetimeSeconds", "1e999", "resultLifetimeSeconds is outside"),
            ("resultLifetimeSeconds", "\"5\"", "resultLifetimeSeconds is missing or of a wrong type"),
            ("reportWindow", #"{"seconds":-1,"from":"submit"}"#, "seconds is outside"),
            ("reportWindow", #"{"from":"submit"}"#, "seconds is missing"),
            ("reportWindow", #"{"seconds":1,"from":"x"}"#, "reportWindow.from is missing or of a wrong type"),
            ("reportsCost", "0", "reportsCost is missing"), ("chargesUnsolvable", nil, "chargesUnsolvable is missing"),
            ("origins", "\"https://a\"", "origins is missing"), ("origins", "[1]", "origins is missing"),
            ("origins", #"["ftp://a"]"#, "origins: ftp://a is no http or https origin"),
            ("addressFields", nil, "addressFields is missing"),
            ("concurrentSubmits", "0", "concurrentSubmits is outside"),
            ("concurrentSubmits", "4097", "concurrentSubmits is outside"),
            ("submitSeconds", "0.9", "submitSeconds is outside"),
            ("submitSeconds", "600.1", "submitSeconds is outside"),
        ] as [(String, String?, String)])
    func refusals(_ name: String, _ value: String?, _ says: String) throws {
        var object = try #require(try JSONValue(parsing: Self.full.bytes).object)
        object[name] = try value.map { try JSONValue(parsing: $0) }
        let error = #expect(throws: MessageError.self) { try Manifest(parsing: JSONValue.object(object).bytes) }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }

    @Test("Bytes that are no JSON object are refused", arguments: ["", "[]", "null", "{\"id\":", "\u{FEFF}{}"])
    func notAnObject(_ text: String) {
        let error = #expect(throws: MessageError.self) { try Manifest(parsing: Array(text.utf8)) }
        #expect(error?.description.hasPrefix("not ") == true)
    }
}
