public import ProviderKit

/// The adapter without a vendor: it solves on the machine that it runs on, or, where an endpoint is configured, through
/// another host of this software.
///
/// Here it takes ALTCHA, a proof of work, in version 1 (SHA-1, SHA-256, SHA-512) and version 2 (SHA-256, SHA-384,
/// SHA-512, plain and with PBKDF2; scrypt; Argon2id where its library is there), and reads plain images of text where
/// tesseract is there. The list prices are nominal: nobody charges them, they stand for electricity and wear, and give
/// routing something to compare. Every submit brings the solution or a fault; no task is ever left pending, and none
/// that could not be solved costs anything.
///
/// Through another host it takes the same families, needs a key of an account there, and is charged what that host
/// charges.
public struct NativeAdapter: TaskSolving, KeyValidating, BalanceReading {
    public static let manifest = Manifest(
        id: "native", displayName: "Native", version: "2.0",
        key: Manifest.KeyFormat(
            description: "ucap_ and 32 letters and digits", prefixes: ["ucap_"], length: 37...37,
            onlyWithEndpoint: true),
        offers: [Manifest.Offer(.altcha, listPrice: "0.0002")]
            + (ImageReading.isPossible ? [Manifest.Offer(.imageToText, listPrice: "0.0002")] : []),
        pollPlan: Manifest.PollPlan(first: 0.5, interval: 0.5, most: 1_200), reportsCost: true,
        addressFields: ["challengeURL"], concurrentSubmits: 64, submitSeconds: 300)

    private enum Place {
        case here(WorkPool)
        case elsewhere(RemoteHost)
    }
    private let place: Place

    /// Makes an instance. All instances of a process share the threads that compute.
    public init(settings: AdapterSettings) throws {
        place = settings.endpoint.map { .elsewhere(RemoteHost(endpoint: $0)) } ?? .here(.shared)
    }

    init(pool: WorkPool) {
        place = .here(pool)
    }

    /// Solves a task. The fields are those of the vocabulary; and for ALTCHA `counterMode`, `uint32` where it is not
    /// given or `string`, for servers of version 2 that are set up so: the challenge itself doesn't tell.
    ///
    /// - Throws: `Fault`, or `CancellationError` when the surrounding `Task` was cancelled.
    public func submit(_ task: TaskRequest, call: any Call) async throws -> SubmitResult {
        switch place {
        case .elsewhere(let host): return try await host.submit(task, call: call)
        case .here(let pool):
            switch task.family {
            case .altcha: return .solved(try await AltchaSolver(pool: pool).solve(task, call: call))
            case .imageToText: return .solved(try await ImageSolver(pool: pool).solve(task))
            default: throw Fault(.unsupportedTask, "The native adapter solves altcha and imageToText, nothing else.")
            }
        }
    }

    /// Asks another host for a result. Nothing is ever pending here.
    public func poll(_ ticket: Ticket, call: any Call) async throws -> PollResult {
        guard case .elsewhere(let host) = place else {
            throw Fault(.taskNotFound, "What is solved on this machine is never pending.")
        }
        return try await host.poll(ticket, call: call)
    }

    /// Finds out whether another host knows the key, by its balance.
    public func validate(_ credential: Credential, call: any Call) async throws -> ValidKey {
        ValidKey(balance: try await balance(of: credential, call: call))
    }

    /// Reads the balance of a key at another host.
    public func balance(of credential: Credential, call: any Call) async throws -> Balance {
        guard case .elsewhere(let host) = place else {
            throw Fault(.unsupportedTask, "What is solved on this machine needs no key.")
        }
        return try await host.balance(of: credential, call: call)
    }
}
