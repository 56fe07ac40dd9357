public import CreateTaskAPI
public import ProviderKit

/// The adapter for 2Captcha's JSON API, which RuCaptcha and others speak as well.
///
/// People and machines solve there. It charges by task and tells the cost of each; what it could not solve it does not
/// charge. Five calls with a wrong key lock out the address that they came from, which is why a key is asked about once
/// and with the balance call alone.
public struct TwoCaptchaAdapter: CreateTaskAdapter {
    /// What 2Captcha has of its own.
    public static let vendor = Vendor(
        id: "2captcha", displayName: "2Captcha", version: "1.0", baseURL: "https://api.2captcha.com",
        key: Manifest.KeyFormat(description: "32 hexadecimal digits", length: 32...32, hexadecimal: true),
        taskID: .number,
        // Up to ten minutes, as its own library waits for reCAPTCHA; it documents 5 seconds before and between polls.
        pollPlan: Manifest.PollPlan(first: 5, interval: 5, most: 120),
        reportWindow: Manifest.ReportWindow(seconds: 900, from: .submit), reportsCost: true,
        faults: TwoCaptchaFaults.table,
        families: TwoCaptchaFamilies.recaptcha + TwoCaptchaFamilies.challenges + TwoCaptchaFamilies.tokens
            + TwoCaptchaFamilies.proxied + TwoCaptchaFamilies.images,
        reports: [ReportCall("/reportCorrect", accepted: true), ReportCall("/reportIncorrect", accepted: false)])

    public let client: VendorClient

    /// Makes an instance for 2Captcha, or for the place that the settings name.
    ///
    /// - Throws: an error that says so when that is no HTTP address.
    public init(settings: AdapterSettings) throws {
        client = try VendorClient(TwoCaptchaAdapter.vendor, settings: settings)
    }
}

/// What 2Captcha sells, a file for each kind.
enum TwoCaptchaFamilies {
    /// What most of its tasks need.
    static let site = ["websiteURL", "websiteKey"]

    /// For reCAPTCHA it documents to wait 10 to 20 seconds before the first poll, and for some others 15 to 20.
    static let recaptchaPlan = Manifest.PollPlan(first: 10, interval: 5, most: 120)
    static let slowPlan = Manifest.PollPlan(first: 15, interval: 5, most: 120)
}
