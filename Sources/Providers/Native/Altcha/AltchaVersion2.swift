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
        let derivation = try KeyDerivation(parameters)
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

extension KeyDerivation {
    fileprivate init(_ parameters: ChallengeReader) throws(Fault) {
        let found: (Method, Digest?)? =
            switch try parameters.text("algorithm", bytes: 100) {
            case "SHA-256": (.iterated, Digest.sha256)
            case "SHA-384": (.iterated, Digest.sha384)
            case "SHA-512": (.iterated, Digest.sha512)
            case "PBKDF2/SHA-256": (.pbkdf2, Digest.sha256)
            case "PBKDF2/SHA-384": (.pbkdf2, Digest.sha384)
            case "PBKDF2/SHA-512": (.pbkdf2, Digest.sha512)
            default: nil
            }
        guard let (method, digest) = found, let digest else {
            throw Fault(
                .unsupportedTask,
                "Challenges of version 2 are solved for SHA-256, SHA-384 and SHA-512, plain and with PBKDF2.")
        }
        // Plain hashing takes a cost below 1 as 1, PBKDF2 has no meaning for it.
        let least: Int64 = method == .iterated ? -NativeLimits.cost : 1
        guard let cost = try parameters.whole("cost", least...NativeLimits.cost) else {
            throw parameters.refusal("The challenge's cost is missing.")
        }
        let named = try parameters.whole("keyLength", 1...Int64(NativeLimits.keyBytes)) ?? 32
        self.init(
            method: method, digest: digest, salt: try parameters.hexadecimal("salt", bytes: NativeLimits.saltBytes),
            cost: UInt64(max(1, cost)),
            length: method == .iterated ? min(Int(named), digest.length) : Int(named))
    }
}
