public import ProviderKit

/// What vendors want to know of an ALTCHA challenge.
public enum AltchaFields {
    /// Refuses a task that has neither a challenge nor the address of one.
    @Sendable public static func eitherChallenge(_ fields: inout JSONObject) throws(Fault) {
        guard fields.said("challengeJSON") != nil || fields.said("challengeURL") != nil else {
            throw Fault(.badTask(field: "challengeJSON"), "The task has neither challengeJSON nor challengeURL.")
        }
    }
}
