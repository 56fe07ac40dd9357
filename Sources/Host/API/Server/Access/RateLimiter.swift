public import Domain
import NIOConcurrencyHelpers

/// Counts the requests of each address in windows of time and tells which are too many.
///
/// Windows begin at the whole multiples of their length since 1970, for all addresses at once. An IPv6 address counts
/// as its first 64 bits, since whoever has one has all of these. Memory is fixed: where there is no room for a further
/// address, the one with the fewest requests of the few in the same place is forgotten, so that whoever sends many
/// stays counted however many others come by. A request costs one lock that others seldom have, and a look at eight
/// places.
public final class RateLimiter: Sendable {
    /// Requests that an address may send within a window, at least one.
    public let requests: Int
    /// The length of a window in seconds, at least one.
    public let seconds: Int
    private let now: @Sendable () -> Timestamp
    private let seed = UInt64.random(in: .min ... .max)
    private let shards: [NIOLockedValueBox<[Slot]>]
    private let setsPerShard: UInt64

    private static let ways = 8
    private static let shardCount = 64

    /// An address in a window; nobody's where `count` is 0.
    private struct Slot {
        var address: UInt64 = 0
        var window: UInt32 = 0
        var count: UInt32 = 0
    }

    /// - Parameters:
    ///   - addresses: how many are counted, about; rounded up to a multiple of 512.
    ///   - now: the wall clock.
    public init(
        requests: Int, seconds: Int, addresses: Int = Limits.countedAddresses, now: @escaping @Sendable () -> Timestamp
    ) {
        self.requests = max(requests, 1)
        self.seconds = max(seconds, 1)
        self.now = now
        let perSet = RateLimiter.shardCount * RateLimiter.ways
        let sets = max((addresses + perSet - 1) / perSet, 1)
        setsPerShard = UInt64(sets)
        shards = (0..<RateLimiter.shardCount).map { _ in
            NIOLockedValueBox(Array(repeating: Slot(), count: sets * RateLimiter.ways))
        }
    }

    /// Counts one request of the address.
    func count(_ address: IPAddress) -> RateStanding {
        let second = now().milliseconds / 1000
        let window = second / Int64(seconds)
        let key = RateLimiter.key(of: address.unmapped)
        let hash = RateLimiter.mixed(key ^ seed)
        let first = Int(hash >> 32 % setsPerShard) * RateLimiter.ways
        let count = shards[Int(hash & UInt64(RateLimiter.shardCount - 1))].withLockedValue { slots in
            RateLimiter.count(key, UInt32(truncatingIfNeeded: window), in: &slots, first..<first + RateLimiter.ways)
        }
        return RateStanding(
            limit: requests, remaining: max(requests - Int(count), 0), reset: (window + 1) * Int64(seconds),
            secondsLeft: (window + 1) * Int64(seconds) - second, isOver: Int(count) > requests)
    }

    /// Counts one more in these slots and returns the count.
    private static func count(
        _ key: UInt64, _ window: UInt32, in slots: inout [Slot], _ places: Range<Int>
    ) -> UInt32 {
        var (fewest, place) = (UInt32.max, places.lowerBound)
        for index in places {
            // One of another window is as good as empty.
            let count = slots[index].window == window ? slots[index].count : 0
            if count > 0, slots[index].address == key {
                slots[index].count = count == .max ? count : count + 1
                return slots[index].count
            }
            if count < fewest { (fewest, place) = (count, index) }
        }
        slots[place] = Slot(address: key, window: window, count: 1)
        return 1
    }

    /// IPv4 addresses are where IPv6 has none.
    private static func key(of address: IPAddress) -> UInt64 {
        switch address {
        case .v4(let number): 0xFFFF << 32 | UInt64(number)
        case .v6(let number): UInt64(truncatingIfNeeded: number >> 64)
        }
    }

    /// The finaliser of SplitMix64: every bit of the input changes half of those of the output.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

/// How an address stands in the window with its request.
struct RateStanding: Sendable, Hashable {
    let limit: Int
    /// Requests that are left in the window.
    let remaining: Int
    /// When the next window begins, in seconds since 1970.
    let reset: Int64
    /// Whole seconds until then, at least one.
    let secondsLeft: Int64
    /// Whether the request is one too many.
    let isOver: Bool

    /// Adds the header lines that every response has, and that of a refusal.
    func write(to lines: inout [(String, String)]) {
        lines.append(("X-RateLimit-Limit", String(limit)))
        lines.append(("X-RateLimit-Remaining", String(remaining)))
        lines.append(("X-RateLimit-Reset", String(reset)))
        if isOver { lines.append(("Retry-After", String(secondsLeft))) }
    }
}
