import Domain
import ProviderKit
import Synchronization
import Tasks

/// Use cases that answer what a test tells them to, and remember what they were asked.
final class FakeService: ClientService {
    typealias Create = @Sendable (JSONObject) async throws(ClientError) -> TaskID

    static let key = "ucap_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6"
    /// One that is for managing the account alone.
    static let manageKey = "ucap_manage00000000000000000000000000"

    private let state = Mutex(State())
    private let create: Create

    private struct State {
        var tasks: [JSONObject] = []
        var providers: [String?] = []
        var modes: [SelectionMode?] = []
        var pools: [KeyPoolMode?] = []
        var idempotencyKeys: [String?] = []
        var keys: [String] = []
        var addresses: [IPAddress?] = []
        var asked: [TaskID] = []
        var status = TaskStatus.processing
        var balance = Money.zero
        var route: TaskRoute?
    }

    init(
        status: TaskStatus = .processing, balance: Money = .zero, route: TaskRoute? = nil,
        create: @escaping Create = FakeService.accept
    ) {
        self.create = create
        state.withLock {
            $0.status = status
            $0.balance = balance
            $0.route = route
        }
    }

    @Sendable static func accept(_ task: JSONObject) async throws(ClientError) -> TaskID { id(7) }

    var tasks: [JSONObject] { state.withLock(\.tasks) }
    /// The provider that each task was forced to.
    var providers: [String?] { state.withLock(\.providers) }
    /// What each request wanted of the choice.
    var modes: [SelectionMode?] { state.withLock(\.modes) }
    /// Whose keys each request allowed.
    var pools: [KeyPoolMode?] { state.withLock(\.pools) }
    var idempotencyKeys: [String?] { state.withLock(\.idempotencyKeys) }
    var keys: [String] { state.withLock(\.keys) }
    /// Where each request came from.
    var addresses: [IPAddress?] { state.withLock(\.addresses) }
    var asked: [TaskID] { state.withLock(\.asked) }

    func authenticate(
        _ key: String, for scope: APIKey.Scope, from address: IPAddress?
    ) async throws(ClientError) -> KeyHolder {
        state.withLock {
            $0.keys.append(key)
            $0.addresses.append(address)
        }
        let scopes: [String: Set<APIKey.Scope>] = [FakeService.key: [.solve], FakeService.manageKey: [.manage]]
        guard let itsScopes = scopes[key] else { throw ClientError(.keyDoesNotExist) }
        guard itsScopes.contains(scope) else { throw ClientError(.keyNotPermitted) }
        let apiKey = APIKey(
            id: 1, account: AccountID(1), name: "test", scopes: itsScopes, revoked: false,
            createdAt: Timestamp(milliseconds: 0))
        return KeyHolder(key: apiKey, accountSuspended: false)
    }

    func createTask(
        _ task: JSONObject, provider: String?, selectionMode: SelectionMode?, keyPoolMode: KeyPoolMode?,
        idempotencyKey: String?, by holder: KeyHolder
    ) async throws(ClientError) -> TaskID {
        state.withLock {
            $0.tasks.append(task)
            $0.providers.append(provider)
            $0.modes.append(selectionMode)
            $0.pools.append(keyPoolMode)
            $0.idempotencyKeys.append(idempotencyKey)
        }
        return try await create(task)
    }

    func status(of id: TaskID, for holder: KeyHolder) async throws(ClientError) -> TaskStatus {
        let (status, known) = state.withLock { state in
            state.asked.append(id)
            return (state.status, id == FakeService.id(7))
        }
        guard known else { throw ClientError(.wrongTaskID) }
        return status
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
        state.withLock(\.balance)
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
}
