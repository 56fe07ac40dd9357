public import ProviderKit

/// An adapter for a vendor of the createTask dialect: the vendor's data and an instance's client. All operations follow
/// from them.
///
/// ```swift
/// public struct ExampleAdapter: CreateTaskAdapter {
///     public static let vendor = Vendor(id: "example", ...)
///     public let client: VendorClient
///
///     public init(settings: AdapterSettings) throws {
///         client = try VendorClient(ExampleAdapter.vendor, settings: settings)
///     }
/// }
/// ```
public protocol CreateTaskAdapter: KeyValidating, BalanceReading, TaskSolving, FeedbackReporting {
    /// The vendor; the same for all instances.
    static var vendor: Vendor { get }
    /// What speaks to the vendor for this instance.
    var client: VendorClient { get }
}

extension CreateTaskAdapter {
    /// The manifest that follows from the vendor's data.
    public static var manifest: Manifest { vendor.manifest }

    /// Asks for the balance, which every key may: no other call says of a key that it is good without spending money.
    public func validate(_ credential: Credential, call: any Call) async throws -> ValidKey {
        ValidKey(balance: try await client.balance(of: credential, call: call))
    }

    /// What is left on the key.
    public func balance(of credential: Credential, call: any Call) async throws -> Balance {
        try await client.balance(of: credential, call: call)
    }

    /// Hands a task over by `createTask`.
    public func submit(_ task: TaskRequest, call: any Call) async throws -> SubmitResult {
        try await client.submit(task, call: call)
    }

    /// Asks once by `getTaskResult`.
    public func poll(_ ticket: Ticket, call: any Call) async throws -> PollResult {
        try await client.poll(ticket, call: call)
    }

    /// Reports by the vendor's call for the ticket's family; a fault of kind `unsupportedTask` where it has none.
    public func report(_ ticket: Ticket, accepted: Bool, call: any Call) async throws {
        try await client.report(ticket, accepted: accepted, call: call)
    }
}
