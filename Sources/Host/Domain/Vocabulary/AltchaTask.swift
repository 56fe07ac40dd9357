import ProviderKit

/// What is special about tasks of ALTCHA: there are two ways to send the challenge, and CapMonster's has it in pieces.
enum AltchaTask {
    /// - Throws: `badParameters` when there is neither a challenge nor its address.
    static func complete(_ reader: inout TaskReader) throws(ClientError) {
        if !reader.has("challengeJSON"), let challenge = try assembled(&reader) {
            reader.imply(JSONObject.Member("challengeJSON", .object(challenge)))
        }
        guard reader.has("challengeJSON") || reader.has("challengeURL") else {
            throw FieldPlace("challengeJSON").refusal(
                "Send the challenge as challengeJSON or its address as challengeURL.")
        }
    }

    /// The challenge as the site gave it, of the members of CapMonster's `metadata`; nil when they are not there.
    private static func assembled(_ reader: inout TaskReader) throws(ClientError) -> JSONObject? {
        let pieces = reader.takeRest(["challenge", "salt", "signature", "iterations", "algorithm"])
        guard !pieces.members.isEmpty else { return nil }
        var challenge: JSONObject = ["algorithm": pieces["algorithm"] ?? "SHA-256"]
        for name in ["challenge", "salt", "signature"] {
            let place = FieldPlace(name, under: "metadata.")
            guard let value = pieces[name], value.isFilled else { throw place.refusal("The field is missing.") }
            challenge[name] = try FieldKind.text.read(value, at: place)
        }
        if let iterations = pieces["iterations"] {
            challenge["maxnumber"] = try TaskField.count.read(
                iterations, at: FieldPlace("iterations", under: "metadata."))
        }
        return challenge
    }
}
