import CLibcrypto

/// A key by scrypt (RFC 7914), which takes memory as well as time.
struct ScryptDerivation: KeyDerivation {
    var salt: [UInt8]
    /// N of the RFC: a power of two above 1.
    var cost: UInt64
    /// r of the RFC, in units of 128 bytes.
    var blockSize: UInt64
    /// p of the RFC.
    var parallelism: UInt64
    var length: Int

    var capacity: Int { length }
    var pickedCounter: Double { NativeLimits.pickedCounterOfMemory }

    /// Bytes that one derivation takes.
    var memory: UInt64 { 128 * blockSize * (cost + parallelism + 2) }

    /// One for each step of Salsa20/8, which takes about as long as a hash.
    func hashes(for bytes: Int) -> UInt64 { 4 * cost * blockSize * parallelism }

    func makeDeriver() throws(LibraryFailure) -> any KeyDeriver { ScryptDeriver(self) }
}

final class ScryptDeriver: KeyDeriver {
    private let derivation: ScryptDerivation

    init(_ derivation: ScryptDerivation) {
        self.derivation = derivation
    }

    /// Always writes the whole key: its length takes no time to speak of. libcrypto does not break it off.
    func derive(
        _ bytes: Int, of password: UnsafeRawBufferPointer, into key: UnsafeMutablePointer<UInt8>,
        _ stop: borrowing StopSign
    ) throws(LibraryFailure) -> Bool {
        if stop.isUp { return false }
        let done = derivation.salt.withUnsafeBufferPointer { salt in
            EVP_PBE_scrypt(
                password.baseAddress?.assumingMemoryBound(to: CChar.self), password.count, salt.baseAddress, salt.count,
                derivation.cost, derivation.blockSize, derivation.parallelism,
                // libcrypto's own sum is a little larger or smaller from version to version.
                derivation.memory + 1024 * 1024, key, derivation.length)
        }
        guard done == 1 else { throw LibraryFailure() }
        return true
    }
}
