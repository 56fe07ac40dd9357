import Domain
import Testing

@testable import Vault

@Suite("The vault of providers' keys")
struct KeyVaultTests {
    private static let key = Secret("0123456789abcdef0123456789abcdef")
    private let opener = KeyVaultOpener()

    private func id(_ number: Int64) throws -> ProviderKeyID { try #require(ProviderKeyID(number)) }

    private func opened(_ vault: any OpenVault, _ key: SealedProviderKey) throws -> [UInt8] {
        try vault.withKey(key) { Array($0) }
    }

    private func expectDamaged(
        _ vault: any OpenVault, _ key: SealedProviderKey, at location: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: VaultError.self, sourceLocation: location) { try opened(vault, key) }
        #expect(error?.kind == .damaged, sourceLocation: location)
        #expect(error?.description.contains("0123456789abcdef") == false, sourceLocation: location)
    }

    /// The same, with something else in its place.
    private func altered(
        _ key: SealedProviderKey, id: ProviderKeyID? = nil, provider: String? = nil, dataKey: Int? = nil,
        sealed: [UInt8]? = nil
    ) -> SealedProviderKey {
        SealedProviderKey(
            id: id ?? key.id, provider: provider ?? key.provider, label: key.label, dataKey: dataKey ?? key.dataKey,
            sealed: sealed ?? key.sealed, fingerprint: key.fingerprint)
    }

    @Test("A key comes back as it was, and its ciphertext holds nothing of it and is another each time")
    func roundTrip() throws {
        let vault = try KeyVault()
        let first = try vault.seal(Self.key, id: id(7), provider: "a", label: "l")
        let second = try vault.seal(Self.key, id: id(7), provider: "a", label: "l")
        #expect(try opened(vault, first) == Self.key.bytes)
        #expect(try opened(vault, second) == Self.key.bytes)
        #expect(first.sealed != second.sealed)
        #expect(first.sealed.first == 1)
        #expect(first.sealed.count == Self.key.bytes.count + SealedBox.overhead)
        #expect(first.label == "l" && first.provider == "a" && first.dataKey == 1 && first.id.number == 7)
        #expect(Array(first.sealed[1..<13]) != Array(second.sealed[1..<13]))
    }

    @Test("Every flipped bit and every truncation of what is stored is refused")
    func damage() throws {
        let vault = try KeyVault()
        let key = try vault.seal(Self.key, id: id(1), provider: "a", label: "")
        for bit in 0..<key.sealed.count * 8 {
            var sealed = key.sealed
            sealed[bit / 8] ^= 1 << (bit % 8)
            expectDamaged(vault, altered(key, sealed: sealed))
        }
        for count in 0..<key.sealed.count {
            expectDamaged(vault, altered(key, sealed: Array(key.sealed.prefix(count))))
        }
        expectDamaged(vault, altered(key, sealed: key.sealed + [0]))
    }

    @Test("A row's ciphertext opens in no other row, for no other provider and under no other version")
    func swapped() throws {
        let master = try MasterKey.random()
        let one = try opener.open([opener.firstDataKey(masterKey: master)], masterKey: master)
        let two = try opener.open(one.wrapped(under: master, adding: true), masterKey: master)
        let key = try two.seal(Self.key, id: id(1), provider: "a", label: "")
        #expect(key.dataKey == 2)
        expectDamaged(two, altered(key, id: try id(2)))
        expectDamaged(two, altered(key, provider: "b"))
        expectDamaged(two, altered(key, provider: ""))
        for version in [0, 1, 3, -1] { expectDamaged(two, altered(key, dataKey: version)) }
        let other = try two.seal(Secret("another-key-of-a"), id: id(2), provider: "a", label: "")
        expectDamaged(two, altered(key, sealed: other.sealed))
        expectDamaged(try KeyVault(), key)
    }

    @Test("Hexadecimal keys are the same in either case, all or behind a prefix; others are not")
    func cases() throws {
        let vault = try KeyVault()
        let digits = "0123456789ABCDEF0123456789ABCDEF"
        for (text, isSame) in [(digits, true), ("CAP-" + digits, true), ("G" + digits, false), ("ABCDEF12", false)] {
            let prints = [text, text.lowercased()].map { vault.fingerprint(of: Secret($0), provider: "a") }
            #expect((prints[0] == prints[1]) == isSame, "\(text)")
        }
    }

    @Test("Associated data reads in one way only")
    func bindings() {
        let bindings = [
            Binding.providerKey(id: 1, provider: "a", owner: nil, dataKey: 1),
            .providerKey(id: 1, provider: "", owner: nil, dataKey: 1),
            .providerKey(id: 1, provider: "a", owner: nil, dataKey: 2),
            .providerKey(id: 2, provider: "a", owner: nil, dataKey: 1),
            .providerKey(id: 1, provider: "a", owner: 1, dataKey: 1),
            .providerKey(id: 1, provider: "a", owner: 2, dataKey: 1),
            .providerKey(id: 2, provider: "a", owner: 1, dataKey: 1),
            .dataKey(version: 1), .dataKey(version: 2),
        ]
        #expect(Set(bindings.map { $0.bytes(1) }).count == bindings.count)
        #expect(bindings[0].bytes(1) != bindings[0].bytes(2))
    }

