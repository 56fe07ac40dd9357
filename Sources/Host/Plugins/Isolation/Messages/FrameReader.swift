import Glibc

/// Takes messages out of a socket. For one thread.
final class FrameReader {
    /// What came is no message: the other side is broken.
    struct Nonsense: Error {}

    private let descriptor: Int32
    /// The largest payload that is accepted, in bytes.
    private let most: Int
    private var bytes: UnsafeMutableRawPointer
    private var capacity = 64 * 1024
    private var start = 0
    private var end = 0

    init(descriptor: Int32, most: Int) {
        self.descriptor = descriptor
        self.most = most
        bytes = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        bytes.deallocate()
    }

    /// Reads once, which waits when nothing is there, and hands over every message that is complete. A payload lives
    /// until `body` returns.
    ///
    /// - Returns: false at the end of the stream.
    /// - Throws: `Nonsense`.
    func read(_ body: (FrameHead, UnsafeBufferPointer<UInt8>) -> Void) throws(Nonsense) -> Bool {
        if end == capacity { try makeRoom() }
        let count = recv(descriptor, bytes + end, capacity - end, 0)
        if count < 0, errno == EINTR || errno == EAGAIN { return true }
        guard count > 0 else { return false }
        end += count
        while end - start >= FrameHead.size {
            let size = Int((bytes + start).loadUnaligned(as: UInt32.self))
            guard size <= most, let head = FrameHead(reading: bytes + start) else { throw Nonsense() }
            let whole = FrameHead.size + size
            guard end - start >= whole else { break }
            let payload = (bytes + start + FrameHead.size).assumingMemoryBound(to: UInt8.self)
            body(head, UnsafeBufferPointer(start: payload, count: size))
            start += whole
        }
        if start == end {
            start = 0
            end = 0
            shrink()
        }
        return true
    }

    /// Moves what is left to the front, and takes more memory when a message does not fit.
    private func makeRoom() throws(Nonsense) {
        let left = end - start
        var wanted = capacity
        if left >= FrameHead.size {
            let size = Int((bytes + start).loadUnaligned(as: UInt32.self))
            guard size <= most else { throw Nonsense() }
            wanted = max(capacity, FrameHead.size + size)
        }
        if start == 0 || wanted > capacity {
            let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
            larger.copyMemory(from: bytes + start, byteCount: left)
            bytes.deallocate()
            bytes = larger
            capacity = wanted
        } else {
            memmove(bytes, bytes + start, left)
        }
        start = 0
        end = left
    }

    /// A large message does not keep its memory.
    private func shrink() {
        guard capacity > 1024 * 1024 else { return }
        bytes.deallocate()
        capacity = 64 * 1024
        bytes = .allocate(byteCount: capacity, alignment: 16)
    }
}
