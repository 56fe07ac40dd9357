public import CreateTaskAPI
public import ProviderKit

/// The adapter for Anti-Captcha, where people solve.
///
/// It tells the cost of each task and charges for tasks that five workers could not solve. A result is gone a minute
/// after the worker finished, so it is asked for often. It wants proxies by their IP address.
public struct AntiCaptchaAdapter: CreateTaskAdapter {
    /// What Anti-Captcha has of its own.
    public static let vendor = Vendor(
        id: "anticaptcha", displayName: "Anti-Captcha", version: "1.0", baseURL: "https://api.anti-captcha.com",
        key: Manifest.KeyFormat(description: "32 hexadecimal digits", length: 32...32, hexadecimal: true),
        taskID: .number,
        // Up to ten minutes, as its own library waits for the slowest kind of task.
        pollPlan: Manifest.PollPlan(first: 3, interval: 3, most: 200), resultLifetimeSeconds: 60, reportsCost: true,
        chargesUnsolvable: true, proxy: ProxyRules(addressesOnly: true), faults: AntiCaptchaFaults.table,
        families: AntiCaptchaFamilies.recaptcha + AntiCaptchaFamilies.challenges + AntiCaptchaFamilies.images
            + AntiCaptchaFamilies.browsers,
        reports: [
            ReportCall("/reportIncorrectImageCaptcha", accepted: false, families: [.imageToText]),
            ReportCall("/reportIncorrectRecaptcha", accepted: false, families: recaptchas),
            ReportCall("/reportCorrectRecaptcha", accepted: true, families: recaptchas),
        ],
        hasOtherMeans: { answer, _ in (answer["captchaCredits"]?.double ?? 0) > 0 })

    private static let recaptchas: Set<TaskFamily> = [
        .recaptchaV2, .recaptchaV2Enterprise, .recaptchaV3, .recaptchaV3Enterprise,
    ]

    public let client: VendorClient

    /// Makes an instance for Anti-Captcha, or for the place that the settings name.
    ///
    /// - Throws: an error that says so when that is no HTTP address.
    public init(settings: AdapterSettings) throws {
        client = try VendorClient(AntiCaptchaAdapter.vendor, settings: settings)
    }
}

/// What Anti-Captcha sells, a file for each kind.
enum AntiCaptchaFamilies {
    /// What most of its tasks need.
    static let site = ["websiteURL", "websiteKey"]
}
