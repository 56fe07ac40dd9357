import Domain
import ProviderKit
import Synchronization
import Testing

@testable import Tasks

@Suite("What providers say of recycled keys")
struct FindingTests {
    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    @Test(
        "A fault of an adapter is understood, and only a clear word makes a key no good",
        arguments: [
            (Fault.Kind.invalidKey, RecycledKeyFinding.Answer.refused(.wrongKey)), (.keyDisabled, .refused(.disabled)),
            (.noFunds, .noFunds), (.ipNotAllowed, .unclear(.ipNotAllowed)),
            (.banned(.key, untilUnixSeconds: nil), .unclear(.banned)),
            (.rateLimited(.key, retryAfterSeconds: nil), .unclear(.rateLimited)),
            (.overloaded, .unclear(.unreachable)), (.transport, .unclear(.unreachable)),
            (.protocolError, .unclear(.unreachable)), (.unsupportedTask, .unclear(.unreachable)),
            (.taskNotFound, .unclear(.unreachable)), (.proxy, .unclear(.unreachable)),
            (.badTask(field: nil), .unclear(.unreachable)), (.unsolvable(charged: nil), .unclear(.unreachable)),
        ])
    func faults(kind: Fault.Kind, answer: RecycledKeyFinding.Answer) {
        let finding = RecycledKeyFinding(.fault(Fault(kind)), unit: .usd, at: FindingTests.now)
        #expect(finding.answer == answer && finding.balance == nil && finding.rest == nil)
    }

    @Test("A provider's word on when to ask again is kept, within the longest rest")
    func rests() {
        func rest(_ kind: Fault.Kind) -> (scope: Fault.Scope, seconds: Double)? {
            RecycledKeyFinding(.fault(Fault(kind)), unit: nil, at: FindingTests.now).rest
        }
        #expect(rest(.banned(.key, untilUnixSeconds: 1_700_000_090)) ?? (.provider, 0) == (.key, 90))
        #expect(rest(.banned(.provider, untilUnixSeconds: .max)) ?? (.key, 0) == (.provider, 6 * 3600))
        #expect(rest(.banned(.key, untilUnixSeconds: 5)) ?? (.provider, 1) == (.key, 0))
        #expect(rest(.banned(.provider, untilUnixSeconds: nil)) ?? (.key, 0) == (.provider, 300))
        #expect(rest(.rateLimited(.key, retryAfterSeconds: 7.5)) ?? (.provider, 0) == (.key, 7.5))
        #expect(rest(.rateLimited(.provider, retryAfterSeconds: nil)) ?? (.key, 0) == (.provider, 5))
    }

    @Test("Balances are in USD where their unit is worth something, and nothing is nothing in every unit")
    func balances() {
        func finding(_ amount: String, otherMeans: Bool = false, unit: UnitValue?) -> RecycledKeyFinding {
            let balance = Balance(amount: amount, otherMeans: otherMeans)
            return RecycledKeyFinding(.balance(balance), unit: unit, at: FindingTests.now)
        }
        #expect(finding("1.5", unit: .usd).balance == .usd("1.5"))
        #expect(finding("1500", unit: UnitValue(decimal: "0.001")).balance == .usd("1.5"))
        #expect(finding("1500", unit: nil) == RecycledKeyFinding(.known))
        #expect(finding("0.0", unit: nil) == RecycledKeyFinding(.noFunds))
        #expect(finding("0", otherMeans: true, unit: nil) == RecycledKeyFinding(.known, otherMeans: true))
        #expect(finding("much", unit: .usd) == RecycledKeyFinding(.known))
        let bare = RecycledKeyFinding(.valid(ValidKey()), unit: .usd, at: FindingTests.now)
        #expect(bare == RecycledKeyFinding(.known))
        let wrong = RecycledKeyFinding(.reported, unit: .usd, at: FindingTests.now)
        #expect(wrong.answer == .unclear(.unreachable))
    }

    /// An adapter that answers from a list.
    private final class Adapter: ProviderCalling {
        let replies: Mutex<[OperationReply]>
        let asked = Mutex<[Operation]>([])

        init(_ replies: [OperationReply]) {
            self.replies = Mutex(replies)
        }

        func call(
            _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
        ) -> UInt64 {
            asked.withLock { $0.append(request.operation) }
            let reply = replies.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            completion(CallAnswer(reply ?? .fault(Fault(.protocolError)), sent: .maybe))
            return 1
        }

        func cancel(_ call: UInt64) {}
    }

    private func ask(
        _ replies: [OperationReply], serves: Set<ProviderKit.Operation>
    ) -> (finding: RecycledKeyFinding?, asked: [ProviderKit.Operation]) {
        let adapter = Adapter(replies)
        let found = Mutex<RecycledKeyFinding?>(nil)
        KeyInquiry(caller: adapter, unit: .usd, serves: { serves.contains($0) }, now: { FindingTests.now }).ask(
            about: Credential(placeholder: "ucred_1")
        ) { finding in found.withLock { $0 = finding } }
        return (found.withLock { $0 }, adapter.asked.withLock { $0 })
    }

    @Test("A key is asked about by validation, and by its balance for what that does not tell")
    func inquiries() {
        let good = OperationReply.valid(ValidKey())
        let rich = OperationReply.valid(ValidKey(balance: Balance(amount: "2")))
        let balance = OperationReply.balance(Balance(amount: "3"))
        let both: Set<ProviderKit.Operation> = [.validate, .balance]
        #expect(ask([rich], serves: both) == (RecycledKeyFinding(.known, balance: .usd("2")), [.validate]))
        #expect(
            ask([good, balance], serves: both) == (
                RecycledKeyFinding(.known, balance: .usd("3")), [.validate, .balance]
            ))
        #expect(ask([good], serves: [.validate]) == (RecycledKeyFinding(.known), [.validate]))
        #expect(ask([balance], serves: [.balance]) == (RecycledKeyFinding(.known, balance: .usd("3")), [.balance]))
        // A balance that could not be found out does not make a good key unclear; that it is empty does count.
        #expect(ask([good, .fault(Fault(.transport))], serves: both).finding == RecycledKeyFinding(.known))
        #expect(ask([good, .fault(Fault(.noFunds))], serves: both).finding == RecycledKeyFinding(.noFunds))
        #expect(
            ask([.fault(Fault(.invalidKey))], serves: both) == (RecycledKeyFinding(.refused(.wrongKey)), [.validate]))
        #expect(ask([], serves: []) == (RecycledKeyFinding(.unclear(.unavailable)), []))
    }

    @Test("An owner asks about a key so many times an hour, and what is remembered has a bound")
    func askedChecks() throws {
        var asked = AskedChecks()
        var now = FindingTests.now
        func take(_ number: Int, _ time: Timestamp) throws -> Bool {
            asked.take(try #require(ProviderKeyID(Int64(number))), time) == nil
        }
        for _ in 0..<Limits.keyChecksPerHour {
            #expect(try take(1, now))
            now = now.adding(seconds: 1)
        }
        #expect(try !take(1, now))
        let again = asked.take(try #require(ProviderKeyID(1)), now)
        #expect(again == 3600 - Double(Limits.keyChecksPerHour), "when the first is an hour old")
        #expect(try take(2, now))
        #expect(try take(1, FindingTests.now.adding(seconds: 3600.001)))
        for number in 3...Limits.rememberedKeyChecks where try !take(number, now) { Issue.record("\(number)") }
        #expect(try !take(Limits.rememberedKeyChecks + 1, now))
        #expect(try take(Limits.rememberedKeyChecks + 1, now.adding(seconds: 3601)))
    }
}
