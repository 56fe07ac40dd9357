import Domain
import Glibc
import ProviderKit
import Storage
import Testing

/// The stores that the common suite runs over.
enum StoreKind: String, CaseIterable, Sendable {
    case sqlite, memory
}

/// A directory that goes away with the test.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/ucaptcha-storage-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template), "no temporary directory could be made")
        path = String(cString: made)
    }

    deinit {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            unlink(path + "/" + name)
        }
        closedir(directory)
        rmdir(path)
    }
}

/// A store with an account, a key and some money.
struct StoreFixture {
    static let start = Timestamp(milliseconds: 1_700_000_000_000)

    let store: any Store
    let directory: TemporaryDirectory
    let account: AccountID
    let key: APIKey

    init(_ kind: StoreKind, balance: Int64 = 1_000) throws {
        directory = try TemporaryDirectory()
        store =
            switch kind {
            case .sqlite: try SQLiteStore(path: directory.path + "/store.db", durability: .off)
            case .memory: MemoryStore()
            }
        account = try StoreFixture.createAccount(in: store)
        let reply = try store.commit(
            [
                .createKey(
                    account, NewKey(name: "first", hash: Array(repeating: 7, count: 32), scopes: [.solve, .manage]))
            ],
            at: StoreFixture.start)
        guard case .success(.key(let key)) = try #require(reply.first) else { throw Unexpected(reply) }
        self.key = key
        if balance > 0 {
            try expect(.success(.deposited(posted: true)), .deposit(account, money(balance), reference: nil))
        }
    }

    static func createAccount(in store: any Store, name: String = "somebody") throws -> AccountID {
        let reply = try store.commit([.createAccount(name: name)], at: start)
        guard case .success(.account(let account)) = try #require(reply.first) else { throw Unexpected(reply) }
        return account.id
    }

    func commit(_ operation: StoreOperation) throws -> Result<StoreReply, StoreRefusal> {
        try #require(try store.commit([operation], at: StoreFixture.start).first)
    }

    /// Commits the operation alone and expects this to come of it.
    func expect(
        _ expected: Result<StoreReply, StoreRefusal>, _ operation: StoreOperation,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(try commit(operation) == expected, sourceLocation: location)
    }

    func newTask(_ prices: [Int64], cost: Int64 = 0, payload: [UInt8] = Array("{}".utf8)) -> NewTask {
        NewTask(
            account: account, key: key.id, family: .altcha, payload: payload,
            candidates: prices.enumerated().map { index, price in
                Candidate(
                    provider: "provider\(index)", credential: index == 0 ? nil : "key\(index)", price: money(price),
                    cost: money(cost))
            }, deadline: StoreFixture.start.adding(seconds: 300))
    }

    func accept(_ prices: [Int64] = [100], payload: [UInt8] = Array("{}".utf8)) throws -> AcceptedTask {
        let reply = try commit(.accept(newTask(prices, payload: payload)))
        guard case .success(.accepted(let task)) = reply else { throw Unexpected([reply]) }
        return task
    }

    /// Balance and held of the account.
    func amounts() throws -> [Int64] {
        let account = try #require(try store.account(account))
        return [account.balance.nanos, account.held.nanos]
    }

    func expectSoundLedger(at location: SourceLocation = #_sourceLocation) throws {
        #expect(try store.verifyLedger().problems == [], sourceLocation: location)
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ results: [Result<StoreReply, StoreRefusal>]) {
        description = "unexpected: \(results)"
    }
}

/// An amount in units of 10^-9 USD.
func money(_ nanos: Int64) -> Money {
    Money(nanos: nanos) ?? .zero
}
