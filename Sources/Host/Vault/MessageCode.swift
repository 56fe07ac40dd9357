/// A code by which whoever has the same key can tell that a message is genuine: HMAC with SHA-256 (RFC 2104).
public enum MessageCode {
    /// The code of a message, 32 bytes.
    public static func of(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        HMACSHA256.code(message, key: SecretBytes(copying: key))
    }
}
