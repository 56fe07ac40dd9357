/// What it takes to find a key in a text without having the key: the length and a keyed hash of each form in which it
/// could stand there.
///
/// Keys have to be hidden in every line that an adapter writes, also those that no request needs at the moment. Opening
/// them all for each line would have them in memory nearly always. Instead every stretch of the text that is as long as
/// a key is hashed and compared. The hash is SipHash under a key of this process; its 64 bits are too few to find
/// out a key of 100 and more, and enough that no other text is hidden by chance.
public struct KeyTrace: Sendable, Hashable {
    /// By the length of the form, in bytes.
    fileprivate var hashes: [Int: Set<Int>] = [:]

    /// - Parameter key: is not kept.
    public init(of key: UnsafeRawBufferPointer) {
        var forms = KeyForm.all(key)
        for index in forms.indices {
            let (count, hash) = forms[index].withUnsafeBytes { ($0.count, KeyTrace.hash($0)) }
            hashes[count, default: []].insert(hash)
            forms[index].wipe()
        }
    }

    fileprivate static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        return hasher.finalize()
    }
}

/// The traces of all keys of an instance.
public struct KeyTraces: Sendable, Hashable {
    /// Longest first: a shorter key may be part of a longer one's form.
    private let lengths: [(count: Int, hashes: Set<Int>)]

    public init(_ traces: some Sequence<KeyTrace>) {
        var all: [Int: Set<Int>] = [:]
        for trace in traces { all.merge(trace.hashes) { $0.union($1) } }
        lengths = all.map { (count: $0.key, hashes: $0.value) }.sorted { $0.count > $1.count }
    }

    public static func == (left: KeyTraces, right: KeyTraces) -> Bool {
        left.lengths.elementsEqual(right.lengths) { $0.count == $1.count && $0.hashes == $1.hashes }
    }

    public func hash(into hasher: inout Hasher) {
        for length in lengths { hasher.combine(length.hashes) }
    }

    /// The text with `***` where a key was. It takes about 36 ns for each byte and length of key.
    func hiding(_ text: [UInt8]) -> [UInt8] {
        lengths.reduce(text) { KeyTraces.hiding($0, $1.count, $1.hashes) }
    }

    private static func hiding(_ text: [UInt8], _ count: Int, _ hashes: Set<Int>) -> [UInt8] {
        guard text.count >= count else { return text }
        var places: [Int] = []
        text.withUnsafeBytes { text in
            var start = 0
            while start <= text.count - count {
                let isKey = hashes.contains(
                    KeyTrace.hash(UnsafeRawBufferPointer(rebasing: text[start..<start + count])))
                if isKey { places.append(start) }
                start += isKey ? count : 1
            }
        }
        guard !places.isEmpty else { return text }
        var result: [UInt8] = []
        var start = 0
        for place in places {
            result += text[start..<place] + Array("***".utf8)
            start = place + count
        }
        return result + text[start...]
    }
}
