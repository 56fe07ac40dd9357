/// A kind of CAPTCHA by its canonical name, such as `altcha`: what providers sell, prices are quoted for and statistics
/// are kept by. Clients and vendors have many names for each; the host and the adapters translate.
///
/// A name is a lower-case letter and then letters and digits, 40 characters at most.
public struct TaskFamily: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    public let rawValue: String

    /// Fails on a name that is not of the form above.
    public init?(rawValue: String) {
        let utf8 = rawValue.utf8
        guard let first = utf8.first, (0x61...0x7A).contains(first), utf8.count <= 40,
            utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) })
        else { return nil }
        self.rawValue = rawValue
    }

    private init(known rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { rawValue }

    public static func < (left: TaskFamily, right: TaskFamily) -> Bool { left.rawValue < right.rawValue }

    /// ALTCHA, a proof of work. Fields: `challengeJSON` (object or text) or `challengeURL`; optionally `counterMode`,
    /// `uint32` or `string`, for servers of version 2 that do not count in the usual way. Solution: `token`, the base64
    /// payload that the site's server verifies, and `number`, the number or counter that was found.
    public static let altcha = TaskFamily(known: "altcha")
    /// Authkong. Fields: `websiteURL`, `websiteKey`. Solution: `token`.
    public static let authkong = TaskFamily(known: "authkong")
    /// hCaptcha. Fields: `websiteURL`, `websiteKey`; optionally `isInvisible`, `enterprisePayload` (an object), and the
    /// client's user agent, cookies and proxy. Solution: `gRecaptchaResponse`, and where known `respKey`, `userAgent`.
    public static let hcaptcha = TaskFamily(known: "hcaptcha")
    /// The text of an image. Fields: `body`, the image in base64; optionally what is known of the text. Solution:
    /// `text`.
    public static let imageToText = TaskFamily(known: "imageToText")
    /// reCAPTCHA version 2, the invisible form too. Fields: `websiteURL`, `websiteKey`; optionally `isInvisible`,
    /// `recaptchaDataSValue`, `apiDomain`, and the client's user agent, cookies and proxy. Solution:
    /// `gRecaptchaResponse`.
    public static let recaptchaV2 = TaskFamily(known: "recaptchaV2")
    /// Cloudflare Turnstile. Fields: `websiteURL`, `websiteKey`; optionally `action`, `cData`, and the client's user
    /// agent, cookies and proxy. Solution: `token`.
    public static let turnstile = TaskFamily(known: "turnstile")
}
