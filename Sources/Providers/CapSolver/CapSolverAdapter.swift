public import CreateTaskAPI
public import ProviderKit

/// The adapter for CapSolver, where machines solve.
///
/// Pictures are answered by `createTask` itself. It tells no costs, charges for what it solved, and can be paid with a
/// package while the balance is zero. Many failing requests in a minute lock out the address or the key for a while.
public struct CapSolverAdapter: CreateTaskAdapter {
    /// What CapSolver has of its own.
    public static let vendor = Vendor(
        id: "capsolver", displayName: "CapSolver", version: "1.0", baseURL: "https://api.capsolver.com",
        // Most of its examples begin with the one, some with the other; how long a key is it does not say.
        key: Manifest.KeyFormat(
            description: "CAP- or CAI- and more behind it", prefixes: ["CAP-", "CAI-"], length: 5...4096),
        taskID: .text,
        // It keeps a result for five minutes from the task's creation on: the last poll comes before.
        pollPlan: Manifest.PollPlan(first: 3, interval: 3, most: 90), resultLifetimeSeconds: 300,
        reportWindow: Manifest.ReportWindow(seconds: 300, from: .submit), submitSeconds: 60,
        proxy: ProxyRules(form: .oneText), faults: CapSolverFaults.table,
        families: CapSolverFamilies.recaptcha + CapSolverFamilies.challenges + CapSolverFamilies.images,
        reports: [
            ReportCall("/feedbackTask") { accepted in ["result": ["invalid": .bool(!accepted)]] }
        ],
        hasOtherMeans: { answer, now in (answer["packages"]?.array ?? []).contains { isUsable($0, now) } })

    public let client: VendorClient

    /// Makes an instance for CapSolver, or for the place that the settings name.
    ///
    /// - Throws: an error that says so when that is no HTTP address.
    public init(settings: AdapterSettings) throws {
        client = try VendorClient(CapSolverAdapter.vendor, settings: settings)
    }

    /// Whether a package has calls left and has not run out; one that does not say counts as usable.
    private static func isUsable(_ package: JSONValue, _ now: Int64) -> Bool {
        guard !package.isNull else { return false }
        if let calls = package["numberOfCalls"]?.integer, calls <= 0 { return false }
        if let end = package["expireTime"]?.integer, end > 0, end <= now { return false }
        return true
    }
}

/// What CapSolver sells, a file for each kind.
enum CapSolverFamilies {
    /// What most of its tasks need.
    static let site = ["websiteURL", "websiteKey"]
}
