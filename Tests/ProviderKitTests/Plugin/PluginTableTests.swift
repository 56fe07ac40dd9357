import CProviderABI
import ProviderKit
import Synchronization
import TestSupport
import Testing

@Suite("A Swift adapter behind the C table")
struct PluginTableTests {
    @Test("The table states the version, the toolchain and the same manifest at every call")
    func table() throws {
        let table = PluginTable.of(TestAdapter.self)
        #expect(table == PluginTable.of(TestAdapter.self))
        #expect(table.pointee.abi_version == 1)
        #expect(String(cString: try #require(table.pointee.toolchain)) == String(cString: ucaptcha_toolchain()))
        let manifest = table.pointee.manifest()
        #expect(try Manifest(parsing: manifest.buffer) == TestAdapter.manifest)
        #expect(table.pointee.manifest().data == manifest.data)
    }

    @Test("Only what the adapter's type can do is found, and always at the same place")
    func abilities() {
        let table = PluginTable.of(TestAdapter.self)
        for operation in [.validate, .balance, .submit, .poll] as [ProviderKit.Operation] {
            let found = table.pointee.ability(operation.identifier)
            #expect(found != nil)
            #expect(found == table.pointee.ability(operation.identifier))
        }
        #expect(table.pointee.ability("ucaptcha.cancel.v1") != nil)
        for unknown in ["ucaptcha.report.v1", "ucaptcha.submit.v2", "submit", ""] {
            #expect(table.pointee.ability(unknown) == nil)
        }
        #expect(table.pointee.ability(nil) == nil)
    }

    @Test("Settings reach the adapter")
    func settings() async throws {
        let host = FakeHost(settings: AdapterSettings(name: "mine", endpoint: "https://x.example").bytes)
        #expect(host.instance != nil)
        let solution = Solution(["name": "mine", "endpoint": "https://x.example"])
        #expect(try await host.reply(["do": "settings"]) == .submitted(.solved(solution)))
    }

    @Test("Settings that make no sense are refused once, with the adapter's sentence")
    func refusedSettings() {
        let cases: [([UInt8], String)] = [
            (AdapterSettings(name: "refused").bytes, "an oddity"),
            (AdapterSettings(name: "faulty").bytes, "This endpoint cannot be."),
            (AdapterSettings(name: "mute").bytes, "unsupportedTask"),
            (Array("{}".utf8), "name is missing or of a wrong type"), (Array("[]".utf8), "not a JSON object"),
            ([], "not JSON: the value is missing at byte 0"),
        ]
        for (settings, sentence) in cases {
            let host = FakeHost(settings: settings)
            #expect(host.instance == nil)
            #expect(host.record.withLock { $0.refusals } == [sentence])
        }
    }

    @Test(
        "A host that lacks a service or speaks another version gets no instance",
        arguments: ["ucaptcha.http.v1", "ucaptcha.log.v1", "ucaptcha.time.v1", nil])
    func incompleteHost(_ withheld: String?) {
        let host = FakeHost(version: withheld == nil ? 2 : 1, withheld: withheld)
        #expect(host.instance == nil)
        #expect(
            host.record.withLock { $0.refusals } == ["the host does not lend the services that this plug-in needs"])
    }

    @Test("Each operation calls the adapter and completes with its result")
    func operations() async throws {
        let host = FakeHost()
        host.start(.validate, OperationRequest.validate(Credential(placeholder: "K")).bytes, id: 1_001)
        #expect(
            try await host.reply(to: .validate, 1_001)
                == .valid(ValidKey(balance: Balance(amount: "1.5", otherMeans: true))))
        host.start(.balance, OperationRequest.balance(Credential(placeholder: "P")).bytes, id: 1_002)
        #expect(try await host.reply(to: .balance, 1_002) == .balance(Balance(amount: "2.5 1790000000123")))
        #expect(host.record.withLock { $0.lines } == ["2 reading P"])
        let task = TaskRequest(
            family: .altcha, fields: [:], credential: Credential(placeholder: "P"), secondsLeft: 7.25)
        host.start(.submit, OperationRequest.submit(task).bytes, id: 1_003)
        #expect(try await host.reply(to: .submit, 1_003) == .submitted(.pending(id: "altcha 7.25 P")))
        let ticket = Ticket(id: "x", family: .altcha, credential: nil)
        host.start(.poll, OperationRequest.poll(ticket).bytes, id: 1_004)
        #expect(
            try await host.reply(to: .poll, 1_004)
                == .fault(Fault(.taskNotFound, "This adapter leaves no task pending.")))
    }

    @Test("What the adapter throws becomes a fault of the contract")
    func errors() async throws {
        let host = FakeHost()
        #expect(try await host.reply(["do": "fault"]) == .fault(Fault(.unsolvable(charged: true), "gave up")))
        #expect(try await host.reply(["do": "httpFailure"]) == .fault(Fault(.transport, "a bad certificate")))
        #expect(try await host.reply(["do": "cancellation"]) == .fault(Fault(.transport, "The call was cancelled.")))
        #expect(try await host.reply(["do": "oddity"]) == .fault(Fault(.protocolError, "an oddity")))
    }

    @Test("A request that is not of the contract is completed as a protocol error", arguments: ["", "{}", "[1]"])
    func malformed(_ request: String) async throws {
        let host = FakeHost()
        host.start(.submit, Array(request.utf8), id: 7)
        guard case .fault(let fault) = try await host.reply(to: .submit, 7) else {
            throw TestFailure("completed without a fault")
        }
        #expect(fault.kind == .protocolError)
        #expect(fault.message.hasPrefix("the host's request: "))
        #expect(host.completions(of: 7).count == 1)
    }

    @Test("Lent HTTP: the request goes out for the call, and its response or failure comes back")
    func http() async throws {
        let host = FakeHost()
        host.submit(["do": "http"], id: 21)
        let exchange = try await host.exchange()
        #expect(exchange.call == 21)
        #expect(
            try HTTPRequest(crossing: exchange.request)
                == .post("https://vendor.example/x", json: ["do": "http"]))
        #expect(host.completions(of: 21).isEmpty)
        exchange.answer(.response(HTTPResponse(status: 503, headers: [HTTPRequest.Header("X", "é")])))
        #expect(
            try await host.reply(to: .submit, 21) == .submitted(.solved(Solution(["status": 503, "body": "é"]))))

        host.submit(["do": "http"], id: 22)
        try await host.exchange().answer(.failure(HTTPFailure(.timeout, sent: .maybe, "too slow")))
        #expect(try await host.reply(to: .submit, 22) == .fault(Fault(.transport, "too slow")))

        host.submit(["do": "http"], id: 23)
        try await host.exchange().answer(Array("{}".utf8))
        #expect(
            try await host.reply(to: .submit, 23)
                == .fault(Fault(.protocolError, "status is missing or of a wrong type")))
    }

    @Test(
        "Lent time: a sleep is the host's timer, and a wait that is no number is none",
        arguments: [("1.5", 1_500_000_000), ("-4", 0), ("1e300", 1_000_000_000_000_000_000), ("null", 0)]
            as [(String, UInt64)])
    func sleep(_ seconds: String, _ nanoseconds: UInt64) async throws {
        let host = FakeHost()
        host.submit(["do": "sleep", "seconds": try JSONValue(parsing: seconds)], id: 31)
        let timer = try await host.timer()
        #expect(timer.call == 31)
        #expect(timer.nanoseconds == nanoseconds)
        #expect(host.completions(of: 31).isEmpty)
        timer.fire()
        #expect(try await host.reply(to: .submit, 31) == .submitted(.pending(id: "slept")))
    }
}
