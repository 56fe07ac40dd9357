public import ProviderKit

/// A solution as one text, for a callback.
public enum SolutionCode {
    /// Where the text is looked for, in this order.
    private static let fields = ["gRecaptchaResponse", "token", "text", "cf_clearance", "cookie"]

    /// The solution's token or text; the whole solution as JSON where it is more than that.
    public static func text(of solution: [UInt8], _ family: TaskFamily) -> String {
        let object = (try? JSONValue(parsing: SolutionShape.presented(solution)))?.object
        for field in fields {
            if let text = object?[field]?.string { return text }
        }
        return String(decoding: solution, as: UTF8.self)
    }
}
