import Domain
import ProviderKit
import Synchronization
import Tasks

/// Use cases that answer what a test tells them to, and remember what they were asked.
final class FakeService: ClientService, FeedbackUseCases {
    typealias Create = @Sendable (JSONObject) async throws(ClientError) -> TaskID

    static let key = "ucap_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6"
    /// One that is for managing the account alone.
    static let manageKey = "ucap_manage00000000000000000000000000"

    private let state = Mutex(State())
    private let create: Create

    /// What was said of a task.
    struct Report: Sendable, Hashable {
        let task: TaskID
        let isGood: Bool
        var refunds = false
    }

    private struct State {
        var requests: [CreateRequest] = []
        var reports: [Report] = []
        var keys: [String] = []
        var addresses: [IPAddress?] = []
        var asked: [TaskID] = []
        var status = TaskStatus.processing
        var balance = Money.zero
        var route: TaskRoute?
        var family = TaskFamily.recaptchaV2
        var taskDialect: ClientDialect?
        var keyDialect: ClientDialect?
        var failure: ClientError?
        var waits: [Double] = []
        var givenUpWaits = 0
        var waitsForGood = false
        var revokingAfter = Int.max
        var suspended = false
    }

    /// - Parameter revokingAfter: how often a key is known, before it is revoked.
    init(
        status: TaskStatus = .processing, family: TaskFamily = .recaptchaV2, taskDialect: ClientDialect? = nil,
        keyDialect: ClientDialect? = nil, failing failure: ClientError? = nil, balance: Money = .zero,
        route: TaskRoute? = nil, waitsForGood: Bool = false, revokingAfter: Int = .max,
        suspended: Bool = false,
        create: @escaping Create = FakeService.accept
    ) {
        self.create = create
        state.withLock {
            $0.status = status
            $0.balance = balance
            $0.route = route
            $0.family = family
            $0.taskDialect = taskDialect
            $0.keyDialect = keyDialect
            $0.failure = failure
            $0.waitsForGood = waitsForGood
            $0.revokingAfter = revokingAfter
            $0.suspended = suspended
        }
    }

    @Sendable static func accept(_ task: JSONObject) async throws(ClientError) -> TaskID { id(7) }

    /// What was asked for, one after the other.
    var requests: [CreateRequest] { state.withLock(\.requests) }
    var tasks: [JSONObject] { requests.map(\.task) }
    /// The provider that each task was forced to.
    var providers: [String?] { requests.map(\.provider) }
    /// What each request wanted of the choice.
    var modes: [SelectionMode?] { requests.map(\.selectionMode) }
    /// Whose keys each request allowed.
    var pools: [KeyPoolMode?] { requests.map(\.keyPoolMode) }
    var dialects: [ClientDialect?] { requests.map(\.dialect) }
    var callbacks: [Callback?] { requests.map(\.callback) }
    /// Waits that were given up.
    var givenUpWaits: Int { state.withLock(\.givenUpWaits) }
    var reports: [Report] { state.withLock(\.reports) }
    /// The seconds for which was waited for the end of a task.
    var waits: [Double] { state.withLock(\.waits) }
    var idempotencyKeys: [String?] { requests.map(\.idempotencyKey) }
    var keys: [String] { state.withLock(\.keys) }
    /// Where each request came from.
    var addresses: [IPAddress?] { state.withLock(\.addresses) }
    var asked: [TaskID] { state.withLock(\.asked) }

    func authenticate(
        _ key: String, for scope: APIKey.Scope, from address: IPAddress?
    ) async throws(ClientError) -> KeyHolder {
        let isRevoked = state.withLock { state in
            state.keys.append(key)
            state.addresses.append(address)
            return state.keys.count > state.revokingAfter
        }
        guard !isRevoked else { throw ClientError(.keyDoesNotExist) }
        let scopes: [String: Set<APIKey.Scope>] = [FakeService.key: [.solve], FakeService.manageKey: [.manage]]
        guard let itsScopes = scopes[key] else { throw ClientError(.keyDoesNotExist) }
        guard !state.withLock(\.suspended) else { throw ClientError(.accountSuspended) }
        guard itsScopes.contains(scope) else { throw ClientError(.keyNotPermitted) }
        let apiKey = APIKey(
            id: 1, account: AccountID(1), name: "test", scopes: itsScopes, revoked: false,
            dialect: state.withLock(\.keyDialect), createdAt: Timestamp(milliseconds: 0))
        return KeyHolder(key: apiKey, accountSuspended: false)
    }

