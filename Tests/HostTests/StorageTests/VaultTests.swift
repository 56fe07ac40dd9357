import Domain
import Glibc
import Testing

@testable import Vault

@Suite("The vault")
struct VaultTests {
    private func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.compactMap(HexText.value)
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private func hex(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [HexText.digit($0 >> 4), HexText.digit($0)] }, as: UTF8.self)
    }

    @Test(
        "SHA-256 gives the values of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func sha256(text: String, expected: String) {
        #expect(hex(SHA256.hash(Array(text.utf8))) == expected)
        // Also from bytes that do not lie side by side.
        #expect(hex(SHA256.hash(Array(text.utf8.reversed()).reversed())) == expected)
    }

    @Test("A file's hash is that of its bytes, from its beginning, and leaves its position alone")
    func fileHash() throws {
        let directory = try TemporaryDirectory()
        let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let descriptor = open(directory.path + "/file", O_CREAT | O_RDWR, 0o600)
        defer { close(descriptor) }
        #expect(write(descriptor, content, content.count) == content.count)
        #expect(try SHA256.hash(descriptor: descriptor) == SHA256.hash(content))
        #expect(lseek(descriptor, 0, SEEK_CUR) == 200_000)
        #expect(throws: VaultFailure.self) { try SHA256.hash(descriptor: -1) }
    }

    @Test("Random bytes have the length asked for and differ")
    func random() throws {
        #expect(try SecureRandom.bytes(count: 0).isEmpty)
        let first = try SecureRandom.bytes(count: 32)
        #expect(first.count == 32)
        #expect(try first != SecureRandom.bytes(count: 32))
        #expect(Set(try SecureRandom.bytes(count: 10_000)).count == 256)
    }

    @Test("AES-128 gives the values of FIPS 197, both ways")
    func aes() throws {
        for (key, plain, cipher) in [
            (
                "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff",
                "69c4e0d86a7b0430d8cdb78070b4c55a"
            ),
            (
                "2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734",
                "3925841d02dc09fbdc118597196a0b32"
            ),
        ] {
            let encrypt = try AESBlock(key: bytes(key), .encrypting)
            let decrypt = try AESBlock(key: bytes(key), .decrypting)
            let input = AESBlock.Block(bytes(plain)), output = AESBlock.Block(bytes(cipher))
            #expect(encrypt(input) == output)
            #expect(decrypt(output) == input)
            #expect(encrypt(input) == output, "a context is used again")
        }
        #expect(throws: VaultFailure.self) { try AESBlock(key: [1, 2, 3], .encrypting) }
    }

    @Test("A task's UUID is the block of its number, and leads back to it in either case")
    func uuid() throws {
        let key = bytes("000102030405060708090a0b0c0d0e0f")
        let cipher = try AESTaskIDCipher(key: key)
        for number in [1, 2, 255, 256, 1 << 32, TaskID.upperBound - 1] as [Int64] {
            let id = try #require(TaskID(number))
            let text = cipher.uuid(of: id)
            let block =
                (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) } + [UInt8](repeating: 0, count: 8)
            let encrypted = try AESBlock(key: key, .encrypting)(AESBlock.Block(block))
            #expect(text.filter { $0 != "-" } == hex((0..<16).map { encrypted[$0] }))
            #expect(text.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
            #expect(cipher.id(ofUUID: text) == id)
            #expect(cipher.id(ofUUID: text.uppercased()) == id)
            #expect(try AESTaskIDCipher(key: [UInt8](repeating: 9, count: 16)).id(ofUUID: text) == nil)
        }
    }

    @Test("What is no UUID of this host is no task")
    func badUUIDs() throws {
        let key = [UInt8](repeating: 5, count: 16)
        let cipher = try AESTaskIDCipher(key: key)
        let good = cipher.uuid(of: try #require(TaskID(1)))
        let altered = (good.hasPrefix("0") ? "1" : "0") + good.dropFirst()
        for text in [
            "", "x", String(good.dropLast()), good + "0", altered, good.replacing("-", with: ""),
            good.replacing("-", with: "0"), "g" + good.dropFirst(), "é" + good.dropFirst(2),
        ] { #expect(cipher.id(ofUUID: text) == nil, "\(text)") }
        // Numbers outside the range of task numbers, and something in the half that is zero.
        let encrypt = try AESBlock(key: key, .encrypting)
        for block: [UInt8] in [
            [UInt8](repeating: 0, count: 16), [0, 0x20] + [UInt8](repeating: 0, count: 14),
            [0xFF] + [UInt8](repeating: 0, count: 15), [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1],
        ] {
            let encrypted = encrypt(AESBlock.Block(block))
            var text = hex((0..<16).map { encrypted[$0] })
            for position in [20, 16, 12, 8] { text.insert("-", at: text.index(text.startIndex, offsetBy: position)) }
            #expect(cipher.id(ofUUID: text) == nil)
        }
        #expect(throws: VaultFailure.self) { try AESTaskIDCipher(key: [1]) }
    }
}
