import CLibcrypto
import Glibc

/// Secret bytes in memory of their own, which is overwritten when nobody holds them any more.
///
/// libcrypto's secure heap would lock its memory too, but libcrypto takes the state of its random generators from the
/// same heap: when secrets have filled it, no thread gets random bytes any more.
final class SecretBytes: Sendable {
    let count: Int
    /// Written in `init` only.
    private nonisolated(unsafe) let address: UnsafeMutableRawPointer?
    /// Bytes that were mapped; 0 for ordinary memory.
    private let mapped: Int

    /// - Parameters:
    ///   - isLasting: whether they stay for long, like a data key: then they get pages of their own, which are not
    ///     swapped out nor dumped as far as the system allows it. It takes some microseconds.
    ///   - fill: writes the bytes; it gets `count` of them, zeros.
    init<Failure: Error>(
        count: Int, isLasting: Bool = false, fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let pages = isLasting ? SecretBytes.pages(for: count) : nil
        let address = pages?.address ?? CRYPTO_zalloc(max(count, 1), nil, 0)
        precondition(address != nil, "the process has no memory left")
        self.count = count
        self.address = address
        mapped = pages?.count ?? 0
        try fill(UnsafeMutableRawBufferPointer(start: address, count: count))
    }

    convenience init(copying bytes: some Collection<UInt8>, isLasting: Bool = false) {
        self.init(count: bytes.count, isLasting: isLasting) { $0.copyBytes(from: bytes) }
    }

    deinit {
        guard mapped > 0 else { return CRYPTO_clear_free(address, max(count, 1), nil, 0) }
        OPENSSL_cleanse(address, count)
        munmap(address, mapped)
    }

    /// Lends the bytes to `body`, which must not keep the address.
    func withBytes<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        // The object, and with it the memory, has to outlive the call.
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: address, count: count))
    }

    /// Nil when the system has no pages to give.
    private static func pages(for count: Int) -> (address: UnsafeMutableRawPointer, count: Int)? {
        let page = sysconf(Int32(_SC_PAGESIZE))
        let size = (max(count, 1) + page - 1) / page * page
        guard let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            address != MAP_FAILED
        else { return nil }
        // A limit may forbid either; the bytes are no less overwritten for that.
        _ = mlock(address, size)
        _ = madvise(address, size, MADV_DONTDUMP)
        return (address, size)
    }
}

extension [UInt8] {
    /// Overwrites the bytes, which nobody else may hold: a copy would be overwritten in their place.
    mutating func wipe() {
        withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
    }
}
