import Glibc

/// Writes messages to a socket from any thread. Whoever sends writes at once when the socket takes it; the rest waits
/// for a thread of the channel.
final class FrameChannel: @unchecked Sendable {
    let descriptor: Int32
    private let monitor = Monitor()
    private let work = Signal()
    private let room = Signal()
    /// Bytes that wait beyond which a sender waits too; nil where no sender may wait.
    private let patientAbove: Int?
    // Guarded by `monitor`.
    private var outbox: [UInt8] = []
    private var beingWritten = 0
    private var hasWriter = false
    private var isClosed = false

    /// Takes over the descriptor of a connected socket.
    init(descriptor: Int32, patientAbove: Int? = nil) {
        self.descriptor = descriptor
        self.patientAbove = patientAbove
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Bytes that wait for the other side to read.
    var waitingBytes: Int { monitor.locked { outbox.count + beingWritten } }

    /// Ends the connection for both sides; what waits is dropped.
    func close() {
        monitor.locked {
            isClosed = true
            outbox = []
        }
        shutdown(descriptor, Int32(SHUT_RDWR))
        work.wakeAll()
        room.wakeAll()
    }

    /// Sends a message, `prefix` in front of its payload. After `close` nothing happens.
    func send(_ head: FrameHead, prefix: [UInt64] = [], _ payload: UnsafeBufferPointer<UInt8>) {
        let size = prefix.count * 8 + payload.count
        withUnsafeTemporaryAllocation(byteCount: FrameHead.size + 16, alignment: 16) { front in
            guard let start = front.baseAddress, prefix.count <= 2 else { return }
            head.write(payload: size, to: start)
            for (index, number) in prefix.enumerated() {
                start.storeBytes(of: number, toByteOffset: FrameHead.size + index * 8, as: UInt64.self)
            }
            let front = UnsafeRawBufferPointer(start: start, count: FrameHead.size + prefix.count * 8)
            monitor.lock()
            while let patientAbove, outbox.count + beingWritten > patientAbove, !isClosed { room.wait(monitor) }
            guard !isClosed else { return monitor.unlock() }
            var sent = 0
            if outbox.isEmpty, beingWritten == 0 { sent = sendNow(front, UnsafeRawBufferPointer(payload)) }
            guard sent < front.count + payload.count else { return monitor.unlock() }
            outbox.append(contentsOf: front.dropFirst(sent))
            outbox.append(contentsOf: payload.dropFirst(max(sent - front.count, 0)))
            if !hasWriter { hasWriter = OSThread.start(named: "frames") { [self] in write() } }
            monitor.unlock()
            work.wake()
        }
    }

    func send(_ head: FrameHead, _ payload: [UInt8] = []) {
        payload.withUnsafeBufferPointer { send(head, $0) }
    }

    /// - Returns: how many bytes the socket took without waiting.
    private func sendNow(_ front: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer) -> Int {
        var parts = [
            iovec(iov_base: UnsafeMutableRawPointer(mutating: front.baseAddress), iov_len: front.count),
            iovec(iov_base: UnsafeMutableRawPointer(mutating: payload.baseAddress), iov_len: payload.count),
        ]
        return parts.withUnsafeMutableBufferPointer { parts in
            var message = msghdr()
            message.msg_iov = parts.baseAddress
            message.msg_iovlen = payload.isEmpty ? 1 : 2
            return max(sendmsg(descriptor, &message, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)), 0)
        }
    }

    /// The channel's thread: it waits for the other side, so that nobody else has to.
    private func write() {
        monitor.lock()
        while !isClosed {
            guard !outbox.isEmpty else {
                work.wait(monitor)
                continue
            }
            let bytes = outbox
            outbox = []
            beingWritten = bytes.count
            monitor.unlock()
            let isWritten = bytes.withUnsafeBytes { writeAll($0) }
            monitor.lock()
            beingWritten = 0
            if !isWritten { isClosed = true }
            room.wakeAll()
        }
        hasWriter = false
        monitor.unlock()
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = Glibc.send(
                descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
