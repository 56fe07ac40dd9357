import CLibcrypto
public import Domain

/// The key that wraps the data keys. The operator keeps it; the database never holds it.
public enum MasterKey {
    static let byteCount = 32

    /// A new one, as the text of 64 hexadecimal digits.
    ///
    /// - Throws: `VaultError` when the system has no randomness to give.
    public static func random() throws(VaultError) -> Secret {
        do {
            var bytes = try SecureRandom.bytes(count: byteCount)
            defer { bytes.wipe() }
            return Secret(bytes.flatMap { [HexText.digit($0 >> 4), HexText.digit($0)] })
        } catch {
            throw VaultError(.other, error.description)
        }
    }

    /// Reads 64 hexadecimal digits, or base64 of 32 bytes.
    ///
    /// - Throws: `VaultError` of the kind `badMasterKey`; its sentence holds nothing of the text.
    static func read(_ text: Secret) throws(VaultError) -> SecretBytes {
        guard var bytes = hexadecimal(text.bytes) ?? base64(text.bytes), bytes.count == byteCount else {
            throw VaultError(
                .badMasterKey,
                "A master key is 32 bytes, as 64 hexadecimal digits or in base64. `ucaptcha vault init` makes one.")
        }
        defer { bytes.wipe() }
        guard Set(bytes).count > 1 else {
            throw VaultError(.badMasterKey, "This master key is no random one. Make one with `ucaptcha vault init`.")
        }
        return SecretBytes(copying: bytes)
    }

    private static func hexadecimal(_ text: [UInt8]) -> [UInt8]? {
        guard text.count == 2 * byteCount else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: text.count, by: 2) {
            guard let high = HexText.value(of: text[index]), let low = HexText.value(of: text[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// 43 characters of the usual alphabet and `=`, which may be left out.
    private static func base64(_ text: [UInt8]) -> [UInt8]? {
        var digits = text.last == UInt8(ascii: "=") ? Array(text.dropLast()) : text
        guard digits.count == 43, digits.allSatisfy(isBase64) else { return nil }
        digits.append(UInt8(ascii: "="))
        var bytes = [UInt8](repeating: 0, count: 33)
        // The padding counts as a byte.
        guard EVP_DecodeBlock(&bytes, digits, Int32(digits.count)) == 33 else { return nil }
        return Array(bytes.dropLast())
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"): true
        default: false
        }
    }
}
