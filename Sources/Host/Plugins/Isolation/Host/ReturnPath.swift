import CProviderABI
import ProviderKit

/// Takes the end of an exchange or a wait back to the process that asked for it. When that has ended meanwhile, the
/// channel is closed and nothing happens: another process never gets what it did not ask for.
final class ReturnPath {
    private let channel: FrameChannel
    private let head: FrameHead

    private init(_ channel: FrameChannel, _ head: FrameHead) {
        self.channel = channel
        self.head = head
    }

    static func exchange(_ id: UInt64, _ channel: FrameChannel) -> Exchange {
        Exchange(
            user: retained(channel, FrameHead(kind: .exchanged, id: id)),
            done: { user, reply in ReturnPath.taken(user)?.send(reply.buffer) })
    }

    static func wait(_ id: UInt64, _ channel: FrameChannel, _ instance: PluginInstance, call: UInt64) -> Wait {
        Wait(
            user: retained(channel, FrameHead(kind: .fire, id: id)),
            fire: { ReturnPath.taken($0)?.send(UnsafeBufferPointer(start: nil, count: 0)) },
            instance: instance, call: call)
    }

    private func send(_ payload: UnsafeBufferPointer<UInt8>) { channel.send(head, payload) }

    private static func retained(_ channel: FrameChannel, _ head: FrameHead) -> UnsafeMutableRawPointer {
        Unmanaged.passRetained(ReturnPath(channel, head)).toOpaque()
    }

    /// `done` and `fire` come exactly once.
    private static func taken(_ user: UnsafeMutableRawPointer?) -> ReturnPath? {
        user.map { Unmanaged<ReturnPath>.fromOpaque($0).takeRetainedValue() }
    }
}
