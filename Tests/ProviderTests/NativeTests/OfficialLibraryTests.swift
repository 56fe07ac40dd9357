import Foundation
import Native
import ProviderKit
import Testing

@Suite("The official library accepts what the adapter answers to its challenges")
struct OfficialLibraryTests {
    private static let future = JSONValue.number(JSONNumber(Int64(Date().timeIntervalSince1970) + 600))

    static let version1: [JSONValue] = [
        ["version": 1, "algorithm": "SHA-1"],
        ["version": 1, "algorithm": "SHA-256", "spelling": "maxnumber"],
        ["version": 1, "algorithm": "SHA-512", "expires": future],
        ["version": 1, "algorithm": "SHA-256", "params": ["site": "a b&c=d/ü"], "expires": future],
        ["version": 1, "algorithm": "SHA-256", "number": 0],
        ["version": 1, "algorithm": "SHA-256", "number": 20_000],
        ["version": 1, "algorithm": "SHA-256", "number": 9_999],
    ]

    static let version2: [JSONValue] = [
        ["version": 2, "algorithm": "SHA-256", "cost": 1],
        ["version": 2, "algorithm": "SHA-256", "cost": 0],
        ["version": 2, "algorithm": "SHA-384", "cost": 37, "keyLength": 48],
        ["version": 2, "algorithm": "SHA-512", "cost": 2_500, "keyPrefix": "0"],
        ["version": 2, "algorithm": "SHA-256", "cost": 3, "keyPrefix": "A1F", "keyLength": 16],
        ["version": 2, "algorithm": "SHA-256", "cost": 3, "keyLength": 100],
        ["version": 2, "algorithm": "PBKDF2/SHA-256", "cost": 1_000, "expires": future],
        ["version": 2, "algorithm": "PBKDF2/SHA-384", "cost": 100, "keyPrefix": ""],
        ["version": 2, "algorithm": "PBKDF2/SHA-512", "cost": 2],
        ["version": 2, "algorithm": "PBKDF2/SHA-256", "cost": 1, "keyLength": 100],
        [
            "version": 2, "algorithm": "PBKDF2/SHA-256", "cost": 20, "counter": 300, "keyLength": 80,
            "keyPrefixLength": 70,
        ],
        ["version": 2, "algorithm": "PBKDF2/SHA-256", "cost": 50, "counter": 700, "keySignature": true],
        ["version": 2, "algorithm": "SHA-512", "cost": 20, "counter": 1_234, "keySignature": true],
        ["version": 2, "algorithm": "SHA-256", "cost": 2, "counterMode": "string"],
        ["version": 2, "algorithm": "PBKDF2/SHA-512", "cost": 2, "counter": 1_024, "counterMode": "string"],
        [
            "version": 2, "algorithm": "SHA-256", "cost": 2, "nulls": ["data", "memoryCost", "expiresAt"],
            "keyPrefix": "0000",
        ],
        [
            "version": 2, "algorithm": "SHA-256", "cost": 2,
            "data": ["z": ["b": 1, "a": [nil, true, "\u{1F600}\n\"/\\", -7]], "10": "ten", "9": []],
        ],
    ]

    @Test("Challenges of every algorithm, given as text and as an object", arguments: version1 + version2)
    func accepted(_ options: JSONValue) async throws {
        let text = try await AltchaLibrary.challenge(options)
        for challenge in [.string(text), try JSONValue(parsing: text)] as [JSONValue] {
            var fields: JSONObject = ["challengeJSON": challenge, "challengeURL": ""]
            fields["counterMode"] = options["counterMode"]
            let solution = try await adapter().solve(fields)
            let token = try #require(solution.fields["token"]?.string)
            #expect(try await AltchaLibrary.accepts(token, options))
            #expect(solution.cost == nil)
            let payload = try payload(solution)
            #expect(solution.fields["number"] == payload["number"] ?? payload["solution"]?["counter"])
            if let picked = options["number"] ?? options["counter"] { #expect(solution.fields["number"] == picked) }
        }
    }

    @Test("The library refuses a token whose number was changed: its word means something", arguments: [1, 2])
    func refused(_ version: Int64) async throws {
        let options: JSONValue = [
            "version": .number(JSONNumber(version)), "algorithm": "SHA-256", "cost": 10, "counter": 50, "number": 50,
        ]
        let solution = try await adapter().solve(["challengeJSON": .string(try await AltchaLibrary.challenge(options))])
        let honest = try payload(solution).text
        #expect(honest.contains(":50,"))
        let forged = Data(honest.replacing(":50,", with: ":51,").utf8).base64EncodedString()
        #expect(try await AltchaLibrary.accepts(forged, options) == false)
    }
}
