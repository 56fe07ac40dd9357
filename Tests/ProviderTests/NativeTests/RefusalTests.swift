@testable import Native
import ProviderKit
import Testing

@Suite("Tasks that are refused before any work")
struct RefusalTests {
    @Test("Version 1: each flaw is named, with the task's field", arguments: Flaw.version1)
    func version1(_ flaw: Flaw) async throws {
        let challenge = try flaw.applied(to: SearchTests.version1)
        let fault = await adapter().fault(["challengeJSON": .object(challenge)])
        #expect(fault?.kind == .badTask(field: "challengeJSON"))
        #expect(fault?.message.contains(flaw.says) == true, "\(fault?.message ?? "")")
    }

    @Test("Version 2: each flaw is named, with the task's field", arguments: Flaw.version2)
    func version2(_ flaw: Flaw) async throws {
        let parameters = try flaw.applied(to: try #require(SearchTests.version2["parameters"]?.object))
        let fault = await adapter().fault(["challengeJSON": ["parameters": .object(parameters)]])
        #expect(fault?.kind == .badTask(field: "challengeJSON"))
        #expect(fault?.message.contains(flaw.says) == true, "\(fault?.message ?? "")")
    }

    @Test("PBKDF2 refuses a cost below 1, counts two hashes a round and every block that the prefix needs")
    func pbkdf2() async throws {
        var parameters = try #require(SearchTests.version2["parameters"]?.object)
        parameters["algorithm"] = "PBKDF2/SHA-256"
        parameters["cost"] = 0
        var fault = await adapter().fault(["challengeJSON": ["parameters": .object(parameters)]])
        #expect(fault?.message.contains("cost has to be from 1 to") == true)
        parameters["cost"] = 130_000
        fault = await adapter().fault(["challengeJSON": ["parameters": .object(parameters)]])
        #expect(fault?.message.contains("expected to take 1065 million hashes") == true)
        parameters["cost"] = 30_000
        parameters["keyLength"] = 64
        parameters["keyPrefix"] = .string(String(repeating: "0", count: 66))
        fault = await adapter().fault(["challengeJSON": ["parameters": .object(parameters)]])
        #expect(fault?.message.contains("expected to take 1200 million hashes") == true)
    }

    @Test(
        "What is of another kind of ALTCHA is not refused as a mistake but as unsupported",
        arguments: [
            #"{"parameters":{"algorithm":"SCRYPT"}}"#, #"{"parameters":{"algorithm":"ARGON2ID"}}"#,
            #"{"parameters":{"algorithm":"SHA-1"}}"#, #"{"parameters":{"algorithm":"PBKDF2/SHA-1"}}"#,
            #"{"parameters":{"algorithm":"sha-256"}}"#, #"{"challenge":"00","algorithm":"SHA-384"}"#,
            #"{"challenge":"00","algorithm":"SHA-256","codeChallenge":{"image":"x"}}"#,
            #"{"his":{"url":"https://site.example/his"}}"#,
        ])
    func unsupported(_ text: String) async throws {
        #expect(await adapter().fault(["challengeJSON": .string(text)])?.kind == .unsupportedTask)
    }

    @Test(
        "An expiry that is no number, and one in the future, do not stop the work",
        arguments: ["a salt?expires=4102444800&", "a salt?expires=soon", "a salt?expires=", "a salt?", "a salt?x"])
    func lenientExpiry(_ salt: String) async throws {
        var challenge = SearchTests.version1
        challenge["salt"] = .string(salt)
        challenge["maxnumber"] = 43
        let task: JSONObject = ["challengeJSON": .object(challenge)]
        if salt.contains("4102444800") {
            #expect(try await adapter().solve(task).fields["number"] == 42)
        } else {
            #expect(await adapter().fault(task)?.kind == .unsolvable(charged: false))
        }
    }

    @Test("The expiry is held against the host's clock, and stops the work when it comes")
    func expiresDuringWork() async throws {
        var challenge = SearchTests.version1
        challenge["maxnumber"] = 1_900_000_000
        challenge["challenge"] = .string(String(repeating: "0", count: 64))
        let call = FakeCall(unixMilliseconds: 4_102_444_799_900)
        let fault = await adapter().fault(["challengeJSON": .object(challenge)], call: call)
        #expect(fault?.kind == .badTask(field: "challengeJSON"))
        #expect(fault?.message.contains("expired while it was worked on") == true)
        let late = FakeCall(unixMilliseconds: 4_102_444_800_000)
        #expect(
            await adapter().fault(["challengeJSON": .object(challenge)], call: late)?.message.contains("has expired")
                == true)
    }

    @Test("A mode of counting that does not exist, a family that it doesn't solve, an endpoint that it can't use")
    func others() async throws {
        var fault = await adapter().fault(["counterMode": "uint64", "challengeJSON": .object(SearchTests.version1)])
        #expect(fault?.kind == .badTask(field: "counterMode"))
        fault = await adapter().fault(["counterMode": 1, "challengeJSON": .object(SearchTests.version1)])
        #expect(fault?.kind == .badTask(field: "counterMode"))
        let family = try #require(TaskFamily(rawValue: "turnstile"))
        let task = TaskRequest(family: family, fields: [:], credential: nil, secondsLeft: 60)
        await #expect(throws: Fault(.unsupportedTask, "The native adapter solves altcha and nothing else.")) {
            try await adapter().submit(task, call: FakeCall())
        }
        #expect(throws: UnusableEndpoint.self) {
            try NativeAdapter(settings: AdapterSettings(name: "native", endpoint: "https://x.example"))
        }
        _ = try NativeAdapter(settings: AdapterSettings(name: "native"))
    }

    @Test("The manifest is one that a host accepts, and needs no key")
    func manifest() throws {
        let manifest = try Manifest(parsing: NativeAdapter.manifest.bytes)
        #expect(manifest == NativeAdapter.manifest)
        #expect(manifest.key == nil)
        #expect(manifest.offers == [Manifest.Offer(.altcha, listPrice: "0.0002")])
        #expect(manifest.addressFields == ["challengeURL"])
        #expect(manifest.origins.isEmpty)
    }
}
