import ProviderKit

/// What goes back to the site for version 2. The site signed the parameters, so they go back exactly as they came:
/// unknown members, nulls, the spelling of numbers and the order included.
struct KeyAnswer {
    var parameters: JSONValue
    var signature: JSONValue?

    func payload(_ match: Match, milliseconds: Int64) -> JSONValue {
        var challenge: JSONObject = ["parameters": parameters]
        challenge["signature"] = signature
        return [
            "challenge": .object(challenge),
            "solution": [
                "counter": .number(JSONNumber(match.number)), "derivedKey": .string(HexText.text(match.key)),
                "time": .number(JSONNumber(milliseconds)),
            ],
        ]
    }
}

extension AltchaChallenge {
    init(version2 reader: ChallengeReader, _ counterMode: KeySearch.CounterMode) throws(Fault) {
        let parameters = try reader.reader("parameters")
        let derivation = try Self.derivation(parameters)
        var prefixText = "00"
        if parameters.object["keyPrefix"] != nil {
            prefixText = try parameters.text("keyPrefix", bytes: 2 * NativeLimits.keyBytes)
        }
        guard let prefix = KeyPrefix(prefixText) else {
            throw reader.refusal("The challenge's keyPrefix has to be hexadecimal digits.")
        }
        guard prefix.digits <= 2 * derivation.length else {
            throw reader.refusal(
                "The challenge's keyPrefix has \(prefix.digits) digits and no key of "
                    + "\(derivation.length) bytes can start with it.")
        }
        let search = KeySearch(
            derivation: derivation, nonce: try parameters.hexadecimal("nonce", bytes: NativeLimits.saltBytes),
            prefix: prefix, counterMode: counterMode)
        try reader.allow(search.expectedHashes)
        work = .key(
            search, KeyAnswer(parameters: .object(parameters.object), signature: reader.object["signature"]))
        // As with the official libraries, 0 and what is no number mean that the challenge does not expire.
        expiresUnixSeconds = parameters.object["expiresAt"]?.double.flatMap { $0 == 0 ? nil : $0 }
    }
}

// MARK: The function that derives keys

extension AltchaChallenge {
    private static func derivation(_ parameters: ChallengeReader) throws(Fault) -> any KeyDerivation {
        switch try parameters.text("algorithm", bytes: 100) {
        case "SHA-256": return try hashed(.iterated, Digest.sha256, parameters)
        case "SHA-384": return try hashed(.iterated, Digest.sha384, parameters)
        case "SHA-512": return try hashed(.iterated, Digest.sha512, parameters)
        case "PBKDF2/SHA-256": return try hashed(.pbkdf2, Digest.sha256, parameters)
        case "PBKDF2/SHA-384": return try hashed(.pbkdf2, Digest.sha384, parameters)
        case "PBKDF2/SHA-512": return try hashed(.pbkdf2, Digest.sha512, parameters)
        case "SCRYPT": return try scrypt(parameters)
        case "ARGON2ID" where Argon2Derivation.isThere: return try argon2(parameters)
        case "ARGON2ID":
            throw Fault(.unsupportedTask, "This build of the adapter is without the library for Argon2id.")
        default: throw unsupported
        }
    }

    private static let unsupported = Fault(
        .unsupportedTask,
        "Challenges of version 2 are solved for SHA-256, SHA-384 and SHA-512, plain and with PBKDF2, for scrypt and "
            + "for Argon2id.")

    private static func hashed(
        _ method: HashedDerivation.Method, _ digest: Digest?, _ parameters: ChallengeReader
    ) throws(Fault) -> HashedDerivation {
        guard let digest else { throw unsupported }
        // Plain hashing takes a cost below 1 as 1, PBKDF2 has no meaning for it.
        let cost = try cost(parameters, from: method == .iterated ? -NativeLimits.cost : 1)
        let length = try keyLength(parameters, from: 1)
        return HashedDerivation(
            method: method, digest: digest, salt: try salt(parameters), cost: UInt64(max(1, cost)),
            length: method == .iterated ? min(length, digest.length) : length)
    }

    private static func scrypt(_ parameters: ChallengeReader) throws(Fault) -> ScryptDerivation {
        let cost = try cost(parameters, from: 2)
        guard cost.nonzeroBitCount == 1 else {
            throw parameters.refusal("The challenge's cost has to be a power of two for scrypt.")
        }
        let derivation = ScryptDerivation(
            salt: try salt(parameters), cost: UInt64(cost),
            blockSize: try setting("memoryCost", upTo: NativeLimits.memoryCost, usually: 8, parameters),
            parallelism: try setting("parallelism", upTo: NativeLimits.parallelism, usually: 1, parameters),
            length: try keyLength(parameters, from: 1))
        try parameters.allow(memory: derivation.memory, hashesAtOnce: derivation.hashes(for: 1))
        return derivation
    }

    private static func argon2(_ parameters: ChallengeReader) throws(Fault) -> Argon2Derivation {
        let derivation = Argon2Derivation(
            salt: try salt(parameters), cost: UInt64(try cost(parameters, from: 1)),
            blocks: try setting("memoryCost", upTo: NativeLimits.memoryCost, usually: 65_536, parameters),
            lanes: try setting("parallelism", upTo: NativeLimits.parallelism, usually: 1, parameters),
            length: try keyLength(parameters, from: Int64(Argon2Derivation.shortestKey)))
        guard derivation.salt.count >= Argon2Derivation.shortestSalt else {
            throw parameters.refusal("The challenge's salt has to be at least 8 bytes for Argon2id.")
        }
        guard derivation.blocks >= UInt64(Argon2Derivation.leastBlocksPerLane) * derivation.lanes else {
            throw parameters.refusal("The challenge's memoryCost has to be at least 8 times its parallelism.")
        }
        try parameters.allow(memory: derivation.memory, hashesAtOnce: derivation.hashes(for: 1))
        return derivation
    }

    private static func cost(_ parameters: ChallengeReader, from least: Int64) throws(Fault) -> Int64 {
        guard let cost = try parameters.whole("cost", least...NativeLimits.cost) else {
            throw parameters.refusal("The challenge's cost is missing.")
        }
        return cost
    }

    private static func salt(_ parameters: ChallengeReader) throws(Fault) -> [UInt8] {
        try parameters.hexadecimal("salt", bytes: NativeLimits.saltBytes)
    }

    private static func keyLength(_ parameters: ChallengeReader, from least: Int64) throws(Fault) -> Int {
        Int(try parameters.whole("keyLength", least...Int64(NativeLimits.keyBytes)) ?? 32)
    }

    /// As with the official libraries, 0 means that it is not given.
    private static func setting(
        _ name: String, upTo most: Int64, usually usual: UInt64, _ parameters: ChallengeReader
    ) throws(Fault) -> UInt64 {
        guard let value = try parameters.whole(name, 0...most), value > 0 else { return usual }
        return UInt64(value)
    }
}
