import CLibcrypto

/// Random bytes that nobody can guess.
public enum SecureRandom {
    /// - Parameter count: how many bytes, 0 or more.
    /// - Throws: `VaultFailure` when the system has no randomness to give; there is no weaker substitute.
    public static func bytes(count: Int) throws(VaultFailure) -> [UInt8] {
        guard count > 0 else { return [] }
        var given = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            buffer.initialize(repeating: 0)
            given = RAND_bytes(buffer.baseAddress, Int32(clamping: count)) == 1
            initialized = count
        }
        guard given, count <= Int32.max else {
            throw VaultFailure("The system gave no random bytes. Check that getrandom(2) is allowed and try again.")
        }
        return bytes
    }
}
