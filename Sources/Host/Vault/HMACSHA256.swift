import CLibcrypto

/// HMAC with SHA-256 (RFC 2104), and the keys that are derived by it.
enum HMACSHA256 {
    /// The code of a message, 32 bytes.
    static func code(_ message: [UInt8], key: SecretBytes) -> [UInt8] {
        key.withBytes { key in
            [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { buffer, initialized in
                write(message, key, to: buffer.baseAddress)
                initialized = SHA256.byteCount
            }
        }
    }

    /// A key of 32 bytes for one purpose: the first block of HKDF-Expand (RFC 5869) of a key that is random itself.
    static func derive(_ purpose: String, from key: SecretBytes) -> SecretBytes {
        key.withBytes { key in
            SecretBytes(count: SHA256.byteCount, isLasting: true) { output in
                write(Array(purpose.utf8) + [1], key, to: output.assumingMemoryBound(to: UInt8.self).baseAddress)
            }
        }
    }

    private static func write(
        _ message: [UInt8], _ key: UnsafeRawBufferPointer, to output: UnsafeMutablePointer<UInt8>?
    ) {
        let done = HMAC(EVP_sha256(), key.baseAddress, Int32(clamping: key.count), message, message.count, output, nil)
        // Going on with a code that is none would make all fingerprints, or all keys, the same.
        precondition(done != nil, "libcrypto could not compute an HMAC; its installation is broken")
    }
}
