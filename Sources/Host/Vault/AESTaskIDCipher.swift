public import Domain

/// Task UUIDs as one AES-128 block: eight bytes of the number, big-endian, and eight zero bytes, encrypted under the
/// database's server key.
///
/// Whoever does not know the key cannot guess a UUID: a made-up one decrypts to zeros in the second half once in 2^64.
public final class AESTaskIDCipher: TaskIDCipher {
    let encrypt: AESBlock
    private let decrypt: AESBlock

    /// - Parameter key: 16 bytes, the database's server key.
    /// - Throws: `VaultFailure` for another length, or when libcrypto has no AES.
    public init(key: [UInt8]) throws(VaultFailure) {
        encrypt = try AESBlock(key: key, .encrypting)
        decrypt = try AESBlock(key: key, .decrypting)
    }

    public func uuid(of id: TaskID) -> String {
        var block = AESBlock.Block()
        for index in 0..<8 { block[index] = UInt8(truncatingIfNeeded: id.number >> (56 - 8 * index)) }
        let encrypted = encrypt(block)
        return String(unsafeUninitializedCapacity: 36) { text in
            var position = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    text[position] = UInt8(ascii: "-")
                    position += 1
                }
                text[position] = HexText.digit(encrypted[index] >> 4)
                text[position + 1] = HexText.digit(encrypted[index])
                position += 2
            }
            return position
        }
    }

    public func id(ofUUID text: String) -> TaskID? {
        var text = text
        guard let block = text.withUTF8({ AESTaskIDCipher.block(of: $0) }) else { return nil }
        let decrypted = decrypt(block)
        guard (8..<16).allSatisfy({ decrypted[$0] == 0 }) else { return nil }
        var number: UInt64 = 0
        for index in 0..<8 { number = number << 8 | UInt64(decrypted[index]) }
        return Int64(exactly: number).flatMap(TaskID.init)
    }

    /// The 16 bytes behind text of the form 8-4-4-4-12; nil for any other text.
    private static func block(of text: UnsafeBufferPointer<UInt8>) -> AESBlock.Block? {
        guard text.count == 36 else { return nil }
        var block = AESBlock.Block()
        var position = 0
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 {
                guard text[position] == UInt8(ascii: "-") else { return nil }
                position += 1
            }
            guard let high = HexText.value(of: text[position]), let low = HexText.value(of: text[position + 1]) else {
                return nil
            }
            block[index] = high << 4 | low
            position += 2
        }
        return block
    }
}
