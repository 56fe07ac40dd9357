#if UCAPTCHA_ARGON2
    import CArgon2
#endif

/// A key by Argon2id, version 1.3 (RFC 9106), which takes memory as well as time.
struct Argon2Derivation: KeyDerivation {
    /// Whether this build can do it.
    static var isThere: Bool {
        #if UCAPTCHA_ARGON2
            true
        #else
            false
        #endif
    }

    /// Bytes of a salt and of a key, and blocks of memory for each lane, below which the function is not defined.
    static let shortestSalt = 8
    static let shortestKey = 4
    static let leastBlocksPerLane: Int64 = 8

    var salt: [UInt8]
    /// Passes over the memory.
    var cost: UInt64
    /// Blocks of 1 KiB.
    var blocks: UInt64
    /// Lanes; one thread computes them all.
    var lanes: UInt64
    var length: Int

    var capacity: Int { length }
    var pickedCounter: Double { NativeLimits.pickedCounterOfMemory }

    /// Bytes that one derivation takes.
    var memory: UInt64 { 1024 * blocks }

    /// A block takes as long as 16 hashes: 0.4 to 1.6 microseconds.
    func hashes(for bytes: Int) -> UInt64 { 16 * cost * blocks }

    func makeDeriver() throws(LibraryFailure) -> any KeyDeriver {
        #if UCAPTCHA_ARGON2
            return Argon2Deriver(self)
        #else
            throw LibraryFailure()
        #endif
    }
}

#if UCAPTCHA_ARGON2
    final class Argon2Deriver: KeyDeriver {
        private let derivation: Argon2Derivation

        init(_ derivation: Argon2Derivation) {
            self.derivation = derivation
        }

        /// Always writes the whole key, because its length goes into every byte of it. The library does not break it
        /// off.
        func derive(
            _ bytes: Int, of password: UnsafeRawBufferPointer, into key: UnsafeMutablePointer<UInt8>,
            _ stop: borrowing StopSign
        ) throws(LibraryFailure) -> Bool {
            if stop.isUp { return false }
            var salt = derivation.salt
            // The library writes to a password and a salt only where a flag asks for it.
            let code = salt.withUnsafeMutableBufferPointer { salt in
                var context = argon2_context()
                context.out = key
                context.outlen = UInt32(derivation.length)
                context.pwd = UnsafeMutableRawPointer(mutating: password.baseAddress)?.assumingMemoryBound(
                    to: UInt8.self)
                context.pwdlen = UInt32(password.count)
                context.salt = salt.baseAddress
                context.saltlen = UInt32(salt.count)
                context.t_cost = UInt32(derivation.cost)
                context.m_cost = UInt32(derivation.blocks)
                context.lanes = UInt32(derivation.lanes)
                context.threads = 1
                context.version = ARGON2_VERSION_13.rawValue
                return argon2_ctx(&context, Argon2_id)
            }
            guard code == ARGON2_OK.rawValue else { throw LibraryFailure() }
            return true
        }
    }
#endif
