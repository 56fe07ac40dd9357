import Foundation
import Native
import ProviderKit
import TestTraits
import Testing

@Suite("The official library accepts what the adapter answers to its challenges", .waitsForPrograms)
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

    static let scrypt: [JSONValue] = [
        ["version": 2, "algorithm": "SCRYPT", "cost": 1_024, "keyPrefix": "0"],
        ["version": 2, "algorithm": "SCRYPT", "cost": 256, "memoryCost": 1, "parallelism": 3, "expires": future],
        ["version": 2, "algorithm": "SCRYPT", "cost": 16_384, "memoryCost": 8, "counter": 9, "keySignature": true],
        ["version": 2, "algorithm": "SCRYPT", "cost": 64, "keyLength": 100, "counterMode": "string", "counter": 77],
        ["version": 2, "algorithm": "SCRYPT", "cost": 64, "memoryCost": 2, "keyLength": 1, "nulls": ["parallelism"]],
    ]

    static let argon2id: [JSONValue] = [
        ["version": 2, "algorithm": "ARGON2ID", "cost": 1, "memoryCost": 64, "keyPrefix": "0"],
        ["version": 2, "algorithm": "ARGON2ID", "cost": 3, "memoryCost": 8, "keyLength": 4, "expires": future],
        ["version": 2, "algorithm": "ARGON2ID", "cost": 2, "memoryCost": 100, "parallelism": 4, "keyPrefix": "ab"],
        ["version": 2, "algorithm": "ARGON2ID", "cost": 1, "counter": 3, "keySignature": true],
        ["version": 2, "algorithm": "ARGON2ID", "cost": 1, "memoryCost": 65_536, "counter": 5, "keyLength": 100],
        ["version": 2, "algorithm": "ARGON2ID", "cost": 2, "memoryCost": 32, "counterMode": "string", "counter": 300],
    ]

    @Test(
        "Challenges of every algorithm, given as text and as an object",
        arguments: version1 + version2 + scrypt + (Build.isMinimal ? [] : argon2id))
    func accepted(_ options: JSONValue) async throws {
        let text = try await AltchaLibrary.challenge(options)
        var tokens: [String] = []
        for challenge in [.string(text), try JSONValue(parsing: text)] as [JSONValue] {
            var fields: JSONObject = ["challengeJSON": challenge, "challengeURL": ""]
            fields["counterMode"] = options["counterMode"]
            let solution = try await adapter().solve(fields)
            tokens.append(try #require(solution.fields["token"]?.string))
            #expect(solution.cost == nil)
            let payload = try payload(solution)
            #expect(solution.fields["number"] == payload["number"] ?? payload["solution"]?["counter"])
            if let picked = options["number"] ?? options["counter"] { #expect(solution.fields["number"] == picked) }
        }
        #expect(try await AltchaLibrary.accepts(tokens, options))
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
        #expect(try await AltchaLibrary.accepts([forged], options) == false)
    }
}
