/// A key by hashing alone, which takes time and no memory.
struct HashedDerivation: KeyDerivation {
    enum Method: Sendable {
        /// The hash of salt and password, hashed again until there were `cost` rounds.
        case iterated
        /// PBKDF2 (RFC 8018) with HMAC.
        case pbkdf2
    }

    var method: Method
    var digest: Digest
    var salt: [UInt8]
    var cost: UInt64
    var length: Int

    func hashes(for bytes: Int) -> UInt64 {
        switch method {
        case .iterated: cost
        case .pbkdf2: 2 * cost * UInt64(blocks(for: bytes))
        }
    }

    /// Blocks of PBKDF2, each of which takes all rounds.
    fileprivate func blocks(for bytes: Int) -> Int {
        max(1, (bytes + digest.length - 1) / digest.length)
    }

    var capacity: Int { blocks(for: length) * digest.length }
    var pickedCounter: Double { NativeLimits.pickedCounter }

    func makeDeriver() throws(LibraryFailure) -> any KeyDeriver { try HashedDeriver(self) }
}

/// Keeps hash states that all of its keys start from.
final class HashedDeriver: KeyDeriver {
    private let derivation: HashedDerivation
    private let empty: HashState
    private let salted: HashState
    private let inner: HashState
    private let outer: HashState
    private let work: HashState

    init(_ derivation: HashedDerivation) throws(LibraryFailure) {
        let empty = try HashState(derivation.digest)
        let salted = try HashState(derivation.digest)
        try salted.take(derivation.salt)
        let inner = try HashState(derivation.digest)
        let outer = try HashState(derivation.digest)
        let work = try HashState(derivation.digest)
        self.derivation = derivation
        self.empty = empty
        self.salted = salted
        self.inner = inner
        self.outer = outer
        self.work = work
    }

    func derive(
        _ bytes: Int, of password: UnsafeRawBufferPointer, into key: UnsafeMutablePointer<UInt8>,
        _ stop: borrowing StopSign
    ) throws(LibraryFailure) -> Bool {
        switch derivation.method {
        case .iterated: return try iterate(password, into: key, stop)
        case .pbkdf2:
            try prepare(password, scratch: key)
            for block in 0..<derivation.blocks(for: bytes) {
                let start = key + block * derivation.digest.length
                guard try pbkdf2(block: UInt32(block + 1), into: start, stop) else { return false }
            }
            return true
        }
    }

    private func iterate(
        _ password: UnsafeRawBufferPointer, into key: UnsafeMutablePointer<UInt8>, _ stop: borrowing StopSign
    ) throws(LibraryFailure) -> Bool {
        try work.become(salted)
        try work.take(password)
        try work.finish(into: key)
        let hash = UnsafeRawBufferPointer(start: key, count: derivation.digest.length)
        var round: UInt64 = 1
        while round < derivation.cost {
            if round % NativeLimits.hashesPerLook == 0, stop.isUp { return false }
            try work.become(empty)
            try work.take(hash)
            try work.finish(into: key)
            round += 1
        }
        return true
    }

    /// Sets up HMAC's two states for a password, which is HMAC's key.
    private func prepare(
        _ password: UnsafeRawBufferPointer, scratch: UnsafeMutablePointer<UInt8>
    ) throws(LibraryFailure) {
        let block = derivation.digest.blockLength
        var padded = [UInt8](repeating: 0, count: max(block, Digest.longest))
        if password.count > block {
            try work.become(empty)
            try work.take(password)
            try work.finish(into: scratch)
            for index in 0..<derivation.digest.length { padded[index] = scratch[index] }
        } else {
            for index in password.indices { padded[index] = password[index] }
        }
        try inner.become(empty)
        try inner.take(padded.prefix(block).map { $0 ^ 0x36 })
        try outer.become(empty)
        try outer.take(padded.prefix(block).map { $0 ^ 0x5C })
    }

    private func pbkdf2(
        block: UInt32, into sum: UnsafeMutablePointer<UInt8>, _ stop: borrowing StopSign
    ) throws(LibraryFailure) -> Bool {
        let length = derivation.digest.length
        // On the stack, in words: the sum of a block is taken as often as there are rounds.
        var round: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
        return try withUnsafeMutableBytes(of: &round) { raw throws(LibraryFailure) in
            guard let hash = raw.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
            let words = UnsafeRawBufferPointer(start: hash, count: length)
            try work.become(inner)
            try work.take(derivation.salt)
            try work.take([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: block >> $0) })
            try work.finish(into: hash)
            try finishOuter(words, into: hash)
            sum.update(from: hash, count: length)
            var done: UInt64 = 1
            while done < derivation.cost {
                if done % (NativeLimits.hashesPerLook / 2) == 0, stop.isUp { return false }
                try work.become(inner)
                try work.take(words)
                try work.finish(into: hash)
                try finishOuter(words, into: hash)
                for index in 0..<length { sum[index] ^= hash[index] }
                done += 1
            }
            return true
        }
    }

    private func finishOuter(
        _ innerHash: UnsafeRawBufferPointer, into hash: UnsafeMutablePointer<UInt8>
    ) throws(LibraryFailure) {
        try work.become(outer)
        try work.take(innerHash)
        try work.finish(into: hash)
    }
}
