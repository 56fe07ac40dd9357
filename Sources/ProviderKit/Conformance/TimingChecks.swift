import ProviderKit

/// The checks of calls that are cancelled, come together, or end wrongly.
extension ConformanceSession {
    func cancellation() {
        guard let subject = working() else { return }
        for request in subject.requests where !isStuck {
            let name = request.operation.rawValue
            step("\(name), cancelled at once")
            if let record = subject.begin(request, { _, _ in .silence }) {
                subject.cancel(record)
                subject.cancel(record)
                ends(subject, record, "\(name), cancelled at once")
                subject.cancel(record)
            }
            // The vendor answers so many requests and is then silent until the call is cancelled.
            for answered in 0..<3 where !isStuck {
                let what = "\(name), cancelled while request \(answered + 1) is open"
                step(what)
                let empty = VendorScript.junk[2].reply
                let script: ScriptedHost.Script = { _, number in number < answered ? .reply(empty) : .silence }
                guard let record = subject.begin(request, script) else { continue }
                let isOpen = subject.host.gate.wait(seconds: 1) {
                    record.requests.count > answered || !record.replies.isEmpty
                }
                let isDone = subject.host.gate.locked { !record.replies.isEmpty }
                guard isOpen, !isDone else { break }
                subject.cancel(record)
                ends(subject, record, what)
            }
        }
        for request in subject.requests where !isStuck {
            let what = "\(request.operation.rawValue), cancelled on its way"
            step(what)
            let failure = VendorScript.failures[1].reply
            for _ in 0..<50 {
                guard let record = subject.begin(request, { _, _ in .reply(failure) }) else { break }
                subject.cancel(record)
                guard ends(subject, record, what) else { break }
            }
        }
    }

    /// - Returns: whether the call was completed.
    @discardableResult
    private func ends(_ subject: Subject, _ record: ScriptedHost.Record, _ what: String) -> Bool {
        guard subject.host.waitForReply(record, seconds: limits.callSeconds) == nil else { return true }
        notCompleted(subject, what)
        return false
    }

    func concurrency() {
        guard let subject = working() else { return }
        step("200 calls are under way at once")
        let scripts = VendorScript.short
        var records: [(String, ScriptedHost.Record)] = []
        for number in 0..<200 {
            let request = subject.requests[number % subject.requests.count]
            let reply = scripts[number * 7 % scripts.count].reply
            guard let record = subject.begin(request, { _, _ in .reply(reply) }) else { continue }
            records.append((request.operation.rawValue, record))
            if number % 5 == 0 { subject.cancel(record) }
        }
        for (name, record) in records where !isStuck {
            if subject.host.waitForReply(record, seconds: limits.callSeconds) == nil {
                notCompleted(subject, "\(name), one of many calls at once")
            }
        }
    }

    // MARK: What all calls before have shown

    func once() {
        guard let subject else { return skip("There is no instance.") }
        step("the completions of all calls are counted")
        // One that is on its way has a moment to come.
        _ = subject.host.gate.wait(seconds: 0.5) { false }
        let (twice, strays) = subject.host.gate.locked {
            let twice = subject.host.records.values.count { $0.replies.count > 1 }
            return (twice + subject.host.forgottenTwice, subject.host.strays)
        }
        if twice > 0 { fail("\(twice) calls were completed more than once.") }
        if strays > 0 { fail("\(strays) completions were for calls that never began.") }
    }

    func returning() {
        guard let subject else { return skip("There is no instance.") }
        step("the functions' times are looked at")
        if let function = subject.host.blocked(seconds: limits.returnSeconds) {
            fail("\(function) took longer than \(limits.returnSeconds) seconds: it has to return at once.")
        }
    }

    func requests() {
        guard let subject else { return skip("There is no instance.") }
        step("all requests that were sent are looked at")
        let sent = subject.host.gate.locked { subject.host.sentRequests }
        guard !sent.isEmpty else { return skip("Nothing was sent.") }
        let rules = RequestChecks(subject)
        var seen: Set<String> = []
        for bytes in sent {
            for problem in rules.problems(of: bytes) where seen.insert(problem).inserted { fail(problem) }
        }
    }
}
