public import Domain

/// Secret numbers: a permutation of the numbers below 2^53 under the database's server key.
///
/// It is a Feistel network of eight rounds over two halves of 27 bits, whose round function is an AES block, applied
/// until the result is a task's number again. Live tasks are so few among 2^53 that trying numbers finds none.
extension AESTaskIDCipher {
    private static let halfBits: UInt64 = 27
    private static let half: UInt64 = 1 << halfBits - 1
    private static let rounds: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

    public func secretNumber(of id: TaskID) -> Int64 {
        var value = UInt64(id.number)
        repeat { value = permuted(value) } while !AESTaskIDCipher.isNumber(value)
        return Int64(value)
    }

    public func id(ofSecretNumber number: Int64) -> TaskID? {
        guard TaskID(number) != nil else { return nil }
        var value = UInt64(number)
        repeat { value = unpermuted(value) } while !AESTaskIDCipher.isNumber(value)
        return TaskID(Int64(value))
    }

    private static func isNumber(_ value: UInt64) -> Bool {
        (1..<UInt64(TaskID.upperBound)).contains(value)
    }

    private func permuted(_ value: UInt64) -> UInt64 {
        var (left, right) = (value >> AESTaskIDCipher.halfBits, value & AESTaskIDCipher.half)
        for round in AESTaskIDCipher.rounds { (left, right) = (right, left ^ mixed(right, round)) }
        return left << AESTaskIDCipher.halfBits | right
    }

    private func unpermuted(_ value: UInt64) -> UInt64 {
        var (left, right) = (value >> AESTaskIDCipher.halfBits, value & AESTaskIDCipher.half)
        for round in AESTaskIDCipher.rounds.reversed() { (left, right) = (right ^ mixed(left, round), left) }
        return left << AESTaskIDCipher.halfBits | right
    }

    /// 27 bits of the encryption of a half and the round. The last byte is never zero, as those of UUIDs' blocks are.
    private func mixed(_ half: UInt64, _ round: UInt8) -> UInt64 {
        var block = AESBlock.Block()
        for index in 0..<4 { block[index] = UInt8(truncatingIfNeeded: half >> (24 - 8 * UInt64(index))) }
        block[15] = round
        let encrypted = encrypt(block)
        var bits: UInt64 = 0
        for index in 0..<4 { bits = bits << 8 | UInt64(encrypted[index]) }
        return bits & AESTaskIDCipher.half
    }
}
