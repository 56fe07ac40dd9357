import Domain
import GRDB
import ProviderKit
import Testing

@testable import Storage

@Suite("Dialects in the store")
struct DialectStoreTests {
    @Test("A key keeps its dialect and a task that of its client; both may have none", arguments: StoreKind.allCases)
    func kept(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        #expect(try fixture.store.keys(of: nil).map(\.dialect) == [nil])
        var key = fixture.key
        key.dialect = .twoCaptcha
        try fixture.expect(.success(.key(key)), .setDialect(fixture.account, key: 1, .twoCaptcha))
        let holder = try #require(try fixture.store.key(hash: Array(repeating: 7, count: 32)))
        #expect(holder.key == key && !holder.accountSuspended)
        for dialect in [nil, .capsolver] as [ClientDialect?] {
            var task = fixture.newTask([100])
            task.dialect = dialect
            guard case .success(.accepted(let accepted)) = try fixture.commit(.accept(task)) else {
                throw Unexpected([])
            }
            #expect(try fixture.store.task(accepted.id)?.dialect == dialect)
            #expect(try fixture.store.route(of: accepted.id)?.task.dialect == dialect)
        }
        try fixture.expect(.success(.key(fixture.key)), .setDialect(nil, key: 1, nil))
        try fixture.expect(.failure(.unknownKey), .setDialect(AccountID(9), key: 1, .ucaptcha))
        #expect(try fixture.store.keys(of: nil) == [fixture.key])
    }

    @Test("A dialect that is not known any more is none, and its task can still be read")
    func unknown() throws {
        let fixture = try StoreFixture(.sqlite)
        var task = fixture.newTask([100])
        task.dialect = .ucaptcha
        _ = try fixture.commit(.accept(task))
        let queue = try DatabaseQueue(path: fixture.directory.path + "/store.db")
        try queue.inDatabase {
            try $0.execute(sql: "UPDATE tasks SET dialect = 'gone'; UPDATE api_keys SET dialect = ''")
        }
        try queue.close()
        let id = try #require(TaskID(1))
        let record = try #require(try fixture.store.task(id))
        #expect(record.dialect == nil && record.account == fixture.account)
        #expect(try fixture.store.keys(of: nil).map(\.dialect) == [nil])
    }
}
