@testable import Native
import TestTraits
import Testing

@Suite("Hashing", .computesLong)
struct HashingTests {
    private func key(_ derivation: some KeyDerivation, of password: [UInt8], bytes: Int? = nil) throws -> String? {
        let stop = StopSign(WorkJob(Endless(), seconds: 60))
        return try derive(derivation, password, bytes ?? derivation.length, stop)
    }

    private func derive(
        _ derivation: some KeyDerivation, _ password: [UInt8], _ bytes: Int, _ stop: borrowing StopSign
    ) throws -> String? {
        let deriver = try derivation.makeDeriver()
        let room = UnsafeMutablePointer<UInt8>.allocate(capacity: derivation.capacity)
        room.initialize(repeating: 0xEE, count: derivation.capacity)
        defer { room.deallocate() }
        let isDone = try password.withUnsafeBytes { try deriver.derive(bytes, of: $0, into: room, stop) }
        return isDone ? HexText.text(UnsafeBufferPointer(start: room, count: bytes)) : nil
    }

    private func pbkdf2(_ digest: Digest?, _ salt: String, _ cost: UInt64, _ length: Int) throws -> HashedDerivation {
        HashedDerivation(
            method: .pbkdf2, digest: try #require(digest), salt: Array(salt.utf8), cost: cost, length: length)
    }

    @Test("PBKDF2 with SHA-256 agrees with the vectors of RFC 7914")
    func pbkdf2Vectors() throws {
        let one = try key(try pbkdf2(.sha256, "salt", 1, 64), of: Array("passwd".utf8))
        #expect(
            one == "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                + "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783")
        let many = try key(try pbkdf2(.sha256, "NaCl", 80_000, 64), of: Array("Password".utf8))
        #expect(
            many == "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
                + "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d")
    }

