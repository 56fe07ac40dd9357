import Domain
import Foundation
import ProviderKit
import TestSupport

/// What all interfaces share: keys, taking a task, polling, reporting.
extension SimulatedVendor {
    /// The key of a request, once it may call.
    mutating func authorised(_ given: String?, _ now: Timestamp) throws(Problem) -> String {
        if let until = bannedUntil {
            if now < until { throw .banned }
            bannedUntil = nil
        }
        guard var key = given, !key.isEmpty else { throw .noKey }
        // CapMonster takes options behind the key.
        if vendor == .capMonster, let end = key.range(of: "__") { key = String(key[..<end.lowerBound]) }
        guard let account = accounts[key] else {
            wrongKeys += 1
            if wrongKeys >= limits.wrongKeys {
                wrongKeys = 0
                bannedUntil = now.adding(seconds: limits.banSeconds)
            }
            throw vendor == .twoCaptcha && key.utf8.count != 32 ? .wrongKeyFormat : .unknownKey
        }
        if let until = account.blockedUntil, now < until { throw .keyBlocked }
        if account.isSuspended { throw .suspended }
        if account.refusesAddress { throw .addressNotAllowed }
        return key
    }

    /// Counts a refused task; too many block the key.
    mutating func countRefusal(_ key: String, _ now: Timestamp) {
        guard let most = limits.refusalsPerMinute else { return }
        if accounts[key]?.refusals.count(at: now) ?? 0 > most {
            accounts[key]?.blockedUntil = now.adding(seconds: limits.blockSeconds)
        }
    }

    /// The kind of a task among those with its type.
    func shape(_ candidates: [TaskShape]?, _ type: String, _ fields: JSONObject) throws(Problem) -> TaskShape {
        guard let candidates else { throw .unknownType(type) }
        guard let shape = candidates.first(where: { $0.when.allSatisfy { $0.holds(fields) } }) else {
            throw .unknownType(type)
        }
        return shape
    }

    /// Checks a task's fields and proxy, and notes fields that the type does not have.
    mutating func check(_ fields: JSONObject, _ shape: TaskShape, fromForm: Bool = false) throws(Problem) {
        let common: Set<String> = fromForm ? Route.commonParameters : ["type", "callbackUrl"]
        let hasProxyRule = if case .none = shape.proxy { false } else { true }
        let known = shape.knownNames.union(common).union(hasProxyRule ? ProxyCheck.names : [])
        for member in fields.members where !known.contains(member.name) && Int(member.name) == nil {
            notes.append("The type \(shape.type) has no field \(member.name).")
        }
        try FieldCheck(limits: limits).check(fields, shape)
        let typeless = ["AntiBotCookieTask", "AntiGateTask"].contains(shape.type)
        let proxy = ProxyCheck(
            needsType: !fromForm && !typeless, needsAddress: vendor == .antiCaptcha,
            takesOneText: fromForm || vendor == .capSolver, refusesPercent: vendor == .capMonster)
        try proxy.check(fields, shape.proxy)
    }

    /// Takes a task: charges it, and decides when and how it ends.
    mutating func take(_ shape: TaskShape, _ fields: JSONObject, key: String, _ now: Timestamp) throws(Problem)
        -> SimulatedTask
    {
        let settings = settings(at: now)
        if let most = limits.tasksInThreeSeconds, accounts[key]?.submits.count(at: now) ?? 0 > most {
            throw .rateLimited
        }
        let price = (settings.prices[shape.family] ?? shape.price).times(settings.priceFactor)
        try accounts[key]?.pay(price)
        taskCount += 1
        accounts[key]?.tasks += 1
        var generator = SeededGenerator(seed: random.next())
        var seconds = shape.isSynchronous ? 0 : max(settings.latency(of: shape.family).draw(using: &generator), 0)
        var failure: String?
        if Double.random(in: 0..<1, using: &generator) >= settings.successRate(of: shape.family) {
            failure = settings.failure ?? vendor.usualFailure
        }
        if let most = limits.givesUpAfter.map({ shape.givesUpAfter ?? $0 }), seconds > most {
            seconds = most
            failure = vendor == .capSolver ? "ERROR_TASK_TIMEOUT" : vendor.usualFailure
        }
        let finished = now.adding(seconds: seconds)
        var solution = shape.answer.make(for: fields, at: finished.milliseconds / 1000, random: &generator)
        for member in settings.solutions[shape.family]?.members ?? [] { solution[member.name] = member.value }
        let task = SimulatedTask(
            id: nextID(&generator), number: taskCount, key: key, type: shape.type, family: shape.family,
            createdAt: now, finishedAt: finished, outcome: failure.map { .failed($0) } ?? .solved(solution),
            price: price, answersObject: Route.objectMethods.contains(shape.type))
        remember(task, now)
        settle(now)
        return task
    }

