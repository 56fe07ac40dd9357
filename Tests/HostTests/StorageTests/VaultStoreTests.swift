import Domain
import GRDB
import Testing

@testable import Storage

@Suite("Data keys and keys of providers, in every store")
struct VaultStoreTests {
    private func dataKey(_ version: Int, _ byte: UInt8 = 1) -> WrappedDataKey {
        WrappedDataKey(version: version, wrapped: [1, byte])
    }

    private func id(_ number: Int64) throws -> ProviderKeyID { try #require(ProviderKeyID(number)) }

    private func key(_ number: Int64, _ provider: String = "a", print: UInt8 = 9) throws -> SealedProviderKey {
        SealedProviderKey(
            id: try id(number), provider: provider, label: "Ünïcode", dataKey: 1, sealed: [1, 2, 3],
            fingerprint: Array(repeating: print, count: 32))
    }

    /// A store with a data key and this many numbers handed out.
    private func fixture(_ kind: StoreKind, reserved: Int = 0) throws -> StoreFixture {
        let fixture = try StoreFixture(kind)
        try fixture.expect(.success(.done), .vault(.replaceDataKeys(expecting: [], with: [dataKey(1)])))
        for number in 0..<reserved {
            try fixture.expect(
                .success(.reservedProviderKey(try id(Int64(number) + 1))), .vault(.reserveProviderKey))
        }
        return fixture
    }

    @Test("A new store has an empty vault", arguments: StoreKind.allCases)
    func empty(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        #expect(try fixture.store.dataKeys().isEmpty)
        #expect(try fixture.store.providerKeys().isEmpty)
    }

    @Test("Data keys are replaced together, and keep the time at which they were made", arguments: StoreKind.allCases)
    func dataKeys(kind: StoreKind) throws {
        let fixture = try fixture(kind)
        let later = StoreFixture.start.adding(seconds: 60)
        let operation = VaultOperation.replaceDataKeys(
            expecting: [dataKey(1)], with: [dataKey(1, 2), dataKey(2, 2)])
        #expect(try fixture.store.commit([.vault(operation)], at: later) == [.success(.done)])
        let expected = [
            DataKeyRecord(key: dataKey(1, 2), createdAt: StoreFixture.start, wrappedAt: later),
            DataKeyRecord(key: dataKey(2, 2), createdAt: later, wrappedAt: later),
        ]
        #expect(try fixture.store.dataKeys() == expected)
    }

    @Test("Data keys are not replaced when others are there, nor by fewer or by a gap", arguments: StoreKind.allCases)
    func changed(kind: StoreKind) throws {
        let fixture = try fixture(kind)
        let there = [dataKey(1)]
        let refused: [(expecting: [WrappedDataKey], with: [WrappedDataKey])] = [
            ([], [dataKey(1, 2)]), ([dataKey(1, 3)], [dataKey(1, 2)]), ([dataKey(1), dataKey(2)], [dataKey(1, 2)]),
            (there, []), (there, [dataKey(2, 2)]), (there, [dataKey(1, 2), dataKey(3, 2)]),
            (there, [dataKey(1, 2), dataKey(1, 2)]),
        ]
        for (expecting, with) in refused {
            try fixture.expect(.failure(.vaultChanged), .vault(.replaceDataKeys(expecting: expecting, with: with)))
        }
        #expect(try fixture.store.dataKeys().map(\.key) == there)
        let empty = try StoreFixture(kind)
        try empty.expect(.failure(.vaultChanged), .vault(.replaceDataKeys(expecting: [], with: [])))
        try empty.expect(.failure(.vaultChanged), .vault(.replaceDataKeys(expecting: [], with: [dataKey(2)])))
    }

    @Test("A key is stored under the number that was handed out for it, and removed", arguments: StoreKind.allCases)
    func keys(kind: StoreKind) throws {
        let fixture = try fixture(kind, reserved: 3)
        let (first, second) = (try key(3), try key(1, "b"))
        try fixture.expect(.success(.done), .vault(.addProviderKey(first)))
        try fixture.expect(.success(.done), .vault(.addProviderKey(second)))
        let expected = [second, first].map { ProviderKeyRecord(key: $0, createdAt: StoreFixture.start) }
        #expect(try fixture.store.providerKeys() == expected)
        try fixture.expect(.success(.done), .vault(.removeProviderKey(try id(3))))
        #expect(try fixture.store.providerKeys() == [expected[0]])
        try fixture.expect(.failure(.unknownProviderKey), .vault(.removeProviderKey(try id(3))))
        try fixture.expect(.failure(.unknownProviderKey), .vault(.removeProviderKey(try id(2))))
    }

    @Test("A number is handed out once, also after its key was removed", arguments: StoreKind.allCases)
    func numbers(kind: StoreKind) throws {
        let fixture = try fixture(kind, reserved: 2)
        try fixture.expect(.success(.done), .vault(.addProviderKey(try key(2))))
        try fixture.expect(.success(.done), .vault(.removeProviderKey(try id(2))))
        try fixture.expect(.success(.reservedProviderKey(try id(3))), .vault(.reserveProviderKey))
        let both = try fixture.store.commit(
            [.vault(.reserveProviderKey), .vault(.reserveProviderKey)], at: .distantFuture)
        #expect(try both == [.success(.reservedProviderKey(id(4))), .success(.reservedProviderKey(id(5)))])
    }

    @Test("A provider has a key once; another provider may have the same", arguments: StoreKind.allCases)
    func duplicates(kind: StoreKind) throws {
        let fixture = try fixture(kind, reserved: 4)
        try fixture.expect(.success(.done), .vault(.addProviderKey(try key(1))))
        try fixture.expect(.failure(.duplicateProviderKey), .vault(.addProviderKey(try key(2))))
        try fixture.expect(.success(.done), .vault(.addProviderKey(try key(3, "b"))))
        try fixture.expect(.success(.done), .vault(.addProviderKey(try key(4, print: 8))))
        #expect(try fixture.store.providerKeys().map(\.key.id.number) == [1, 3, 4])
        try fixture.expect(.success(.done), .vault(.removeProviderKey(try id(1))))
        try fixture.expect(.success(.done), .vault(.addProviderKey(try key(2))))
    }

    @Test(
        "A key that was not sealed for a free number and a data key of the store is not stored",
        arguments: StoreKind.allCases)
    func misplaced(kind: StoreKind) throws {
        let fixture = try fixture(kind, reserved: 2)
        try fixture.expect(.success(.done), .vault(.addProviderKey(try key(1))))
        for number in [1, 3] {
            #expect(throws: StoreFailure.self) {
                try fixture.commit(.vault(.addProviderKey(try key(Int64(number), print: 5))))
            }
        }
        let other = try key(2)
        let unknown = SealedProviderKey(
            id: other.id, provider: "c", label: "", dataKey: 2, sealed: [1], fingerprint: other.fingerprint)
        try fixture.expect(.failure(.vaultChanged), .vault(.addProviderKey(unknown)))
        #expect(try fixture.store.providerKeys().count == 1)
    }

