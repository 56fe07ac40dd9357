@testable import Native
import ProviderKit
import TestTraits
import Testing

@Suite("Challenges with known solutions", .computesLong)
struct SearchTests {
    static let version1: JSONObject = [
        "algorithm": "SHA-256", "challenge": "efaf97ee12144c7c9df9fef685070c60fc0285e30cf1b40b8f0f3c839402a00c",
        "maxnumber": 50, "salt": "a salt?expires=4102444800&", "signature": "5167",
    ]
    static let version2: JSONObject = [
        "parameters": [
            "algorithm": "SHA-256", "nonce": "000102030405060708090a0b0c0d0e0f",
            "salt": "101112131415161718191a1b1c1d1e1f", "cost": 1, "keyLength": 32, "keyPrefix": "abc",
        ],
        "signature": "5167",
    ]

    @Test("Version 1: the number and the widget's payload, its texts as they came")
    func version1() async throws {
        let hashes = [
            "SHA-1": "c749547a12cc23fc34d34346c3568971f2cfd546",
            "SHA-256": "EFAF97ee12144c7c9df9fef685070c60fc0285e30cf1b40b8f0f3c839402a00c",
            "SHA-512": "7f89ef0af50cf1e9220e5194c265af1c1212be0820cc14edf340c82833c7d5a0"
                + "8f8b4637e7996fff573030260e4c345dc1eb247e4d44a6cfbbb95c6a7e7a35b1",
        ]
        for (algorithm, hash) in hashes {
            var challenge = Self.version1
            challenge["algorithm"] = .string(algorithm)
            challenge["challenge"] = .string(hash)
            let solution = try await adapter().solve(["challengeJSON": .object(challenge)])
            #expect(solution.fields["number"] == 42)
            let payload = try #require(try payload(solution).object)
            #expect(
                payload.members.map(\.name) == ["algorithm", "challenge", "number", "salt", "signature", "took"])
            #expect(payload["algorithm"] == .string(algorithm))
            #expect(payload["challenge"] == .string(hash))
            #expect(payload["number"] == 42)
            #expect(payload["salt"] == "a salt?expires=4102444800&")
            #expect(payload["signature"] == "5167")
            #expect(try #require(payload["took"]?.integer) >= 0)
        }
    }

    @Test("Version 1: the highest number counts, and one less means that there is none")
    func highest() async throws {
        var challenge = Self.version1
        challenge["maxnumber"] = 42
        #expect(try await adapter().solve(["challengeJSON": .object(challenge)]).fields["number"] == 42)
        challenge["maxnumber"] = 41
        let fault = await adapter().fault(["challengeJSON": .object(challenge)])
        #expect(fault?.kind == .unsolvable(charged: false))
        #expect(fault?.message == "No number up to 41 solves the challenge.")
    }

    @Test("Version 1: without a highest number, with null or as 1e6 it is a million", arguments: [nil, "null", "1e6"])
    func usualHighest(_ spelling: String?) async throws {
        var challenge = Self.version1
        challenge["maxnumber"] = try spelling.map { try JSONValue(parsing: $0) }
        #expect(try await adapter().solve(["challengeJSON": .object(challenge)]).fields["number"] == 42)
    }

    @Test("Version 2: the first counter, and a payload that echoes the parameters to the letter")
    func version2() async throws {
        let parameters =
            #"{"zz":1.50,"algorithm":"SHA-256","cost":1,"#
            + #""nonce":"000102030405060708090a0b0c0d0e0f","salt":"101112131415161718191A1B1C1D1E1F","#
            + #""keyPrefix":"ABC","keyLength":3.2e1,"data":null,"expiresAt":0.0,"zz":[]}"#
        let text = #"{"signature":"5167","parameters":"# + parameters + #","configuration":{"a":1}}"#
        let solution = try await adapter(threads: 1).solve(["challengeJSON": .string(text)])
        #expect(solution.fields["number"] == 2106)
        let payload = try payload(solution).text
        let time = try JSONValue(parsing: payload)["solution"]?["time"]?.text ?? ""
        #expect(
            payload == #"{"challenge":{"parameters":"# + parameters + #","signature":"5167"},"#
                + #""solution":{"counter":2106,"#
                + #""derivedKey":"abcc90f5b787586ead0fdeafe735b7bd18f5438a3113a2507764473564c7cc0d","#
                + #""time":\#(time)}}"#)
    }

    @Test("Version 2: an unsigned challenge is solved and stays unsigned; left-out members have their usual values")
    func unsigned() async throws {
        let challenge: JSONValue = ["parameters": ["algorithm": "SHA-256", "nonce": "", "salt": "", "cost": 1]]
        let solution = try await adapter().solve(["challengeJSON": challenge])
        let payload = try payload(solution)
        #expect(payload["challenge"] == challenge)
        let key = try #require(payload["solution"]?["derivedKey"]?.string)
        #expect(key.hasPrefix("00") && key.count == 64)
    }

    @Test("Version 2: where the server picked a counter, the search ends at the work's limit")
    func picked() throws {
        let digest = try #require(Digest.sha256)
        var search = KeySearch(
            derivation: HashedDerivation(method: .pbkdf2, digest: digest, salt: [], cost: 5_000, length: 32),
            nonce: [], prefix: try #require(KeyPrefix("01234567")), counterMode: .uint32)
        #expect(search.isPicked)
        #expect(search.expectedHashes == 100_000_000)
        #expect(search.candidates == 100_000)
        search.prefix = try #require(KeyPrefix("0123456"))
        #expect(!search.isPicked)
        #expect(search.expectedHashes == 10_000 * 268_435_456)
        #expect(search.candidates == 4_294_967_296)
        #expect(search.slice == 1)
        search.derivation = HashedDerivation(method: .pbkdf2, digest: digest, salt: [], cost: 1, length: 32)
        #expect(search.slice == 8_192)
    }

    @Test("Version 2: a counter that nobody can find in the limit is given up, and it costs nothing")
    func pickedTooHigh() async throws {
        var challenge = Self.version2
        challenge["parameters"] = [
            "algorithm": "SHA-256", "nonce": "00", "salt": "00", "cost": 1, "keyPrefix": "0123456789abcdef",
        ]
        let fault = await adapter().fault(["challengeJSON": .object(challenge)], secondsLeft: 0.05)
        #expect(fault?.kind == .unsolvable(charged: false))
        #expect(fault?.message == "The time for the task ran out before a solution was found.")
    }
}
