import CreateTaskAPI
import ProviderKit

/// Takes an ALTCHA challenge apart: CapMonster wants its parts, as text, and fetches no challenge itself.
enum AltchaParts {
    /// The highest number where the challenge names none: what ALTCHA's own libraries draw from.
    private static let usualHighestNumber: JSONValue = "1000000"

    @Sendable static func prepare(_ fields: inout JSONObject) throws(Fault) {
        guard let challenge = fields.said("challengeJSON") else {
            guard fields.said("challengeURL") == nil else {
                throw Fault(.unsupportedTask, "CapMonster Cloud takes a challenge, not its address.")
            }
            throw Fault(.badTask(field: "challengeJSON"), "The task has no challengeJSON.")
        }
        guard let object = ValueForm.object.convert(challenge)?.object else {
            throw Fault(.badTask(field: "challengeJSON"), "challengeJSON has to be an object, or text with one.")
        }
        for name in ["challenge", "salt", "signature"] {
            guard let part = object.said(name) else {
                // Version 2 of the protocol has other members.
                throw Fault(
                    .unsupportedTask, "CapMonster Cloud solves ALTCHA challenges of version 1; this one has no \(name)."
                )
            }
            fields[name] = part
        }
        fields["iterations"] = object.said("maxnumber") ?? object.said("maxNumber") ?? usualHighestNumber
    }
}
