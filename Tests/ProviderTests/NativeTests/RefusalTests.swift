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
            #"{"parameters":{"algorithm":"scrypt"}}"#, #"{"parameters":{"algorithm":"ARGON2I"}}"#,
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

    @Test("A mode of counting that does not exist, and a family that it doesn't solve")
    func others() async throws {
        var fault = await adapter().fault(["counterMode": "uint64", "challengeJSON": .object(SearchTests.version1)])
        #expect(fault?.kind == .badTask(field: "counterMode"))
        fault = await adapter().fault(["counterMode": 1, "challengeJSON": .object(SearchTests.version1)])
        #expect(fault?.kind == .badTask(field: "counterMode"))
        let family = try #require(TaskFamily(rawValue: "turnstile"))
        let task = TaskRequest(family: family, fields: [:], credential: nil, secondsLeft: 60)
        let refusal = Fault(.unsupportedTask, "The native adapter solves altcha and imageToText, nothing else.")
        await #expect(throws: refusal) { try await adapter().submit(task, call: FakeCall()) }
        let elsewhere = try NativeAdapter(settings: AdapterSettings(name: "far", endpoint: "https://x.example"))
        await #expect(throws: refusal) { try await elsewhere.submit(task, call: FakeCall()) }
    }

    @Test("What is solved here is never pending and has no keys")
    func keyless() async throws {
        let adapter = try NativeAdapter(settings: AdapterSettings(name: "native"))
        let ticket = Ticket(id: "1", family: .altcha, credential: nil)
        let credential = Credential(placeholder: "ucred_000102030405060708090a0b0c0d0e0f")
        await #expect { try await adapter.poll(ticket, call: FakeCall()) } throws: {
            ($0 as? Fault)?.kind == .taskNotFound
        }
        await #expect { try await adapter.validate(credential, call: FakeCall()) } throws: {
            ($0 as? Fault)?.kind == .unsupportedTask
        }
    }

    @Test("The manifest is one that a host accepts, asks for keys with an endpoint only, and offers what is built in")
    func manifest() throws {
        let manifest = try Manifest(parsing: NativeAdapter.manifest.bytes)
        #expect(manifest == NativeAdapter.manifest)
        #expect(manifest.keyFormat(withEndpoint: false) == nil)
        #expect(manifest.keyFormat(withEndpoint: true)?.prefixes == ["ucap_"])
        let families: [TaskFamily] = Build.isMinimal ? [.altcha] : [.altcha, .imageToText]
        #expect(manifest.offers == families.map { Manifest.Offer($0, listPrice: "0.0002") })
        #expect(manifest.addressFields == ["challengeURL"])
        #expect(manifest.origins.isEmpty)
        #expect(Argon2Derivation.isThere != Build.isMinimal)
    }

    /// Parameters of a memory-hard challenge, and what is said about them.
    static let memory: [(String, String)] = [
        (#""algorithm":"SCRYPT","cost":1000"#, "power of two"),
        (#""algorithm":"SCRYPT","cost":1"#, "cost has to be from 2"),
        (#""algorithm":"SCRYPT","cost":131072"#, "asks for 129 MiB of memory; at most 72 MiB"),
        (#""algorithm":"SCRYPT","cost":1024,"memoryCost":1048576"#, "MiB of memory"),
        (#""algorithm":"SCRYPT","cost":2,"memoryCost":2000000"#, "memoryCost has to be from 0 to 1048576"),
        (#""algorithm":"SCRYPT","cost":2,"parallelism":5000"#, "parallelism has to be from 0 to 1024"),
        (#""algorithm":"SCRYPT","cost":65536,"parallelism":4"#, "as long as 9 million hashes; at most 8 million"),
        (#""algorithm":"SCRYPT","cost":65536,"keyPrefix":"0000""#, "expected to take 137439 million hashes"),
        (#""algorithm":"SCRYPT","cost":65536,"parallelism":2,"keyPrefix":"0123456789""#, "1049 million hashes"),
    ]
    static let argon2: [(String, String)] = [
        (#""algorithm":"ARGON2ID","cost":0"#, "cost has to be from 1"),
        (#""algorithm":"ARGON2ID","cost":1,"memoryCost":131072"#, "asks for 128 MiB of memory; at most 72 MiB"),
        (#""algorithm":"ARGON2ID","cost":1,"memoryCost":1000000000"#, "memoryCost has to be from 0"),
        (#""algorithm":"ARGON2ID","cost":8"#, "as long as 9 million hashes"),
        (#""algorithm":"ARGON2ID","cost":1,"memoryCost":31,"parallelism":4"#, "at least 8 times its parallelism"),
        (#""algorithm":"ARGON2ID","cost":1,"memoryCost":64,"keyLength":3"#, "keyLength has to be from 4"),
        (#""algorithm":"ARGON2ID","cost":1,"memoryCost":64,"salt":"00""#, "salt has to be at least 8 bytes"),
        (#""algorithm":"ARGON2ID","cost":1,"keyPrefix":"000""#, "expected to take 4295 million hashes"),
    ]

    @Test(
        "Challenges that ask for too much memory or time are refused before any work",
        arguments: memory + (Build.isMinimal ? [] : argon2))
    func memoryHard(_ parameters: String, _ says: String) async throws {
        var text = parameters
        let missing = [("nonce", "00"), ("salt", "0001020304050607")].filter { !text.contains("\"\($0.0)\"") }
        for (name, value) in missing { text += ",\"\(name)\":\"\(value)\"" }
        let fault = await adapter().fault(["challengeJSON": .string("{\"parameters\":{\(text)}}")])
        #expect(fault?.kind == .badTask(field: "challengeJSON"))
        #expect(fault?.message.contains(says) == true, "\(fault?.message ?? "")")
    }

    @Test("Without its library Argon2id is not a mistake of the task", .enabled(if: Build.isMinimal))
    func withoutArgon2() async throws {
        let text = #"{"parameters":{"algorithm":"ARGON2ID","cost":1,"nonce":"00","salt":"0001020304050607"}}"#
        #expect(await adapter().fault(["challengeJSON": .string(text)])?.kind == .unsupportedTask)
        #expect(await adapter().fault(["body": "R0lG"], family: .imageToText)?.kind == .unsupportedTask)
    }
}
