import Domain
import Foundation
import NIOCore
import Tasks
import Testing

/// How clients learn of the ends of their tasks, over the wire.
@Suite("The ends of tasks, for clients", .timeLimit(.minutes(2)))
struct EndsTests {
    private func result(_ more: String) -> String {
        #"{"clientKey":"\#(FakeService.key)","taskId":7\#(more)}"#
    }

    @Test("createTask hands on callbackUrl as it came; an empty one is none")
    func callbacks() async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            for more in [#","callbackUrl":"https://a/?b#c""#, #","callbackUrl":"""#, #","callbackUrl":null"#, ""] {
                #expect(try await server.post("/createTask", TestServer.createTask(more)).succeeded)
            }
            let refused = try await server.post("/createTask", TestServer.createTask(#","callbackUrl":["https://a/"]"#))
            #expect(refused.body.contains("ERROR_BAD_PARAMETERS") && refused.body.contains("callbackUrl"))
        }
        #expect(service.callbacks == [Callback(url: "https://a/?b#c", taskName: .number), nil, nil, nil])
    }

    @Test("A callback names the task as its dialect does, and in.php has it as pingback")
    func dialects() async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            let body = TestServer.createTask(#","callbackUrl":"https://a/""#)
            for path in ["/ucaptcha/createTask", "/capsolver/createTask", "/anticaptcha/createTask"] {
                #expect(try await server.post(path, body).succeeded)
            }
            let query = "key=\(FakeService.key)&method=userrecaptcha&googlekey=k&pageurl=https://e.com/"
            for pingback in ["&pingback=https%3A%2F%2Fa%2F%3Fb%3D1", "&pingback=", ""] {
                _ = try await server.send("GET", "/in.php?\(query)\(pingback)", key: nil)
            }
        }
        #expect(service.callbacks.map { $0?.taskName } == [.uuid, .uuid, .number, .number, nil, nil])
        #expect(service.callbacks[3] == Callback(url: "https://a/?b=1", taskName: .number, field: "pingback"))
    }

    @Test("getTaskResult waits for as long as the client says, within the limit; anything else is refused")
    func waits() async throws {
        let service = FakeService(
            status: .ready(solution: Array("{}".utf8), price: .zero, seconds: 1), waitsForGood: true)
        try await withClientServer(service) { server in
            for more in ["", #","wait":0"#, #","wait":null"#, #","wait":"""#, #","wait":"0.0""#] {
                #expect(try await server.post("/getTaskResult", result(more)).body.contains("ready"))
            }
            for more in [#","wait":-1"#, #","wait":"soon""#, #","wait":[1]"#, #","wait":true"#, #","wait":"nan""#] {
                let refused = try await server.post("/getTaskResult", result(more))
                #expect(refused.body.contains("ERROR_BAD_PARAMETERS") && refused.body.contains("wait"), "\(more)")
            }
            #expect(service.waits == [0, 0, 0, 0, 0])
            for (more, _) in [(#","wait":2.5"#, 2.5), (#","wait":"30""#, 30), (#","wait":1e9"#, 60)] {
                let connection = try await server.connect()
                try await connection.send(TestServer.request("/getTaskResult", result(more)))
                try await connection.finishSending()
                _ = await connection.rest()
            }
        }
        #expect(service.waits.suffix(3) == [2.5, 30, 60])
    }

    @Test("A wait ends when the connection closes")
    func closed() async throws {
        let service = FakeService(waitsForGood: true)
        try await withClientServer(service) { server in
            let connection = try await server.connect()
            try await connection.send(TestServer.request("/getTaskResult", result(#","wait":60"#)))
            while service.waits.isEmpty { await Task.yield() }
            await connection.close()
            while service.givenUpWaits == 0 { await Task.yield() }
        }
        #expect(service.waits == [60])
        #expect(service.givenUpWaits == 1)
    }

    @Test("A client that sends no more is answered at once; one that sends more waits and is answered in turn")
    func halfClosed() async throws {
        let service = FakeService(waitsForGood: true)
        try await withClientServer(service) { server in
            let connection = try await server.connect()
            let wait = TestServer.request("/getTaskResult", result(#","wait":60"#))
            try await connection.send(wait + TestServer.request("/getTaskResult", result("")))
            while service.waits.isEmpty { await Task.yield() }
            try await connection.finishSending()
            let answers = await connection.rest().components(separatedBy: "processing").count - 1
            #expect(answers == 2)
        }
        #expect(service.waits == [60, 0])
    }
}
