import Domain
import NIOConcurrencyHelpers

/// Finds API keys by their text. What the store said is remembered for a moment, so that a busy client does not cost a
/// read for each request; a key that is not known is never remembered.
final class KeyRing: Sendable {
    private let store: any StoreAccess
    private let hash: @Sendable ([UInt8]) -> [UInt8]
    private let now: @Sendable () -> Timestamp
    private let memory = NIOLockedValueBox(Memory())

    /// A SHA-256 without the allocation of an array, as a key of the dictionary.
    private struct Digest: Hashable {
        let words: (UInt64, UInt64, UInt64, UInt64)

        init(_ bytes: [UInt8]) {
            words = bytes.withUnsafeBytes { bytes in
                func word(_ index: Int) -> UInt64 {
                    bytes.count >= index * 8 + 8 ? bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) : 0
                }
                return (word(0), word(1), word(2), word(3))
            }
        }

        static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

        func hash(into hasher: inout Hasher) {
            hasher.combine(words.0)
            hasher.combine(words.1)
        }
    }

    private struct Entry {
        let holder: KeyHolder
        let until: Timestamp
    }

    private struct Memory {
        var entries: [Digest: Entry] = [:]
        /// How often everything was forgotten: what was read before is not remembered after.
        var forgotten: UInt64 = 0
    }

    init(
        store: any StoreAccess, hash: @escaping @Sendable ([UInt8]) -> [UInt8], now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.hash = hash
        self.now = now
    }

    /// The key with this text, revoked ones included; nil when there is none.
    ///
    /// - Throws: `StoreFailure`.
    func holder(of text: APIKeyText) async throws(StoreFailure) -> KeyHolder? {
        let hash = hash(Array(text.text.utf8))
        let digest = Digest(hash)
        let now = now()
        let (entry, forgotten) = memory.withLockedValue { ($0.entries[digest], $0.forgotten) }
        if let entry, entry.until > now { return entry.holder }
        guard let holder = try await store.read({ store throws(StoreFailure) in try store.key(hash: hash) }) else {
            return nil
        }
        memory.withLockedValue { memory in
            guard memory.forgotten == forgotten else { return }
            if memory.entries.count >= Limits.rememberedKeys { memory.entries.removeAll(keepingCapacity: true) }
            memory.entries[digest] = Entry(holder: holder, until: now.adding(seconds: Limits.rememberedKeySeconds))
        }
        return holder
    }

    /// Forgets what was remembered, after something about keys or accounts has changed.
    func forget() {
        memory.withLockedValue { memory in
            memory.entries.removeAll()
            memory.forgotten += 1
        }
    }
}
