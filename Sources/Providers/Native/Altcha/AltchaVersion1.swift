import ProviderKit

/// What goes back to the site for version 1: the members that it reads again, as they came.
struct NumberAnswer {
    var algorithm: String
    var challenge: String
    var salt: String
    var signature: String

    /// The members in the order of the official widget, with the milliseconds that it took.
    func payload(_ number: UInt64, milliseconds: Int64) -> JSONValue {
        [
            "algorithm": .string(algorithm), "challenge": .string(challenge), "number": .number(JSONNumber(number)),
            "salt": .string(salt), "signature": .string(signature), "took": .number(JSONNumber(milliseconds)),
        ]
    }
}

extension AltchaChallenge {
    init(version1 reader: ChallengeReader) throws(Fault) {
        let algorithm = try reader.text("algorithm", bytes: 100)
        let digest: Digest? =
            switch algorithm {
            case "SHA-1": Digest.sha1
            case "SHA-256": Digest.sha256
            case "SHA-512": Digest.sha512
            default: nil
            }
        guard let digest else {
            throw Fault(.unsupportedTask, "Challenges of version 1 are solved for SHA-1, SHA-256 and SHA-512.")
        }
        let wanted = try reader.hexadecimal("challenge", bytes: Digest.longest)
        guard wanted.count == digest.length else {
            throw reader.refusal("The challenge's challenge has to be \(2 * digest.length) hexadecimal digits.")
        }
        let salt = try reader.text("salt", bytes: NativeLimits.saltTextBytes)
        // Servers write it either way. JavaScript's whole numbers end at 2^53.
        let spelling = reader.object["maxnumber"] == nil ? "maxNumber" : "maxnumber"
        let named = try reader.whole(spelling, 0...(1 << 53))
        let search = NumberSearch(
            digest: digest, salt: Array(salt.utf8), wanted: wanted,
            highest: UInt64(named ?? NativeLimits.usualHighestNumber))
        try reader.allow(search.expectedHashes)
        let answer = NumberAnswer(
            algorithm: algorithm, challenge: try reader.text("challenge", bytes: 2 * Digest.longest), salt: salt,
            signature: try reader.text("signature", bytes: NativeLimits.saltTextBytes))
        work = .number(search, answer)
        expiresUnixSeconds = Self.expiry(inSalt: salt)
    }

    /// The parameter `expires` (of old servers `expire`) in a salt such as `1f3b?expires=1790000000&`.
    private static func expiry(inSalt salt: String) -> Double? {
        let parts = salt.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let parameters = parts[1].split(separator: "&").map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        }
        for name in ["expires", "expire"] {
            if let found = parameters.first(where: { $0.count == 2 && $0[0] == name }) {
                return Int64(found[1]).map(Double.init)
            }
        }
        return nil
    }
}
