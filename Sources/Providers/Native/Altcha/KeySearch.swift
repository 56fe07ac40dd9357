/// The work of ALTCHA version 2: the counter whose derived key starts with a prefix.
struct KeySearch: Search {
    /// How a counter follows the nonce in the password of a derivation.
    enum CounterMode: String, Sendable {
        /// Four bytes, the highest first.
        case uint32
        /// Decimal digits.
        case string
    }

    var derivation: any KeyDerivation
    var nonce: [UInt8]
    var prefix: KeyPrefix
    var counterMode: CounterMode

    /// Whether the server has picked a counter, small as a rule, and published most of its key, rather than a short
    /// prefix that many keys have.
    var isPicked: Bool { prefix.digits >= NativeLimits.pickedKeyDigits }

    private var hashesPerKey: UInt64 { derivation.hashes(for: prefix.bytes) }

    /// Hash invocations until a counter is found, on average.
    var expectedHashes: Double {
        var keys = derivation.pickedCounter
        if !isPicked { keys = Double(UInt64(1) << UInt64(4 * prefix.digits)) }
        return Double(hashesPerKey) * keys
    }

    /// Counters of 32 bits; where the server has picked one, those that the work's limit allows for.
    var candidates: UInt64 {
        let all = UInt64(UInt32.max) + 1
        guard isPicked else { return all }
        return min(all, max(1, UInt64(NativeLimits.expectedHashes) / hashesPerKey))
    }

    var slice: UInt64 { max(1, NativeLimits.hashesPerSlice / hashesPerKey) }

    func find(in range: Range<UInt64>, _ stop: borrowing StopSign) throws(LibraryFailure) -> Match? {
        let deriver = try derivation.makeDeriver()
        let size = nonce.count + DecimalCounter.capacity + derivation.capacity
        let storage = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
        defer { storage.deallocate() }
        storage.copyBytes(from: nonce)
        guard let start = storage.baseAddress else { return nil }
        let room = UnsafeMutableRawBufferPointer(start: start + nonce.count, count: DecimalCounter.capacity)
        let key = (start + nonce.count + DecimalCounter.capacity).assumingMemoryBound(to: UInt8.self)
        let perLook = max(1, NativeLimits.hashesPerLook / hashesPerKey)
        for counter in range {
            if counter % perLook == 0, stop.isUp { return nil }
            let password = UnsafeRawBufferPointer(start: start, count: nonce.count + write(counter, to: room))
            guard try deriver.derive(prefix.bytes, of: password, into: key, stop) else { return nil }
            guard prefix.starts(key) else { continue }
            guard try deriver.derive(derivation.length, of: password, into: key, stop) else { return nil }
            return Match(number: counter, key: Array(UnsafeBufferPointer(start: key, count: derivation.length)))
        }
        return nil
    }

    /// Writes the counter at the start of `room` and returns how many bytes it took.
    private func write(_ counter: UInt64, to room: UnsafeMutableRawBufferPointer) -> Int {
        switch counterMode {
        case .uint32:
            room.storeBytes(of: UInt32(truncatingIfNeeded: counter).bigEndian, as: UInt32.self)
            return 4
        case .string:
            let digits = Array(String(counter).utf8)
            room.copyBytes(from: digits)
            return digits.count
        }
    }
}