    @Test("Another master key, or none at all, opens nothing and is told apart from damage")
    func masterKeys() throws {
        let master = try MasterKey.random()
        let first = try opener.firstDataKey(masterKey: master)
        let keys = try opener.open([first], masterKey: master).wrapped(under: master, adding: true)
        let wrong = #expect(throws: VaultError.self) { try opener.open(keys, masterKey: MasterKey.random()) }
        #expect(wrong?.kind == .wrongMasterKey)
        var bytes = keys[0].wrapped
        bytes[20] ^= 1
        let damaged = #expect(throws: VaultError.self) {
            try opener.open([WrappedDataKey(version: 1, wrapped: bytes), keys[1]], masterKey: master)
        }
        #expect(damaged?.kind == .damaged)
        for wrapped in [[keys[1]], [keys[1], keys[0]], []] {
            #expect(throws: VaultError.self) { try opener.open(wrapped, masterKey: master) }
        }
        let swapped = [
            WrappedDataKey(version: 1, wrapped: keys[1].wrapped), WrappedDataKey(version: 2, wrapped: keys[0].wrapped),
        ]
        #expect(throws: VaultError.self) { try opener.open(swapped, masterKey: master) }
    }

    @Test("Wrapping under another master key leaves sealed keys as they are, and the old master key opens the old only")
    func rotation() throws {
        let (old, new) = (try MasterKey.random(), try MasterKey.random())
        let first = try opener.firstDataKey(masterKey: old)
        let vault = try opener.open([first], masterKey: old)
        let key = try vault.seal(Self.key, id: id(1), provider: "a", label: "")
        let wrapped = try vault.wrapped(under: new, adding: true)
        #expect(wrapped.map(\.version) == [1, 2])
        let rotated = try opener.open(wrapped, masterKey: new)
        #expect(try opened(rotated, key) == Self.key.bytes)
        #expect(try opened(opener.open([first], masterKey: old), key) == Self.key.bytes)
        #expect(throws: VaultError.self) { try opener.open(wrapped, masterKey: old) }
        #expect(rotated.fingerprint(of: Self.key, provider: "a") == key.fingerprint)
        #expect(try rotated.seal(Self.key, id: id(2), provider: "a", label: "").dataKey == 2)
    }

    @Test("A fingerprint is the same for the same key at the same provider, and another in another vault")
    func fingerprints() throws {
        let (one, other) = (try KeyVault(), try KeyVault())
        let print = one.fingerprint(of: Self.key, provider: "a")
        #expect(print.count == 32)
        #expect(print == one.fingerprint(of: Self.key, provider: "a"))
        #expect(print != one.fingerprint(of: Self.key, provider: "b"))
        #expect(print != one.fingerprint(of: Secret("0123456789abcdef0123456789abcdee"), provider: "a"))
        #expect(print != other.fingerprint(of: Self.key, provider: "a"))
    }

    @Test("A master key is read as hexadecimal digits in either case and as base64")
    func masterKeyForms() throws {
        let raw = (0..<32).map { UInt8($0 * 7) }
        let hex = raw.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let base64 = "AAcOFRwjKjE4P0ZNVFtiaXB3foWMk5qhqK+2vcTL0tk="
        for text in [hex, hex.uppercased(), base64, String(base64.dropLast())] {
            #expect(try MasterKey.read(Secret(text)).withBytes { Array($0) } == raw)
        }
        #expect(try MasterKey.random() != MasterKey.random())
        #expect(try MasterKey.read(MasterKey.random()).count == 32)
    }

    @Test(
        "What is no master key is refused and not repeated",
        arguments: [
            "", "secret", String(repeating: "0", count: 64), String(repeating: "g", count: 64),
            String(repeating: "a1", count: 31), String(repeating: "a1", count: 33),
            String(repeating: "A", count: 42) + "=", String(repeating: "A", count: 43) + "==",
            String(repeating: "-", count: 43), String(repeating: "A", count: 43),
        ])
    func badMasterKeys(text: String) {
        let error = #expect(throws: VaultError.self) { try MasterKey.read(Secret(text)) }
        #expect(error?.kind == .badMasterKey)
        #expect(text.isEmpty || error?.description.contains(text) == false)
    }

    @Test("A secret shows itself in no text that is made of it")
    func secret() {
        let secret = Secret("0123456789abcdef")
        var dumped = ""
        dump([secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\([secret])", dumped] {
            #expect(!text.contains("0123") && !text.contains("48"), "\(text)")
        }
    }
}
