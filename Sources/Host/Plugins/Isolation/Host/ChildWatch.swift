/// Looks at a process now and then and says what is wrong with it. A pure value: readings in, a verdict out.
struct ChildWatch {
    /// What is known of the process at one moment.
    struct Reading {
        /// Of the monotonic clock.
        var now: UInt64
        var isReady: Bool
        /// Bytes of memory that it has.
        var memory: Int
        /// Nanoseconds of a processor that it has used since its start.
        var processorNanoseconds: UInt64
        /// Calls that somebody waits for, and given-up ones that were not completed.
        var openCalls: Int
        var owedCalls: Int
        /// Bytes that wait for it to be read.
        var waitingBytes: Int
    }

    private let limits: PluginLimits
    private let began: UInt64
    /// When the sign of life that has not been answered was asked for.
    private var askedAt: UInt64?
    /// Since when it owes too many calls.
    private var owesSince: UInt64?
    /// Since when no call is open, and the processor time at that moment.
    private var idle: (since: UInt64, processor: UInt64)?

    init(_ limits: PluginLimits, beganAt now: UInt64) {
        self.limits = limits
        began = now
    }

    /// It has answered.
    mutating func answered() { askedAt = nil }

    /// - Returns: what the process has done wrong, if anything, and whether it is to be asked for a sign of life.
    mutating func look(_ reading: Reading) -> (offence: ChildOffence?, asks: Bool) {
        if reading.memory > limits.memoryBytes { return (.memory(reading.memory), false) }
        guard reading.isReady else {
            let isLate = seconds(since: began, reading) > limits.loadSeconds
            return (isLate ? .late(limits.loadSeconds) : nil, false)
        }
        if reading.waitingBytes > 2 * limits.outboxBytes { return (.deaf, false) }
        owesSince = reading.owedCalls < limits.owedCalls ? nil : owesSince ?? reading.now
        if let owesSince, seconds(since: owesSince, reading) > limits.answerSeconds {
            return (.owes(reading.owedCalls), false)
        }
        if let askedAt, seconds(since: askedAt, reading) > limits.answerSeconds {
            return (.silent(limits.answerSeconds), false)
        }
        if let offence = idleOffence(reading) { return (offence, false) }
        guard askedAt == nil else { return (nil, false) }
        askedAt = reading.now
        return (nil, true)
    }

    /// With no call open an end costs nobody anything, so that little is enough.
    private mutating func idleOffence(_ reading: Reading) -> ChildOffence? {
        guard reading.openCalls == 0 else {
            idle = nil
            return nil
        }
        guard let idle else {
            self.idle = (reading.now, reading.processorNanoseconds)
            return nil
        }
        guard seconds(since: idle.since, reading) >= limits.idleSeconds else { return nil }
        if reading.owedCalls > 0 { return .owes(reading.owedCalls) }
        let used = Double(reading.processorNanoseconds &- idle.processor) / 1e9
        if used > limits.idleSeconds / 2 { return .busy(limits.idleSeconds) }
        self.idle = (reading.now, reading.processorNanoseconds)
        return nil
    }

    private func seconds(since time: UInt64, _ reading: Reading) -> Double {
        reading.now > time ? Double(reading.now - time) / 1e9 : 0
    }
}
