/// Bytes that no message, log line or dump of a value may show: a provider's key or a master key on its way.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    public var description: String { "***" }
    public var debugDescription: String { "***" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// The bytes as text; nil when they are no UTF-8.
    public var text: String? { String(validating: bytes, as: UTF8.self) }
}