    @Test("What a failed batch did to the vault is undone", arguments: StoreKind.allCases)
    func undone(kind: StoreKind) throws {
        let fixture = try fixture(kind, reserved: 1)
        let broken = SealedProviderKey(
            id: try id(1), provider: "a", label: "", dataKey: 1, sealed: [1], fingerprint: [1])
        #expect(throws: StoreFailure.self) {
            try fixture.store.commit(
                [
                    .vault(.addProviderKey(try key(1))), .vault(.reserveProviderKey),
                    .vault(.replaceDataKeys(expecting: [dataKey(1)], with: [dataKey(1, 7), dataKey(2)])),
                    .vault(.addProviderKey(broken)),
                ], at: .distantFuture)
        }
        #expect(try fixture.store.providerKeys().isEmpty)
        #expect(try fixture.store.dataKeys().map(\.key) == [dataKey(1)])
        try fixture.expect(.success(.reservedProviderKey(try id(2))), .vault(.reserveProviderKey))
    }

    @Test("A database from before the vault gets one and keeps what it has")
    func migration() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        let before = try #require(Schema.steps.firstIndex(of: Schema.vault))
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { database in
            for step in Schema.steps[..<before] { try database.execute(sql: step) }
            try database.execute(
                sql: """
                    INSERT INTO settings VALUES ('\(Migrations.serverKey)', zeroblob(\(Migrations.serverKeyBytes)));
                    INSERT INTO accounts (name, created_at) VALUES ('kept', 0);
                    PRAGMA application_id = \(Schema.applicationID);
                    PRAGMA user_version = \(before);
                    """)
        }
        try queue.close()
        let store = try SQLiteStore(path: path)
        #expect(try store.account(AccountID(1))?.name == "kept")
        #expect(
            try store.commit(
                [.vault(.replaceDataKeys(expecting: [], with: [dataKey(1)])), .vault(.reserveProviderKey)],
                at: StoreFixture.start) == [.success(.done), .success(.reservedProviderKey(id(1)))])
        store.close()
        let again = try SQLiteStore(path: path)
        #expect(try again.dataKeys().map(\.key) == [dataKey(1)])
    }
}