    func createTask(_ request: CreateRequest, by holder: KeyHolder) async throws(ClientError) -> TaskID {
        state.withLock { $0.requests.append(request) }
        return try await create(request.task)
    }

    func task(_ id: TaskID, for holder: KeyHolder?) async throws(ClientError) -> ClientTask {
        let (task, failure) = state.withLock { state in
            state.asked.append(id)
            let isOpen = state.status == .processing
            return (
                ClientTask(
                    id: id, family: state.family, dialect: state.taskDialect,
                    createdAt: Timestamp(milliseconds: 1_700_000_000_999),
                    endedAt: isOpen ? nil : Timestamp(milliseconds: 1_700_000_002_001), status: state.status),
                state.failure
            )
        }
        if let failure { throw failure }
        guard id == FakeService.id(7) else { throw ClientError(.wrongTaskID) }
        return task
    }

    func task(
        _ id: TaskID, for holder: KeyHolder, waiting seconds: Double
    ) async throws(ClientError) -> ClientTask {
        let waits = state.withLock { state in
            state.waits.append(seconds)
            return state.waitsForGood && seconds > 0
        }
        if waits {
            let (never, end) = AsyncStream<Void>.makeStream()
            await withTaskCancellationHandler {
                for await _ in never {}
            } onCancel: {
                state.withLock { $0.givenUpWaits += 1 }
                end.finish()
            }
        }
        return try await task(id, for: holder)
    }

    func queue(of family: TaskFamily) -> QueueFigures? {
        guard family == .imageToText, let price = Money(decimal: "0.0005") else { return nil }
        return QueueFigures(free: 75, most: 100, price: price, seconds: 2.5)
    }

    func openTasks(of holder: KeyHolder) -> (open: Int, most: Int) { (3, 100) }

    func report(
        _ task: TaskID, isGood: Bool, refunding: Bool, by holder: KeyHolder
    ) async throws(ClientError) {
        if let failure = state.withLock(\.failure) { throw failure }
        guard task == FakeService.id(7) else { throw ClientError(.wrongTaskID) }
        state.withLock { $0.reports.append(Report(task: task, isGood: isGood, refunds: refunding)) }
    }

    func route(of id: TaskID, for holder: KeyHolder) async throws(ClientError) -> TaskRoute {
        let route = state.withLock { state in
            state.asked.append(id)
            return state.route
        }
        guard let route, route.task.id == id else { throw ClientError(.wrongTaskID) }
        return route
    }

    func balance(of holder: KeyHolder) async throws(ClientError) -> Money {
        if let failure = state.withLock(\.failure) { throw failure }
        return state.withLock(\.balance)
    }

    static func id(_ number: Int64) -> TaskID {
        guard let id = TaskID(number) else { preconditionFailure("\(number) is no task ID") }
        return id
    }
}

/// UUIDs whose last twelve digits are the task's number.
struct FakeCipher: TaskIDCipher {
    private static let prefix = "aaaaaaaa-bbbb-4ccc-8ddd-"

    func uuid(of id: TaskID) -> String {
        let digits = String(id.number, radix: 16)
        return FakeCipher.prefix + String(repeating: "0", count: 12 - digits.count) + digits
    }

    func id(ofUUID text: String) -> TaskID? {
        let text = text.lowercased()
        guard text.hasPrefix(FakeCipher.prefix) else { return nil }
        return Int64(text.dropFirst(FakeCipher.prefix.count), radix: 16).flatMap(TaskID.init)
    }

    /// A task's number and 9,000,000,000,000.
    func secretNumber(of id: TaskID) -> Int64 { id.number + 9_000_000_000_000 }

    func id(ofSecretNumber number: Int64) -> TaskID? { TaskID(number - 9_000_000_000_000) }
}
