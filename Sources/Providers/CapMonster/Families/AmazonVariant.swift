import CreateTaskAPI
import ProviderKit

/// Which of CapMonster's three variants of an AWS WAF task fits the fields that the client has.
///
/// With a key alone it is a visible puzzle, with a challenge script alone an invisible check, whose `context` and `iv`
/// have to be there and empty, and with both it is the one after the other.
enum AmazonVariant {
    @Sendable static func prepare(_ fields: inout JSONObject) throws(Fault) {
        if fields.said("captchaScript") == nil { fields["captchaScript"] = fields.said("jsapiScript") }
        guard fields.said("challengeScript") != nil else {
            try need(["websiteKey", "captchaScript"], fields)
            fields["context"] = nil
            fields["iv"] = nil
            return
        }
        guard fields.said("websiteKey") != nil else {
            fields["websiteKey"] = nil
            fields["captchaScript"] = nil
            fields["context"] = ""
            fields["iv"] = ""
            return
        }
        try need(["context", "iv"], fields)
    }

    private static func need(_ names: [String], _ fields: JSONObject) throws(Fault) {
        guard let missing = names.first(where: { fields.said($0) == nil }) else { return }
        throw Fault(
            .badTask(field: missing),
            "CapMonster Cloud needs challengeScript, or websiteKey with captchaScript, or all of challengeScript, "
                + "websiteKey, context and iv.")
    }
}
