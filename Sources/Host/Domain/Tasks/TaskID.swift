/// The number of a task: positive and below 2^53, so that every JSON reader holds it exactly.
public struct TaskID: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let number: Int64

    public static let upperBound: Int64 = 1 << 53

    /// Fails outside 1..<2^53.
    public init?(_ number: Int64) {
        guard (1..<TaskID.upperBound).contains(number) else { return nil }
        self.number = number
    }

    public var description: String { String(number) }
    public static func < (left: TaskID, right: TaskID) -> Bool { left.number < right.number }
}

/// Turns task numbers into the UUIDs that clients see and back. The UUID is derived from the number under a key of the
/// database, so that it cannot be guessed and needs no index.
public protocol TaskIDCipher: Sendable {
    /// The UUID as lower-case text, 36 characters.
    func uuid(of id: TaskID) -> String
    /// The number behind a UUID in any case; nil for one that this host never made.
    func id(ofUUID text: String) -> TaskID?
    /// Another number for the task, 1..<2^53, that cannot be guessed either: for clients that ask for a result by
    /// number and without a key.
    func secretNumber(of id: TaskID) -> Int64
    /// The task behind such a number, whether there is one or not; nil for one outside the range.
    func id(ofSecretNumber number: Int64) -> TaskID?
}
