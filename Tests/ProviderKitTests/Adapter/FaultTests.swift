@testable import ProviderKit
import Testing

@Suite("Faults")
struct FaultTests {
    static let all: [(Fault.Kind, Fault.Blame, String)] = [
        (.invalidKey, .key, "invalidKey"), (.keyDisabled, .key, "keyDisabled"), (.noFunds, .key, "noFunds"),
        (.ipNotAllowed, .key, "ipNotAllowed"), (.banned(.key, untilUnixSeconds: 1_790_000_000), .key, "banned"),
        (.banned(.provider, untilUnixSeconds: nil), .provider, "banned"),
        (.rateLimited(.key, retryAfterSeconds: 2.5), .key, "rateLimited"),
        (.rateLimited(.provider, retryAfterSeconds: nil), .moment, "rateLimited"), (.overloaded, .moment, "overloaded"),
        (.unsupportedTask, .providerForThisTask, "unsupportedTask"),
        (.badTask(field: "challengeURL"), .providerForThisTask, "badTask"),
        (.badTask(field: nil), .providerForThisTask, "badTask"),
        (.unsolvable(charged: true), .providerForThisTask, "unsolvable"),
        (.unsolvable(charged: false), .providerForThisTask, "unsolvable"),
        (.unsolvable(charged: nil), .providerForThisTask, "unsolvable"), (.proxy, .task, "proxy"),
        (.taskNotFound, .moment, "taskNotFound"), (.transport, .moment, "transport"),
        (.protocolError, .provider, "protocolError"),
    ]

    @Test("Each kind has its blame and its label, of which there are 14")
    func blame() {
        for (kind, blame, label) in Self.all {
            #expect(Fault(kind).blame == blame)
            #expect(Fault(kind).label == label)
        }
        #expect(Set(Self.all.map(\.2)).count == 14)
    }

    @Test("Each kind crosses the boundary with all that belongs to it")
    func crossing() throws {
        for (kind, _, _) in Self.all {
            for message in ["", "The vendor said \"no\"."] {
                let fault = Fault(kind, message)
                let bytes = OperationReply.fault(fault).bytes
                #expect(try OperationReply(to: .submit, parsing: bytes) == .fault(fault))
            }
        }
    }

    @Test("The crossing is of the documented shape")
    func shape() {
        #expect(Fault(.overloaded).crossing == ["kind": "overloaded"])
        #expect(
            Fault(.banned(.key, untilUnixSeconds: 7), "m").crossing
                == ["kind": "banned", "message": "m", "scope": "key", "untilUnixSeconds": 7])
        #expect(
            Fault(.rateLimited(.provider, retryAfterSeconds: 0.5)).crossing.text
                == #"{"kind":"rateLimited","scope":"provider","retryAfterSeconds":0.500}"#)
        #expect(Fault(.unsolvable(charged: false)).crossing == ["kind": "unsolvable", "charged": false])
    }

    @Test("What is not of the set is the adapter's protocol error")
    func unknown() {
        for value in [["kind": "tired"], ["kind": 5], [:], nil, "overloaded", ["message": "m"]] as [JSONValue] {
            #expect(Fault(crossing: value).kind == .protocolError)
        }
    }

    @Test("Odd members become what an adapter that says nothing would have said")
    func oddMembers() throws {
        let cases: [(String, Fault.Kind)] = [
            (#"{"kind":"banned"}"#, .banned(.provider, untilUnixSeconds: nil)),
            (#"{"kind":"banned","scope":"all","untilUnixSeconds":1.5}"#, .banned(.provider, untilUnixSeconds: nil)),
            (
                #"{"kind":"rateLimited","scope":"key","retryAfterSeconds":-1}"#,
                .rateLimited(.key, retryAfterSeconds: nil)
            ),
            (#"{"kind":"rateLimited","retryAfterSeconds":1e999}"#, .rateLimited(.provider, retryAfterSeconds: nil)),
            (#"{"kind":"rateLimited","retryAfterSeconds":"2"}"#, .rateLimited(.provider, retryAfterSeconds: nil)),
            (#"{"kind":"badTask","field":null}"#, .badTask(field: nil)),
            (#"{"kind":"unsolvable","charged":"yes"}"#, .unsolvable(charged: nil)),
        ]
        for (text, kind) in cases { #expect(Fault(crossing: try JSONValue(parsing: text)).kind == kind, "\(text)") }
        #expect(Fault(crossing: ["kind": "proxy", "message": 5]) == Fault(.proxy))
    }

    @Test("A wait that is no number crosses as none at all instead of taking the plug-in down")
    func notANumber() throws {
        let bytes = OperationReply.fault(Fault(.rateLimited(.key, retryAfterSeconds: .nan))).bytes
        let reply = try OperationReply(to: .poll, parsing: bytes)
        #expect(reply == .fault(Fault(.rateLimited(.key, retryAfterSeconds: 0))))
    }
}
