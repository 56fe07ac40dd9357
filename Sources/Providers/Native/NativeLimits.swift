/// Every bound of this adapter with its unit. What a challenge asks for is compared with these before any work is done.
enum NativeLimits {
    // MARK: Challenges

    /// Bytes of a challenge's JSON, whether it comes with the task or from its address.
    static let challengeBytes = 64 * 1024
    /// Arrays and objects that may be open at once in a challenge's JSON.
    static let challengeDepth = 32
    /// Bytes of a salt's text in version 1: a nonce and the parameters of the site.
    static let saltTextBytes = 4096
    /// Bytes of a salt and of a nonce in version 2.
    static let saltBytes = 1024
    /// Bytes of a derived key.
    static let keyBytes = 1024
    /// Rounds of one key derivation. One derivation of this cost takes about a third of a second.
    static let cost: Int64 = 1_000_000
    /// The highest number in version 1 where the challenge names none: what the official libraries draw from.
    static let usualHighestNumber: Int64 = 1_000_000

    // MARK: Work

    /// Invocations of the hash function that a challenge may be expected to take; above it the task is refused. A round
    /// of PBKDF2 counts as two. Two cores with SHA instructions need about half a minute, two without about three.
    static let expectedHashes = 1_000_000_000.0
    /// Hexadecimal digits of a prefix from which no counter of 32 bits is expected to match by chance: the server has
    /// picked one counter and published its key, and the counter is small.
    static let pickedKeyDigits = 8
    /// How large a counter that a server picked is expected to be: the official examples draw from 5,000 to 10,000.
    static let pickedCounter = 10_000.0
    /// Seconds for fetching a challenge from its address.
    static let fetchSeconds = 30.0

    // MARK: Threads

    /// Threads that compute, when the machine has as many cores.
    static let threads = 4
    /// How far the threads stand back behind the host's own, in the steps of nice(2).
    static let niceness: Int32 = 5
    /// Tasks that are computed or wait their turn, of all instances of the adapter. Beyond it a task is refused.
    static let openTasks = 256
    /// Hash invocations that a thread does for one task before it turns to the next: 1 to 5 milliseconds.
    static let hashesPerSlice: UInt64 = 16_384
    /// Hash invocations between two looks at whether the work is still wanted: well under a millisecond.
    static let hashesPerLook: UInt64 = 1024
}