    @Test("PBKDF2 with a password longer than a block, and a key that ends inside one")
    func pbkdf2LongPassword() throws {
        let password = Array(String(repeating: "passDATAb00AB7YxDTTl", count: 8).utf8)
        let salt = "saltKEYbcTcXHCBxtjD2"
        #expect(
            try key(try pbkdf2(.sha384, salt, 2100, 70), of: password)
                == "0eecc64592ed90aefc323ced312e367d791be2ced9c0600de2d1bdec471f91d1b7cb72c3b38ee5280b4f34aa4a903663"
                + "9eb15da8fc4b0b1b982930356238524c9d44b8573257")
        #expect(
            try key(try pbkdf2(.sha512, salt, 2100, 70), of: password)
                == "e372c24b842d611bd5a243fdbb28f034ecacc7bc2ee831bf40bf5c2e8786ab3b577b3ed2805ed5b2619c23a80b0e4c74"
                + "a80ef15f2c9f16f27089b0175c92d2db23d3d1d6ac2e")
    }

    @Test("The first bytes of a key are derived without the rest, and an empty salt is a salt")
    func pbkdf2FirstBlock() throws {
        let derivation = try pbkdf2(.sha512, "", 1, 1024)
        #expect(try key(derivation, of: [UInt8(ascii: "p")], bytes: 4) == "ffd50eea")
        #expect(derivation.hashes(for: 4) == 2)
        #expect(derivation.hashes(for: 65) == 4)
        #expect(derivation.hashes(for: 1024) == 32)
    }

    @Test("Iterated hashing hashes salt and password once and then its own result")
    func iterated() throws {
        func derivation(_ digest: Digest?, _ salt: String, _ cost: UInt64) throws -> HashedDerivation {
            let digest = try #require(digest)
            return HashedDerivation(
                method: .iterated, digest: digest, salt: Array(salt.utf8), cost: cost, length: digest.length)
        }
        #expect(
            try key(try derivation(.sha256, "salt", 1), of: Array("pass".utf8))
                == "9c95bf909cf17beaa7a4c71d86671566294699a994db7aaa8ffea004f425954f")
        #expect(
            try key(try derivation(.sha384, "salt", 3000), of: Array("pass".utf8))
                == "5c9e7ba68e5b378b6cadcc8109e093cbc3e11c171c1c78139e9b16e88311a940076c57797f54717f9a2f22781aaae04b")
        #expect(
            try key(try derivation(.sha512, "", 2), of: [])
                == "826df068457df5dd195b437ab7e7739ff75d2672183f02bb8e1089fabcf97bd9"
                + "dc80110cf42dbc7cff41c78ecb68d8ba78abe6b5178dea3984df8c55541bf949")
    }

    @Test("scrypt agrees with the vectors of RFC 7914")
    func scryptVectors() throws {
        let small = ScryptDerivation(salt: [], cost: 16, blockSize: 1, parallelism: 1, length: 64)
        #expect(
            try key(small, of: []) == "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")
        let wide = ScryptDerivation(salt: Array("NaCl".utf8), cost: 1024, blockSize: 8, parallelism: 16, length: 64)
        #expect(
            try key(wide, of: Array("password".utf8))
                == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")
        #expect(wide.memory == 128 * 8 * (1024 + 16 + 2))
        #expect(wide.hashes(for: 1) == 4 * 1024 * 8 * 16)
    }

    @Test("Derivations that take memory begin nothing when the work is no longer wanted")
    func stopped() throws {
        let job = WorkJob(Endless(), seconds: 60)
        job.stop()
        let scrypt = ScryptDerivation(salt: [], cost: 16, blockSize: 1, parallelism: 1, length: 64)
        #expect(try derive(scrypt, [1], 64, StopSign(job)) == nil)
        guard Argon2Derivation.isThere else { return #expect(Build.isMinimal) }
        let argon2 = Argon2Derivation(salt: Array("somesalt".utf8), cost: 1, blocks: 64, lanes: 1, length: 16)
        #expect(try derive(argon2, [1], 16, StopSign(job)) == nil)
        #expect(try key(argon2, of: [1])?.count == 32)
        #expect(argon2.memory == 65_536)
        #expect(argon2.hashes(for: 1) == 1_024)
    }

    @Test("A derivation breaks off in its middle when the work is no longer wanted", arguments: [false, true])
    func breaksOff(iterated: Bool) throws {
        let job = WorkJob(Endless(), seconds: 60)
        job.stop()
        var derivation = try pbkdf2(.sha256, "salt", 1_000_000_000_000, 32)
        if iterated { derivation.method = .iterated }
        #expect(try derive(derivation, [1], 32, StopSign(job)) == nil)
        let late = WorkJob(Endless(), seconds: -1)
        #expect(try derive(derivation, [1], 32, StopSign(late)) == nil)
    }

    @Test(
        "A decimal counter counts through every change of length",
        arguments: [0, 8, 98, 999_999, 4_294_967_294, 18_446_744_073_709_551_613] as [UInt64])
    func decimalCounter(_ start: UInt64) {
        let storage = UnsafeMutableRawBufferPointer.allocate(byteCount: DecimalCounter.capacity, alignment: 1)
        defer { storage.deallocate() }
        var counter = DecimalCounter(start, in: storage)
        for number in start...(start + 2) {
            #expect(String(decoding: counter.digits, as: UTF8.self) == String(number))
            if number < start + 2 { counter.increment() }
        }
    }

    @Test("Hexadecimal text is read in both cases and refused when it is anything else")
    func hexText() {
        #expect(HexText.bytes("00fFA0") == [0, 255, 160])
        #expect(HexText.bytes("") == [])
        for text in ["0", "0g", "/0", ":0", "@a", "`a", "é0", " 0", "0x"] { #expect(HexText.bytes(text) == nil) }
        #expect(HexText.text([0, 255, 160] as [UInt8]) == "00ffa0")
    }

    @Test("A key's prefix may end in the middle of a byte")
    func keyPrefix() throws {
        let odd = try #require(KeyPrefix("aBc"))
        #expect((odd.digits, odd.bytes) == (3, 2))
        #expect(odd.starts([0xAB, 0xC0]) && odd.starts([0xAB, 0xCF]))
        #expect(!odd.starts([0xAB, 0xD0]) && !odd.starts([0xAA, 0xC0]))
        let even = try #require(KeyPrefix("abcd"))
        #expect((even.digits, even.bytes) == (4, 2))
        #expect(even.starts([0xAB, 0xCD]) && !even.starts([0xAB, 0xCC]))
        #expect(try #require(KeyPrefix("")).starts([0x00]))
        for text in ["g", "0g", "00g", "é", "0é", " "] { #expect(KeyPrefix(text) == nil) }
    }
}
