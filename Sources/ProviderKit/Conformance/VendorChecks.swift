import Foundation
import Glibc
import ProviderKit

/// The checks of what a plug-in makes of a vendor's answers.
extension ConformanceSession {
    func faults() {
        guard let subject = working() else { return }
        for script in VendorScript.failures + VendorScript.statuses { put(subject, script, subject.requests) }
    }

    func junk() {
        guard let subject = working() else { return }
        for script in VendorScript.junk { put(subject, script, subject.requests) }
        // Every family has a translation of its own.
        for offer in subject.manifest.offers.dropFirst() {
            let request = subject.submit(offer.family, Subject.fields)
            for script in VendorScript.junk.prefix(4) { put(subject, script, [request]) }
        }
    }

    func size() {
        guard let subject = working() else { return }
        for script in VendorScript.huge { put(subject, script, subject.requests) }
    }

    /// Gives every request of every operation the same answer, and looks whether the reply claims more than it says.
    private func put(_ subject: Subject, _ script: VendorScript, _ requests: [OperationRequest]) {
        for request in requests {
            guard let (reply, record) = reply(subject, request, script.name, { _, _ in .reply(script.reply) }) else {
                continue
            }
            let asked = subject.host.gate.locked { record.requests.count }
            // Without a question to the vendor the answer is the adapter's own.
            guard asked > 0 else { continue }
            // What comes from an address that the client chose is the task's fault.
            let isClients = request.isSubmit && subject.host.gate.locked { record.asksClient }
            let allowed = isClients ? script.allowed.union(["badTask", "unsolvable"]) : script.allowed
            let what = "\(request.operation.rawValue), when the vendor \(script.name)"
            if asked > 32 { fail("\(what): \(asked) requests are sent in one call. When to try again is the host's.") }
            switch reply {
            case .fault(let fault):
                guard !allowed.contains(fault.label) else { continue }
                fail("\(what): the fault \(fault.label) says more than is known.")
            case .reported: continue
            // The task may live on when a question about it was not answered.
            case .polled(.pending) where script.isNoAnswer: continue
            default: fail("\(what): the answer is taken for a good one.")
            }
        }
    }

    // MARK: Tasks

    func tasks() {
        guard let subject = working() else { return }
        let silent = VendorScript.junk[2].reply
        for offer in subject.manifest.offers {
            for (name, fields) in Self.strangeFields {
                let request = subject.submit(offer.family, fields)
                _ = reply(subject, request, "gets a \(offer.family) task with \(name)") { _, _ in .reply(silent) }
            }
        }
        for id in ["", "0", "-1", "no number", "\u{1F600}\"\\\u{0}", String(repeating: "9", count: 100_000)] {
            let ticket = Ticket(
                id: id, family: subject.manifest.offers.first?.family ?? .altcha, credential: subject.credential)
            _ = reply(subject, .poll(ticket), "is asked for a strange ID") { _, _ in .reply(silent) }
            _ = reply(subject, .report(ticket, accepted: true), "is told of a strange ID") { _, _ in .reply(silent) }
        }
        unknownMembers(subject)
    }

    /// A later host may say more than this version knows.
    private func unknownMembers(_ subject: Subject) {
        for request in subject.requests {
            guard var object = (try? JSONValue(parsing: request.bytes))?.object else { continue }
            object["laterMember"] = ["a": [1, 2, 3]]
            step("\(request.operation.rawValue), with a member that this version does not know")
            let bytes = JSONValue.object(object).bytes
            let script = VendorScript.failures[0].reply
            guard let record = subject.begin(request.operation, bytes, { _, _ in .reply(script) }) else { continue }
            if subject.host.waitForReply(record, seconds: limits.callSeconds) == nil {
                return notCompleted(subject, "\(request.operation.rawValue), with a member that is to be ignored")
            }
        }
    }

    private static let strangeFields: [(String, JSONObject)] = {
        let names = Subject.fields.members.map(\.name)
        func all(_ value: JSONValue) -> JSONObject { JSONObject(names.map { JSONObject.Member($0, value) }) }
        return [
            ("no fields", [:]), ("fields that are null", all(.null)), ("fields that are numbers", all(-7)),
            ("fields that are lists", all([[], [:]])), ("fields that are empty texts", all("")),
            ("strange characters", all("\u{202E}\u{0}\"\\'<&>%\u{1F600}\r\n")),
            ("very long fields", all(.string(String(repeating: "x", count: 200_000)))),
        ]
    }()

    // MARK: Memory

    func memory() {
        guard let subject = working() else { return }
        let body = Array("{\"errorId\":1,\"padding\":\"\(String(repeating: "x", count: 8_000))\"}".utf8)
        let answer = HTTPReply.response(HTTPResponse(status: 200, body: body))
        let requests = subject.requests
        let before = grow(subject, requests, answer, calls: limits.memoryCalls / 3)
        let after = grow(subject, requests, answer, calls: limits.memoryCalls)
        guard let before, let after else { return }
        let growth = after - before
        if growth > limits.memoryCalls * limits.bytesPerCall {
            fail(
                """
                \(limits.memoryCalls) calls leave \(growth / 1024) KiB behind, \(growth / limits.memoryCalls) bytes a \
                call; at most \(limits.bytesPerCall) are taken for chance.
                """)
        }
    }

    /// Makes calls one after the other and returns the memory of the process afterwards.
    private func grow(
        _ subject: Subject, _ requests: [OperationRequest], _ answer: HTTPReply, calls: Int
    ) -> Int? {
        step("\(calls) calls are made to see whether memory grows")
        for number in 0..<calls {
            let request = requests[number % requests.count]
            guard let record = subject.begin(request, { _, _ in .reply(answer) }) else { continue }
            guard subject.host.waitForReply(record, seconds: limits.callSeconds) != nil else {
                notCompleted(subject, request.operation.rawValue)
                return nil
            }
            subject.host.forget(record)
        }
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

extension OperationRequest {
    fileprivate var isSubmit: Bool { operation == .submit }
}
