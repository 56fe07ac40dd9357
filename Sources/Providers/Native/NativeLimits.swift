/// Every bound of this adapter with its unit. What a task asks for is compared with these before any work is done.
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
    /// What `memoryCost` and `parallelism` may be before anything is computed from them.
    static let memoryCost: Int64 = 1 << 20
    static let parallelism: Int64 = 1024
    /// The highest number in version 1 where the challenge names none: what the official libraries draw from.
    static let usualHighestNumber: Int64 = 1_000_000

    // MARK: Images

    /// Bytes of an image's file.
    static let imageBytes = 1024 * 1024
    /// Pixels of an image, and of each of its sides.
    static let imagePixels = 4 * 1024 * 1024
    static let imageSide = 4096
    static let imageSideLeast = 8
    /// Scans of a JPEG file; the usual progressive ones have ten.
    static let imageScans = 64
    /// Pixels that an image is scaled down to before anything is done with it.
    static let workedPixels = 512 * 1024
    /// Pixels of the width of a line of text that is read.
    static let lineWidth = 4000
    /// What `minLength` and `maxLength` may be.
    static let textCharacters = 1000
    /// Hundredths of certainty below which a text is right less often than wrong, and is not given out.
    static let leastConfidence = 40
    /// Hundredths of certainty that it is worth when a text is read a second time.
    static let agreement = 20
    /// Seconds for one image, the wait for a thread included.
    static let imageSeconds = 60.0

    // MARK: Work

    /// Invocations of the hash function that a challenge may be expected to take; above it the task is refused. A round
    /// of PBKDF2 counts as two. Two cores with SHA instructions need about half a minute, two without about three.
    static let expectedHashes = 1_000_000_000.0
    /// Hexadecimal digits of a prefix from which no counter of 32 bits is expected to match by chance: the server has
    /// picked one counter and published its key, and the counter is small.
    static let pickedKeyDigits = 8
    /// How large a counter that a server picked is expected to be: the official examples draw from 5,000 to 10,000.
    static let pickedCounter = 10_000.0
    /// The same where a key takes memory, and so much time that servers pick a smaller one.
    static let pickedCounterOfMemory = 250.0
    /// Bytes of memory that the derivation of one key may take; each thread derives one at a time. The 64 MiB that are
    /// usual for Argon2id, and what comes with them.
    static let derivationBytes: UInt64 = 72 * 1024 * 1024
    /// Hash invocations, or the like, that the derivation of one key may take where it cannot be stopped in its
    /// middle: half a second to a second.
    static let hashesAtOnce: UInt64 = 8_000_000
    /// Seconds for fetching a challenge from its address, and for one exchange with another host.
    static let fetchSeconds = 30.0
    /// Arrays and objects that may be open at once in another host's answer.
    static let answerDepth = 64

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
