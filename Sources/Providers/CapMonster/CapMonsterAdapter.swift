public import CreateTaskAPI
public import ProviderKit

/// The adapter for CapMonster Cloud, where machines solve.
///
/// One type name stands for tasks with and without a proxy. Newer protections come as `CustomTask` with a class and
/// their fields under `metadata`, pictures that are more than text as `ComplexImageTask`. Its `errorId` says only that
/// there is an error, and HTTP 500 on `getTaskResult` only that the task is still worked on. Over 120 polls of a task,
/// wrong ids and repeated wrong keys lock out the address for ten minutes.
public struct CapMonsterAdapter: CreateTaskAdapter {
    /// What CapMonster has of its own.
    public static let vendor = Vendor(
        id: "capmonster", displayName: "CapMonster Cloud", version: "1.0", baseURL: "https://api.capmonster.cloud",
        key: Manifest.KeyFormat(description: "any text that is not empty", length: 1...4096), taskID: .number,
        // At most one poll in two seconds and 120 for a task; a result is kept for five minutes.
        pollPlan: Manifest.PollPlan(first: 2, interval: 3, most: 90), resultLifetimeSeconds: 300,
        proxy: ProxyRules(forbiddenInCredentials: ["%"]), faults: CapMonsterFaults.table,
        families: CapMonsterFamilies.recaptcha + CapMonsterFamilies.challenges + CapMonsterFamilies.custom
            + CapMonsterFamilies.images,
        reports: [
            ReportCall("/reportIncorrectImageCaptcha", accepted: false, families: [.imageToText]),
            ReportCall("/reportIncorrectTokenCaptcha", accepted: false, families: tokens),
        ],
        pollStatusesThatMeanPending: [500])

    private static let tokens: Set<TaskFamily> = [
        .recaptchaV2, .recaptchaV2Enterprise, .recaptchaV3, .recaptchaV3Enterprise, .geetestV3, .geetestV4, .turnstile,
        .cloudflareToken,
    ]

    public let client: VendorClient

    /// Makes an instance for CapMonster, or for the place that the settings name.
    ///
    /// - Throws: an error that says so when that is no HTTP address.
    public init(settings: AdapterSettings) throws {
        client = try VendorClient(CapMonsterAdapter.vendor, settings: settings)
    }
}

/// What CapMonster sells, a file for each kind.
enum CapMonsterFamilies {
    /// What most of its tasks need.
    static let site = ["websiteURL", "websiteKey"]
}
