import Logging
import ProviderKit
import Synchronization

/// Lets an adapter's lines into the host's log: cut, on one line, without keys, and so many in a second.
final class LogGate: Sendable {
    private let logger: Logger
    private let credentials: any CredentialSource
    private let limits: PluginLimits
    private let state = Mutex(State())

    private struct State {
        var second: UInt64 = 0
        var lines = 0
        var dropped = 0
    }

    init(logger: Logger, credentials: any CredentialSource, limits: PluginLimits) {
        self.logger = logger
        self.credentials = credentials
        self.limits = limits
    }

    /// - Returns: false when the line was one too many in its second.
    func write(_ level: Int32, _ bytes: UnsafeBufferPointer<UInt8>, nowNanoseconds: UInt64) -> Bool {
        let (passes, dropped) = state.withLock { state -> (Bool, Int) in
            let second = nowNanoseconds / 1_000_000_000
            var dropped = 0
            if second != state.second {
                dropped = state.dropped
                state = State(second: second)
            }
            guard state.lines < limits.logLinesPerSecond else {
                state.dropped += 1
                return (false, dropped)
            }
            state.lines += 1
            return (true, dropped)
        }
        if dropped > 0 { logger.warning("\(dropped) lines of the adapter were left out: too many in one second.") }
        guard passes else { return false }
        logger.log(level: LogGate.level(level), "\(clean(bytes, limit: limits.logBytes))")
        return true
    }

    /// A text of the adapter as it may be shown.
    func clean(_ text: String, limit: Int) -> String {
        var text = text
        return text.withUTF8 { clean($0, limit: limit) }
    }

    /// Keys are looked for before the text is cut: half a key is a secret too. A margin beyond the cut is enough.
    private func clean(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> String {
        var kept = Array(bytes.prefix(limit + LogGate.longestKey))
        kept = credentials.traces.hiding(kept)
        return LogText.plain(LogGate.withoutKeyLikes(kept), limit: limit)
    }

    /// The longest key that a manifest may describe.
    private static let longestKey = 4096

    /// Replaces what looks like a key: 24 or more letters and digits in a row, both among them. Placeholders stay.
    static func withoutKeyLikes(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var start = 0
        while start < bytes.count {
            guard isLetter(bytes[start]) || isDigit(bytes[start]) else {
                result.append(bytes[start])
                start += 1
                continue
            }
            let run = bytes[start...].prefix { isLetter($0) || isDigit($0) }
            let isKeyLike = run.count >= 24 && run.contains(where: isLetter) && run.contains(where: isDigit)
            if isKeyLike, !(run.count == 32 && result.suffix(6).elementsEqual(Placeholder.prefix)) {
                result.append(contentsOf: "***".utf8)
            } else {
                result.append(contentsOf: run)
            }
            start = run.endIndex
        }
        return result
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func level(_ number: Int32) -> Logger.Level {
        switch LogLevel(rawValue: number) {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error, nil: .error
        }
    }
}
