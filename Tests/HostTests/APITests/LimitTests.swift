import Domain
import Observability
import ProviderKit
import Testing

@testable import API

@Suite("The limits of a request and of a server")
struct LimitTests {
    @Test("A body of exactly the limit is taken")
    func largestBody() async throws {
        var limits = ServerLimits.patient
        limits.bodyBytes = 100_000
        try await withClientServer(limits: limits) { server in
            let empty = TestServer.createTask(#","x":"""#)
            let filler = String(repeating: "x", count: limits.bodyBytes - empty.utf8.count)
            let response = try await server.post("/createTask", TestServer.createTask(#","x":"\#(filler)""#))
            #expect(response.succeeded)
        }
    }

    @Test("Blanks around the length of a body mean nothing", arguments: ["14", " 14", "14 ", "  14  "])
    func paddedLength(_ length: String) async throws {
        try await withClientServer { server in
            let request = "POST /createTask HTTP/1.1\r\nHost: x\r\nContent-Length:\(length)\r\n\r\n{\"clientKey\":1"
            let response = try await server.send(request)
            #expect(try response.errorCode == "ERROR_BAD_JSON")
        }
    }

    @Test("A body that is announced too large is refused before it comes, and the connection is closed")
    func announcedTooLarge() async throws {
        var limits = ServerLimits.patient
        limits.bodyBytes = 1000
        try await withClientServer(limits: limits) { server in
            for length in ["1001", "99999999999999999"] {
                let connection = try await server.connect()
                try await connection.send(
                    "POST /createTask HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n\r\n")
                let response = try await connection.response()
                #expect(response.status == 200)
                #expect(response.headers["connection"] == "close")
                #expect(try response.errorCode == "ERROR_REQUEST_TOO_LARGE")
                #expect(try response.errorText == "The body may have 1000 bytes at most.")
                #expect(await connection.rest().isEmpty)
            }
        }
    }

    @Test("A client that sends a too large body all the same can read the refusal")
    func sendsAllTheSame() async throws {
        var limits = ServerLimits.patient
        limits.bodyBytes = 1000
        try await withClientServer(limits: limits) { server in
            let body = String(repeating: "x", count: 3_000_000)
            let response = try await server.post("/createTask", body)
            #expect(try response.errorCode == "ERROR_REQUEST_TOO_LARGE")
        }
    }

    @Test("A chunked body is counted while it comes")
    func chunkedTooLarge() async throws {
        var limits = ServerLimits.patient
        limits.bodyBytes = 1000
        try await withClientServer(limits: limits) { server in
            let connection = try await server.connect()
            try await connection.send("POST /createTask HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = String(repeating: "x", count: 250)
            for _ in 0..<5 { try await connection.send("fa\r\n\(chunk)\r\n") }
            let response = try await connection.response()
            #expect(try response.errorCode == "ERROR_REQUEST_TOO_LARGE")
            #expect(await connection.rest().isEmpty)
        }
    }

    struct HeaderLines: Sendable, CustomTestStringConvertible {
        let count: Int
        let length: Int
        var testDescription: String { "\(count) lines with \(length) bytes each" }
    }

    @Test(
        "Too many or too large header lines are refused",
        arguments: [
            HeaderLines(count: 1, length: 17_000), HeaderLines(count: 101, length: 1),
            HeaderLines(count: 90, length: 200),
        ])
    func headers(_ row: HeaderLines) async throws {
        try await withClientServer { server in
            let lines = (0..<row.count).map { "X-\($0): \(String(repeating: "x", count: row.length))\r\n" }.joined()
            let connection = try await server.connect()
            try await connection.send("POST /createTask HTTP/1.1\r\n\(lines)\r\n")
            let response = try await connection.response()
            #expect(response.status == 200)
            #expect(try response.errorCode == "ERROR_REQUEST_TOO_LARGE")
            #expect(await connection.rest().isEmpty)
        }
    }

    @Test("An endless request line is refused")
    func endlessLine() async throws {
        try await withClientServer { server in
            let connection = try await server.connect()
            try await connection.send("POST /" + String(repeating: "x", count: 20_000))
            #expect(try await connection.response().errorCode == "ERROR_REQUEST_TOO_LARGE")
        }
    }

    @Test("Bodies that the server cannot hold together are refused, and room is made again when they go")
    func heldBodies() async throws {
        var limits = ServerLimits.patient
        limits.heldBodyBytes = 150_000
        try await withClientServer(limits: limits) { server in
            let filler = String(repeating: "x", count: 99_900)
            let request = TestServer.request("/createTask", TestServer.createTask(#","x":"\#(filler)""#))
            let first = try await server.connect()
            try await first.send(String(request.dropLast()))
            // The first one's bytes are booked when the server has read them; until then the second one is taken.
            var refused = try await server.send(request)
            for _ in 0..<1000 where refused.succeeded { refused = try await server.send(request) }
            #expect(try refused.errorCode == "ERROR_SERVER_OVERLOADED")
            try await first.send("}")
            #expect(try await first.response().succeeded)
            #expect((try await server.send(request)).succeeded)
            let second = try await server.connect()
            try await second.send(String(request.dropLast()))
            await second.close()
            var accepted = try await server.send(request)
            for _ in 0..<1000 where !accepted.succeeded { accepted = try await server.send(request) }
            #expect(accepted.succeeded)
        }
    }

    @Test("Connections beyond the limit wait, are served when others go, or are told that they are too many")
    func connections() async throws {
        var limits = ServerLimits.patient
        limits.connections = 50
        try await withClientServer(limits: limits) { server in
            let request = TestServer.request("/createTask", TestServer.createTask())
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<1050 {
                    group.addTask {
                        let connection = try await server.connect()
                        try await connection.send(request)
                        let response = try await connection.response()
                        await connection.close()
                        if !response.succeeded { #expect(try response.errorCode == "ERROR_SERVER_OVERLOADED") }
                        return response.succeeded
                    }
                }
                var (served, refused) = (0, 0)
                for try await succeeded in group { if succeeded { served += 1 } else { refused += 1 } }
                #expect(served + refused == 1050)
                #expect(served >= 50)
            }
        }
    }

    @Test("A connection beyond the limit is told so and closed, and those within go on")
    func oneTooMany() async throws {
        var limits = ServerLimits.patient
        limits.connections = 1
        try await withClientServer(limits: limits) { server in
            let request = TestServer.request("/createTask", TestServer.createTask())
            let first = try await server.connect()
            for _ in 0..<3 {
                try await first.send(request)
                #expect(try await first.response().succeeded)
                let second = try await server.connect()
                try await second.send(request)
                #expect(try await second.response().errorCode == "ERROR_SERVER_OVERLOADED")
                #expect(await second.rest() == "")
            }
        }
    }

    @Test("A full server takes no further connection until one goes")
    func fullServer() async throws {
        var limits = ServerLimits.patient
        limits.connections = 2
        limits.refusedConnections = 0
        try await withClientServer(limits: limits) { server in
            let request = TestServer.request("/createTask", TestServer.createTask())
            // Accepting may overshoot the limit by what the kernel hands over in one go, so more are opened.
            var open: [RawConnection] = []
            for _ in 0..<20 {
                let connection = try await server.connect()
                try await connection.send(request)
                open.append(connection)
            }
            #expect(try await open[0].response().succeeded)
            let gauge = server.metrics.gauges("ucaptcha_http_connections", "", labels: []).with("client")
            #expect((2...8).contains(gauge.value))
            for connection in open.dropLast() { await connection.close() }
            // One that was accepted beyond the limit is told so.
            let last = try await open[19].response()
            if !last.succeeded { #expect(try last.errorCode == "ERROR_SERVER_OVERLOADED") }
        }
    }
}
