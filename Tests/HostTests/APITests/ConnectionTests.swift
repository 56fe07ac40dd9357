import Domain
import Foundation
import ProviderKit
import Testing

@testable import API

@Suite("Connections and what is sent over them")
struct ConnectionTests {
    @Test("A connection serves one request after another")
    func keepAlive() async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            let connection = try await server.connect()
            for _ in 0..<20 {
                try await connection.send(TestServer.request("/createTask", TestServer.createTask()))
                let response = try await connection.response()
                #expect(response.succeeded)
                #expect(response.headers["connection"] == nil)
                #expect(response.headers["transfer-encoding"] == nil)
            }
        }
        #expect(service.tasks.count == 20)
    }

    @Test("A client that offers another protocol is answered in this one, and connects anew for its next request")
    func upgrade() async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            for line in ["Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n", "Upgrade: websocket\r\n"] {
                let connection = try await server.connect()
                let body = TestServer.createTask()
                try await connection.send(
                    "POST /createTask HTTP/1.1\r\n\(line)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
                let response = try await connection.response()
                #expect(response.succeeded)
                #expect(response.headers["connection"] == "close")
                #expect(await connection.rest() == "")
            }
        }
        #expect(service.tasks.count == 2)
    }

    /// What the service does before it answers.
    enum Pace: CaseIterable { case atOnce, afterAWhile }

    @Test("Pipelined requests are answered in their order, however long each takes", arguments: Pace.allCases)
    func pipelining(_ pace: Pace) async throws {
        let service = FakeService { task throws(ClientError) in
            if pace == .afterAWhile || task["n"]?.integer == 0 { await Task.yield() }
            throw ClientError(.badParameters, "\(task["n"]?.integer ?? -1)")
        }
        try await withClientServer(service) { server in
            let connection = try await server.connect()
            let requests = (0..<500).map { number in
                let body = #"{"clientKey":"\#(FakeService.key)","task":{"type":"x","n":\#(number)}}"#
                return TestServer.request("/createTask", body)
            }
            try await connection.send(requests.joined())
            for number in 0..<500 {
                #expect(try await connection.response().errorText == "\(number)")
            }
        }
    }

    @Test("A long pipeline behind a request that takes a while does not exhaust the stack")
    func longPipeline() async throws {
        let service = FakeService { _ throws(ClientError) in
            await Task.yield()
            return FakeService.id(7)
        }
        try await withClientServer(service) { server in
            let connection = try await server.connect()
            // Large bodies make the server read in large pieces from here on.
            let filler = String(repeating: "x", count: 500_000)
            for _ in 0..<5 {
                try await connection.send(
                    TestServer.request("/createTask", TestServer.createTask(#","x":"\#(filler)""#)))
                #expect(try await connection.response().succeeded)
            }
            let first = TestServer.request("/createTask", TestServer.createTask())
            try await connection.send(first + String(repeating: "GET / HTTP/1.1\r\n\r\n", count: 4000))
            for _ in 0...4000 { #expect(try await connection.response().status == 200) }
        }
    }

    @Test("A request in single bytes and a chunked one are understood")
    func piecemeal() async throws {
        try await withClientServer { server in
            let connection = try await server.connect()
            for byte in TestServer.request("/getBalance", #"{"clientKey":"\#(FakeService.key)"}"#).utf8 {
                try await connection.send([byte])
            }
            #expect(try await connection.response().succeeded)
            let body = #"{"clientKey":"\#(FakeService.key)"}"#
            let chunks = body.utf8.map { "1\r\n\(Character(UnicodeScalar($0)))\r\n" }.joined()
            try await connection.send(
                "POST /getBalance HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n")
            #expect(try await connection.response().succeeded)
        }
    }

    @Test("HEAD is answered without a body, and the connection goes on")
    func head() async throws {
        try await withClientServer { server in
            let connection = try await server.connect()
            try await connection.send("HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            let head = try await connection.response(toHEAD: true)
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == "3")
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            let whole = try await connection.response()
            #expect((whole.status, whole.body) == (200, "ok\n"))
        }
    }

    @Test("Connection: close is obeyed")
    func close() async throws {
        try await withClientServer { server in
            let connection = try await server.connect()
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let text = await connection.rest()
            #expect(text.contains("connection: close\r\n"))
            #expect(text.hasSuffix("\r\n\r\nok\n"))
        }
    }

    @Test("HTTP/1.0 closes, unless the client asks to keep the connection")
    func oldHTTP() async throws {
        try await withClientServer { server in
            let closing = try await server.connect()
            try await closing.send("GET /healthz HTTP/1.0\r\n\r\n")
            #expect(await closing.rest().hasSuffix("ok\n"))
            let kept = try await server.connect()
            try await kept.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try await kept.response().headers["connection"] == "keep-alive")
            try await kept.send("GET /healthz HTTP/1.0\r\n\r\n")
            #expect(try await kept.response().body == "ok\n")
        }
    }

    @Test("A client that sends no more still gets its answer")
    func halfClosed() async throws {
        let service = FakeService { _ throws(ClientError) in
            await Task.yield()
            return FakeService.id(7)
        }
        try await withClientServer(service) { server in
            let connection = try await server.connect()
            try await connection.send(TestServer.request("/createTask", TestServer.createTask()))
            try await connection.finishSending()
            #expect(await connection.rest().contains(#""errorId":0"#))
        }
    }

    @Test("Expect: 100-continue is answered before the body comes")
    func expectContinue() async throws {
        try await withClientServer { server in
            let connection = try await server.connect()
            let body = TestServer.createTask()
            try await connection.send(
                "POST /createTask HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n"
            )
            #expect(try await connection.response().status == 100)
            try await connection.send(body)
            #expect(try await connection.response().succeeded)
        }
    }

    @Test("What is no HTTP is answered with status 400 and ends the connection")
    func noHTTP() async throws {
        try await withClientServer { server in
            let connection = try await server.connect()
            try await connection.send("\u{16}\u{3}\u{1}hello\r\n\r\n")
            let text = await connection.rest()
            #expect(text.hasPrefix("HTTP/1.1 400 "))
            let next = try await server.post("/createTask", TestServer.createTask())
            #expect(next.succeeded)
        }
    }

    @Test("A server on a socket file serves, and replaces a file that was left over")
    func unixSocket() async throws {
        let path = "/tmp/api-test-\(UInt64.random(in: 0 ... .max)).sock"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for _ in 0..<2 {
            try await withClientServer(address: .unixSocket(path: path)) { server in
                #expect(server.address == .unixSocket(path: path))
                let response = try await server.post("/createTask", TestServer.createTask())
                #expect(response.succeeded)
            }
        }
    }

    @Test("An address in use is told in words")
    func addressInUse() async throws {
        try await withClientServer { server in
            let error = await #expect(throws: CannotListen.self) {
                try await withClientServer(address: server.address) { _ in }
            }
            #expect(
                error?.description == "Cannot listen on \(server.address): address already in use. "
                    + "Stop what uses this address, or choose another one.")
        }
    }
}
