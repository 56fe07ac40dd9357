import Domain
import Storage
import TestSupport
import Testing

@Suite("API keys and their settings, in every store")
struct KeyStoreTests {
    private static let second: [UInt8] = Array(repeating: 8, count: 32)

    /// A store with a key of one account and a key of another.
    private func fixture(_ kind: StoreKind) throws -> (fixture: StoreFixture, other: AccountID) {
        let fixture = try StoreFixture(kind)
        let other = try StoreFixture.createAccount(in: fixture.store)
        _ = try fixture.commit(.createKey(other, NewKey(name: "second", hash: KeyStoreTests.second, scopes: [.manage])))
        return (fixture, other)
    }

    @Test("Keys are listed by number, of one account or of all", arguments: StoreKind.allCases)
    func list(kind: StoreKind) throws {
        let (fixture, other) = try fixture(kind)
        _ = try fixture.commit(
            .createKey(fixture.account, NewKey(name: "third", hash: Array(repeating: 9, count: 32), scopes: [])))
        #expect(try fixture.store.keys(of: nil).map(\.name) == ["first", "second", "third"])
        #expect(try fixture.store.keys(of: nil).map(\.id) == [1, 2, 3])
        #expect(try fixture.store.keys(of: fixture.account).map(\.id) == [1, 3])
        #expect(try fixture.store.keys(of: other).map(\.scopes) == [[.manage]])
        #expect(try fixture.store.keys(of: AccountID(9)) == [])
    }

    @Test("A new key has the standard settings", arguments: StoreKind.allCases)
    func standard(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        #expect(fixture.key.settings == .standard)
        #expect(try fixture.store.keys(of: nil).map(\.settings) == [.standard])
    }

    @Test(
        "A change of the routing keeps what it does not name, and is seen by whoever asks",
        arguments: StoreKind.allCases)
    func routing(kind: StoreKind) throws {
        let (fixture, other) = try fixture(kind)
        var expected = fixture.key
        expected.settings = try #require(RoutingSettings(mode: .normal, preset: .custom, slider: 70))
        try fixture.expect(.success(.key(expected)), .setRouting(nil, key: 1, try RoutingChange(slider: 70)))
        expected.settings.mode = .lightning
        try fixture.expect(.success(.key(expected)), .setRouting(nil, key: 1, try RoutingChange(mode: .lightning)))
        expected.settings.preset = .reliable
        try fixture.expect(.success(.key(expected)), .setRouting(nil, key: 1, try RoutingChange(preset: .reliable)))
        #expect(expected.settings.slider == 70)
        #expect(try fixture.store.key(hash: Array(repeating: 7, count: 32))?.key == expected)
        #expect(try fixture.store.keys(of: other).map(\.settings) == [.standard])
    }

    @Test("A key is renamed and taken back, once and for all", arguments: StoreKind.allCases)
    func renameAndRevoke(kind: StoreKind) throws {
        let (fixture, other) = try fixture(kind)
        var expected = fixture.key
        expected.name = "shop"
        try fixture.expect(.success(.key(expected)), .renameKey(nil, key: 1, name: "shop"))
        expected.revoked = true
        try fixture.expect(.success(.key(expected)), .revokeKey(fixture.account, key: 1))
        try fixture.expect(.success(.key(expected)), .revokeKey(nil, key: 1))
        try fixture.expect(.success(.key(expected)), .setRouting(nil, key: 1, try RoutingChange()))
        #expect(try fixture.store.key(hash: Array(repeating: 7, count: 32))?.key == expected)
        #expect(try fixture.store.keys(of: other).map(\.revoked) == [false])
    }

    @Test("A key is changed for its own account alone", arguments: StoreKind.allCases)
    func ownAccount(kind: StoreKind) throws {
        let (fixture, other) = try fixture(kind)
        let before = try fixture.store.keys(of: nil)
        let change = try RoutingChange(preset: .fastest)
        for (account, key) in [(other, 1), (fixture.account, 2), (nil, 0), (nil, 3), (nil, -1)] as [(AccountID?, Int64)]
        {
            try fixture.expect(.failure(.unknownKey), .setRouting(account, key: key, change))
            try fixture.expect(.failure(.unknownKey), .renameKey(account, key: key, name: "x"))
            try fixture.expect(.failure(.unknownKey), .revokeKey(account, key: key))
        }
        #expect(try fixture.store.keys(of: nil) == before)
    }

    @Test("Changes of one batch build upon one another", arguments: StoreKind.allCases)
    func batch(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let results = try fixture.store.commit(
            [
                .setRouting(nil, key: 1, try RoutingChange(slider: 20)), .renameKey(nil, key: 1, name: "b"),
                .setRouting(nil, key: 1, try RoutingChange(mode: .lightning)),
            ], at: StoreFixture.start)
        #expect(results.count == 3)
        let key = try #require(try fixture.store.keys(of: nil).first)
        #expect(key.name == "b")
        #expect(key.settings == RoutingSettings(mode: .lightning, preset: .custom, slider: 20))
    }
}
