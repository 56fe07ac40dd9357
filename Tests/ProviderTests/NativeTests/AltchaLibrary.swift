import Foundation
import ProviderKit
import TestSupport

/// The official server library of ALTCHA, from PyPI, in a Python of its own: it makes the challenges and has the last
/// word on the payloads.
enum AltchaLibrary {
    /// Has the library make a challenge, as the JSON text that a site would send.
    static func challenge(_ options: JSONValue) async throws -> String {
        try await run(["make": options]).string ?? ""
    }

    /// Whether the library accepts the payloads for a challenge that it made with these options.
    static func accepts(_ tokens: [String], _ options: JSONValue) async throws -> Bool {
        let request: JSONValue = ["verify": options, "tokens": .array(tokens.map { .string($0) })]
        let accepted = try await run(request).bool
        guard let accepted else { throw TestFailure("the library's answer is no boolean") }
        return accepted
    }

    private static func run(_ request: JSONValue) async throws -> JSONValue {
        guard FileManager.default.isExecutableFile(atPath: Repository.python.path) else {
            throw TestFailure(
                "There is no \(Repository.python.path). Run `make test`, which sets it up with the official library, "
                    + "or name a Python that has altcha 2.3.0 in UCAPTCHA_PYTHON.")
        }
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try runBlocking(request) })
            }
        }
    }

    private static func runBlocking(_ request: JSONValue) throws -> JSONValue {
        let process = Process()
        let output = Pipe()
        let errors = Pipe()
        process.executableURL = Repository.python
        process.arguments = ["-c", script, request.text]
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let answer = output.fileHandleForReading.everything()
        let complaint = errors.fileHandleForReading.everything()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw TestFailure("The library failed: \(String(decoding: complaint, as: UTF8.self).suffix(400))")
        }
        return try JSONValue(parsing: [UInt8](answer))
    }

    private static let script = #"""
        import importlib.metadata, json, sys, datetime
        from altcha import v1, v2
        assert importlib.metadata.version("altcha") == "2.3.0", "altcha has to be 2.3.0"
        SECRET, KEY_SECRET = "a server's secret", "a server's other secret"

        def make(o):
            if o["version"] == 1:
                made = v1.create_challenge(v1.ChallengeOptions(
                    algorithm=o["algorithm"], max_number=o.get("max", 20000), hmac_key=SECRET,
                    number=o.get("number"), params=o.get("params"),
                    expires=datetime.datetime.fromtimestamp(o["expires"], datetime.timezone.utc)
                        if "expires" in o else None)).to_dict()
                if o.get("spelling") == "maxnumber":
                    made["maxnumber"] = made.pop("maxNumber")
                return made
            made = v2.create_challenge(
                o["algorithm"], o["cost"], counter=o.get("counter"), counter_mode=o.get("counterMode", "uint32"),
                key_length=o.get("keyLength", 32), key_prefix=o.get("keyPrefix", "00"),
                key_prefix_length=o.get("keyPrefixLength"), expires_at=o.get("expires"), data=o.get("data"),
                memory_cost=o.get("memoryCost"), parallelism=o.get("parallelism"),
                hmac_secret=SECRET, hmac_key_secret=KEY_SECRET if o.get("keySignature") else None)
            if "nulls" in o:
                parameters = dict(made.to_dict()["parameters"], **{name: None for name in o["nulls"]})
                made = v2._sign_challenge_v2("SHA-256", v2.ChallengeParameters.from_dict(parameters), None, SECRET)
            return made.to_dict()

        def verify(o, token):
            if o["version"] == 1:
                return v1.verify_solution(token, SECRET)[0]
            result = v2.verify_solution(token, SECRET, counter_mode=o.get("counterMode", "uint32"),
                hmac_key_secret=KEY_SECRET if o.get("keySignature") else None)
            return result.verified

        request = json.loads(sys.argv[1])
        if "make" in request:
            print(json.dumps(json.dumps(make(request["make"]))))
        else:
            print(json.dumps(all(verify(request["verify"], token) for token in request["tokens"])))
        """#
}
