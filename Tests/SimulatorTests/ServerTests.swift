import Domain
import Foundation
import ProviderKit
import ProviderSimulator
import TestSupport
import Testing

@Suite("The simulator's sockets and control port")
struct ServerTests {
    private func withServer(_ body: (SimulatorServer) async throws -> Void) async throws {
        let accounts = Dictionary(
            uniqueKeysWithValues: Vendor.allCases.map { ($0, [Caller.key: Money(decimal: "10") ?? .zero]) })
        let server = try await SimulatorServer.start(SimulatedWorld(accounts: accounts), clock: .manual())
        try await body(server)
        await server.stop()
    }

    private func port(_ server: SimulatorServer, _ vendor: Vendor) -> Int { server.ports[vendor] ?? 0 }

    private let v2: JSONValue = ["clientKey": .string(Caller.key), "task": .object(JSONVendorTests.v2)]

    @Test("Each vendor answers on a port of its own; the control port tells what was asked and charged")
    func vendors() async throws {
        try await withServer { server in
            let vendor = try LoopbackHTTP(port: port(server, .twoCaptcha))
            let created = try vendor.post("/createTask", v2)
            #expect(created.status == 200 && created.json["errorId"] == 0)
            #expect(try LoopbackHTTP(port: port(server, .multibot)).get("/createTask").status == 404)
            let control = try LoopbackHTTP(port: server.controlPort)
            let recorded = try control.get("/requests?vendor=2captcha").json["requests"]?.array ?? []
            #expect(recorded.count == 1 && recorded[0]["target"] == "/createTask" && recorded[0]["json"] == v2)
            #expect(recorded[0]["headers"]?["host"] != nil)
            let account = try control.get("/accounts?vendor=2captcha").json[Caller.key]
            #expect(account?["charged"] == "0.00299" && account?["tasks"] == 1)
            #expect(try control.get("/tasks?vendor=2captcha").json["tasks"]?.array?.count == 1)
            #expect(try control.send("DELETE", "/requests?vendor=2captcha", []).status == 200)
            #expect(try control.get("/requests?vendor=2captcha").json["requests"] == [])
        }
    }

    @Test("The control port sets scripts, accounts, limits and the time")
    func control() async throws {
        try await withServer { server in
            let control = try LoopbackHTTP(port: server.controlPort)
            let vendor = try LoopbackHTTP(port: port(server, .twoCaptcha))
            #expect(try control.post("/script", ["2captcha": ["latency": 30]]).status == 200)
            let id = try #require(try vendor.post("/createTask", v2).json["taskId"])
            let poll: JSONValue = ["clientKey": .string(Caller.key), "taskId": id]
            #expect(try vendor.post("/getTaskResult", poll).json["status"] == "processing")
            #expect(try control.post("/clock", ["advance": 30]).status == 200)
            #expect(try vendor.post("/getTaskResult", poll).json["status"] == "ready")
            #expect(
                try control.post("/accounts", ["vendor": "2captcha", "key": .string(Caller.key), "balance": "0"]).status
                    == 200)
            #expect(try vendor.post("/createTask", v2).json["errorCode"] == "ERROR_ZERO_BALANCE")
            #expect(try control.post("/limits", ["vendor": "2captcha", "rates": false]).status == 200)
            for _ in 0..<6 { _ = try vendor.post("/getBalance", ["clientKey": "wrong"]) }
            #expect(try vendor.post("/getBalance", ["clientKey": .string(Caller.key)]).json["errorId"] == 0)
            for (path, body) in [("/script", JSONValue.object(["x": 1])), ("/accounts", [:]), ("/nothing", [:])] {
                let refused = try control.post(path, body)
                #expect(refused.status == 400 && refused.json["error"]?.string?.isEmpty == false, "\(path)")
            }
        }
    }

    @Test("Cut bodies, resets and stalls happen on the wire")
    func wire() async throws {
        try await withServer { server in
            func answer(_ kind: ScriptedFault.Kind) throws -> Result<LoopbackHTTP.Answer, any Error> {
                server.with { world in
                    var settings = VendorSettings()
                    settings.faults = [ScriptedFault(kind, seconds: 0.02)]
                    world.vendors[.antiCaptcha]?.setScript(VendorScript(settings))
                }
                let connection = try LoopbackHTTP(port: port(server, .antiCaptcha))
                return Result { try connection.post("/createTask", v2) }
            }
            #expect(throws: TestFailure.self) { try answer(.cut).get() }
            #expect(throws: TestFailure.self) { try answer(.reset).get() }
            #expect(throws: TestFailure.self) { try answer(.lost).get() }
            #expect(try answer(.slow).get().json["errorId"] == 0)
            #expect(try answer(.garbage).get().json == .null)
            let taken = server.with { $0.vendors[.antiCaptcha]?.accounts[Caller.key]?.tasks }
            #expect(taken == 3)
            server.with { world in
                var settings = VendorSettings()
                settings.faults = [ScriptedFault(.stall)]
                world.vendors[.antiCaptcha]?.setScript(VendorScript(settings))
            }
            let stalled = try LoopbackHTTP(port: port(server, .antiCaptcha))
            try stalled.write(Array("POST /getBalance HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}".utf8))
            // The request has arrived, and the connection is neither answered nor closed.
            try await eventually("the request arrived") {
                server.with { $0.vendors[.antiCaptcha]?.requests.last?.request.path } == "/getBalance"
            }
            #expect(server.with { $0.vendors[.antiCaptcha]?.requests.last?.answer.delivery } == .stalled)
        }
    }
}
