import CLibcrypto

/// A hash function of libcrypto, looked up once for the life of the process: the look-up costs more than a hash.
struct Digest: Sendable {
    fileprivate nonisolated(unsafe) let algorithm: OpaquePointer
    /// Bytes of a hash.
    let length: Int
    /// Bytes that one step of the function takes in; HMAC needs to know.
    let blockLength: Int

    /// The longest hash and the longest block of the functions below, in bytes.
    static let longest = 64
    static let longestBlock = 128

    /// Each is nil where the machine's libcrypto does not offer the function: SHA-1 on some hardened systems.
    static let sha1 = Digest("SHA1")
    static let sha256 = Digest("SHA256")
    static let sha384 = Digest("SHA384")
    static let sha512 = Digest("SHA512")

    private init?(_ name: String) {
        guard let algorithm = EVP_MD_fetch(nil, name, nil) else { return nil }
        self.algorithm = algorithm
        length = Int(EVP_MD_get_size(algorithm))
        blockLength = Int(EVP_MD_get_block_size(algorithm))
    }
}

/// A hash under way. Copying the state of one that has taken in a common start is faster than to hash the start again.
struct HashState: ~Copyable {
    private let context: OpaquePointer

    /// A hash that has taken in nothing.
    init(_ digest: Digest) throws(LibraryFailure) {
        guard let context = EVP_MD_CTX_new() else { throw LibraryFailure() }
        guard EVP_DigestInit_ex2(context, digest.algorithm, nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw LibraryFailure()
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Forgets its own state and takes over another's.
    func become(_ other: borrowing HashState) throws(LibraryFailure) {
        guard EVP_MD_CTX_copy_ex(context, other.context) == 1 else { throw LibraryFailure() }
    }

    func take(_ bytes: UnsafeRawBufferPointer) throws(LibraryFailure) {
        guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { throw LibraryFailure() }
    }

    func take(_ bytes: [UInt8]) throws(LibraryFailure) {
        let done = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        guard done == 1 else { throw LibraryFailure() }
    }

    /// Writes the hash. The state is of no use afterwards until it becomes another's.
    func finish(into output: UnsafeMutablePointer<UInt8>) throws(LibraryFailure) {
        guard EVP_DigestFinal_ex(context, output, nil) == 1 else { throw LibraryFailure() }
    }
}
