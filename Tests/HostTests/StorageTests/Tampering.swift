import Domain
import GRDB
import Storage
import Testing

extension Store {
    /// What the verifier finds after somebody has changed its file with SQL, past all constraints.
    func problems(afterTampering sql: String) throws -> [String] {
        let store = try #require(self as? SQLiteStore)
        store.close()
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: store.path, configuration: configuration)
        try queue.inDatabase {
            try $0.execute(sql: "PRAGMA ignore_check_constraints = ON")
            let before = $0.totalChangesCount
            try $0.execute(sql: sql)
            #expect($0.totalChangesCount > before, "nothing was tampered with")
        }
        try queue.close()
        return try SQLiteStore(path: store.path, durability: .off).verifyLedger().problems
    }
}
