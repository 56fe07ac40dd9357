/// How a key is derived from a salt and a password in ALTCHA version 2.
protocol KeyDerivation: Sendable {
    /// Bytes of the key.
    var length: Int { get }
    /// Bytes that derivation writes at most.
    var capacity: Int { get }
    /// Hash invocations, or the like of them in time, for the first `bytes` of a key.
    func hashes(for bytes: Int) -> UInt64
    /// How large a counter that a server picked is expected to be.
    var pickedCounter: Double { get }

    /// Something that derives keys, one after the other, on one thread.
    func makeDeriver() throws(LibraryFailure) -> any KeyDeriver
}

/// Derives keys, one after the other, on one thread.
protocol KeyDeriver: AnyObject {
    /// Writes at least the first `bytes` bytes of the key for `password` to `key`, which has room for the derivation's
    /// `capacity`. False when the stop sign went up before it was done.
    func derive(
        _ bytes: Int, of password: UnsafeRawBufferPointer, into key: UnsafeMutablePointer<UInt8>,
        _ stop: borrowing StopSign
    ) throws(LibraryFailure) -> Bool
}
