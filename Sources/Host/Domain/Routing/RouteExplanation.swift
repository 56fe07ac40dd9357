/// Why a choice between providers came out as it did, as bytes that whoever made the choice understands.
///
/// Many tasks have the same explanation: it is made when the figures change and handed along with each task that was
/// routed by them. A class, so that a store knows by identity which ones it has written, and made into bytes only when
/// one is: the choices that are never stored cost nothing.
public final class RouteExplanation: Sendable {
    private let make: @Sendable () -> [UInt8]
    /// When the choice was made.
    public let at: Timestamp

    public init(at: Timestamp, _ make: @escaping @Sendable () -> [UInt8]) {
        self.at = at
        self.make = make
    }

    /// The same bytes each time.
    public var bytes: [UInt8] { make() }
}
