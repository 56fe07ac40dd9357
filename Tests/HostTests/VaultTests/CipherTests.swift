import Domain
import Foundation
import Synchronization
import Testing

@testable import Vault

@Suite("The vault's ciphers")
struct CipherTests {
    @Test("NIST's vectors are all there")
    func count() {
        #expect(GCMVector.all.count == 75)
        #expect(GCMVector.all.filter(\.isForEncrypting).count == 25)
        #expect(GCMVector.all.filter(\.isForged).count == 25)
        #expect(GCMVector.all.allSatisfy { $0.key.count == 32 && $0.nonce.count == 12 && $0.sealed.count >= 16 })
        #expect(Set(GCMVector.all.map(\.binding.count)) == [0, 16, 20, 48, 90])
        #expect(Set(GCMVector.all.map(\.text.count)) == [0, 13, 16, 32, 51])
    }

    @Test("AES-256-GCM encrypts as NIST says", arguments: GCMVector.all.filter(\.isForEncrypting))
    func encrypts(vector: GCMVector) throws {
        #expect(try vector.seal() == vector.sealed)
        #expect(try vector.open() == vector.text)
    }

    @Test("AES-256-GCM decrypts as NIST says", arguments: GCMVector.all.filter { !$0.isForEncrypting && !$0.isForged })
    func decrypts(vector: GCMVector) throws {
        #expect(try vector.open() == vector.text)
    }

    @Test("AES-256-GCM refuses what NIST says is forged", arguments: GCMVector.all.filter(\.isForged))
    func forged(vector: GCMVector) throws {
        #expect(try vector.open() == nil)
    }

    @Test("Each flipped bit of ciphertext, tag, nonce, key and associated data is refused")
    func flipped() throws {
        let vector = try #require(GCMVector.all.last { !$0.isForged && $0.text.count == 16 && !$0.binding.isEmpty })
        let parts: [WritableKeyPath<GCMVector, [UInt8]>] = [\.sealed, \.nonce, \.key, \.binding]
        for part in parts {
            for bit in 0..<vector[keyPath: part].count * 8 {
                var altered = vector
                altered[keyPath: part][bit / 8] ^= 1 << (bit % 8)
                #expect(try altered.open() == nil)
            }
        }
    }

    @Test("What was cut or lengthened is refused")
    func lengths() throws {
        let vector = try #require(GCMVector.all.last { !$0.isForged && $0.text.count == 16 })
        for count in 0..<vector.sealed.count {
            var altered = vector
            altered.sealed = Array(vector.sealed.prefix(count))
            #expect(try altered.open() == nil)
        }
        var altered = vector
        altered.sealed += [0]
        #expect(try altered.open() == nil)
        altered = vector
        altered.nonce.removeLast()
        #expect(try altered.open() == nil)
    }

    @Test(
        "HMAC-SHA-256 gives the values of RFC 4231",
        arguments: [
            (
                String(repeating: "0b", count: 20), "4869205468657265",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                String(repeating: "aa", count: 131),
                "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b657920"
                    + "4669727374", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ])
    func hmac(key: String, message: String, code: String) {
        #expect(HMACSHA256.code(bytes(message), key: SecretBytes(copying: bytes(key))) == bytes(code))
    }

    @Test("Keys for different purposes differ, and are HKDF-Expand's first block (RFC 5869, case 1)")
    func derivation() {
        let key = SecretBytes(copying: bytes("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"))
        let first = HMACSHA256.derive("a", from: key).withBytes { Array($0) }
        #expect(first != HMACSHA256.derive("b", from: key).withBytes { Array($0) })
        #expect(first == HMACSHA256.code([0x61, 1], key: key))
        #expect(
            HMACSHA256.code(Array(0xF0...0xF9) + [1], key: key)
                == bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"))
    }

    @Test("Bytes are overwritten in place")
    func wipe() {
        var bytes = Array(repeating: UInt8(7), count: 100)
        bytes.wipe()
        #expect(bytes == Array(repeating: 0, count: 100))
        var none: [UInt8] = []
        none.wipe()
        #expect(none.isEmpty)
    }

    @Test("Secret bytes are what they were made of, in either kind of memory", arguments: [false, true])
    func secretBytes(isLasting: Bool) throws {
        let many = (0..<200).map { number in
            SecretBytes(copying: Array(repeating: UInt8(number), count: number * 100), isLasting: isLasting)
        }
        for (index, secret) in many.enumerated() {
            #expect(secret.withBytes { $0.allSatisfy { $0 == UInt8(index) } && $0.count == index * 100 })
        }
        // Holding many secrets must not keep others from random bytes, also on a thread that never had any.
        let random = Mutex<[UInt8]>([])
        let thread = Thread { random.withLock { $0 = (try? SecureRandom.bytes(count: 32)) ?? [] } }
        thread.start()
        while !thread.isFinished { sched_yield() }
        #expect(random.withLock { $0.count } == 32)
        withExtendedLifetime(many) {}
    }
}
