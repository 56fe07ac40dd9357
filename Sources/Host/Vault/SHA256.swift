import CLibcrypto
import Glibc

/// The hash function SHA-256.
public enum SHA256 {
    /// Bytes of a hash.
    public static let byteCount = 32

    /// The hash of bytes in memory, 32 bytes.
    public static func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let result = bytes.withContiguousStorageIfAvailable { digest(UnsafeRawBufferPointer($0)) }
        return result ?? Array(bytes).withUnsafeBytes { digest($0) }
    }

    /// The hash of everything in an opened file, from its beginning, 32 bytes. The descriptor's position stays as
    /// it is, and memory does not grow with the file.
    ///
    /// - Throws: `VaultFailure` when the file cannot be read, for instance because it is a pipe.
    public static func hash(descriptor: Int32) throws(VaultFailure) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw VaultFailure("There is no memory left for a SHA-256 hash.") }
        defer { EVP_MD_CTX_free(context) }
        var done = EVP_DigestInit_ex(context, algorithm, nil) == 1
        var offset: off_t = 0
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while done {
            let count = pread(descriptor, &buffer, buffer.count, offset)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw VaultFailure("The file could not be read to its end: \(String(cString: strerror(errno))).")
            }
            if count == 0 { break }
            offset += off_t(count)
            done = EVP_DigestUpdate(context, buffer, count) == 1
        }
        var result = [UInt8](repeating: 0, count: byteCount)
        guard done, EVP_DigestFinal_ex(context, &result, nil) == 1 else {
            throw VaultFailure("libcrypto could not compute a SHA-256 hash. Check that it offers SHA-256.")
        }
        return result
    }

    private static func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, initialized in
            let done = EVP_Digest(bytes.baseAddress, bytes.count, buffer.baseAddress, nil, algorithm, nil)
            // Going on with a hash that is none would let wrong keys in.
            precondition(done == 1, "libcrypto could not compute a SHA-256 hash; its installation is broken")
            initialized = byteCount
        }
    }

    /// Fetched once: libcrypto would otherwise look it up by name for each hash. Never changed after that.
    private nonisolated(unsafe) static let algorithm: OpaquePointer? = EVP_MD_fetch(nil, "SHA256", nil) ?? EVP_sha256()
}
