import CreateTaskAPI
import ProviderKit

extension TwoCaptchaFamilies {
    /// Its workers have to be told what to look for, in words or by a picture.
    @Sendable static func instructions(_ fields: inout JSONObject) throws(Fault) {
        guard fields.said("comment") != nil || fields.said("imgInstructions") != nil else {
            throw Fault(.badTask(field: "comment"), "2Captcha needs comment or imgInstructions for this kind of task.")
        }
    }
}