    /// An ID as the vendor's look: longer than 32 bits, a UUID, digits.
    private func nextID(_ generator: inout SeededGenerator) -> String {
        let step = UInt64(taskCount) * 7
        switch vendor {
        case .twoCaptcha: return String(74_372_499_131 + step)
        case .antiCaptcha: return String(7_654_321_000 + step)
        case .capMonster: return String(4_407_533_072 + step)
        case .multibot: return String(81_200_000_415 + step)
        case .capSolver:
            var hex = Array(String(generator.next(), radix: 16) + String(generator.next(), radix: 16))
            hex += Array(repeating: "0", count: max(0, 32 - hex.count))
            hex[12] = "4"
            hex[16] = "a"
            let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }
            return parts.joined(separator: "-")
        }
    }

    /// The task of a poll, counted.
    mutating func polled(_ id: String, key: String, _ now: Timestamp) throws(Problem) -> SimulatedTask {
        guard var task = tasks[id], task.key == key else { throw .unknownTask }
        task.polls += 1
        let recent = task.recentPolls.count(at: now)
        tasks[id] = task
        if let kept = limits.keptAfterCreation, now.seconds(since: task.createdAt) > kept { throw .unknownTask }
        if let kept = limits.keptAfterCompletion, now.seconds(since: task.finishedAt) > kept { throw .unknownTask }
        if let most = limits.pollsPerTask, task.polls > most {
            if vendor == .capMonster { bannedUntil = now.adding(seconds: limits.banSeconds) }
            throw .pollsUsedUp
        }
        if let most = limits.pollsInTwoSeconds, recent > most { throw .polledTooOften }
        return task
    }

    /// Takes a report of a task, once and in time.
    mutating func report(_ id: String, key: String, good: Bool, families: Set<String>? = nil, _ now: Timestamp)
        throws(Problem)
    {
        guard let task = tasks[id], task.key == key, families?.contains(task.family) ?? true else {
            throw .unknownTask
        }
        guard task.finishedAt <= now else { throw .unknownTask }
        let age = now.seconds(since: task.createdAt)
        let rest = now.seconds(since: task.finishedAt)
        if let window = limits.reportsAfterCreation, age > window { throw .reportTooLate }
        if let window = limits.reportsAfterCompletion, rest > window { throw .reportTooLate }
        if task.report != nil { throw .alreadyReported }
        if !good, vendor == .twoCaptcha, let account = accounts[key], account.tasks >= 20,
            account.complaints * 10 >= account.tasks * 4
        {
            throw .tooManyComplaints
        }
        tasks[id]?.report = good
        if !good { accounts[key]?.complaints += 1 }
    }

    /// What the vendor says is left on a key.
    mutating func toldBalance(_ key: String, _ now: Timestamp) -> JSONValue {
        let settings = settings(at: now)
        if let told = settings.toldBalance { return told }
        let balance = accounts[key]?.balance ?? .zero
        return .decimal((balance.adding(settings.balanceOffset) ?? balance).description)
    }
}

extension Money {
    /// Multiplied with a factor, rounded towards zero.
    func times(_ factor: Money) -> Money {
        Money(nanos: Int64(clamping: Int128(nanos) * Int128(factor.nanos) / 1_000_000_000)) ?? self
    }

    /// Decimal text of a thousand times the amount.
    var thousandfold: String { Money(nanos: nanos * 1000)?.description ?? description }
}
