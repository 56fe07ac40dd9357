import Domain
import ServiceLifecycle
import Testing

@testable import API

@Suite("Stopping a server")
struct ShutdownTests {
    @Test("A request under way is answered; idle connections and new ones are not kept")
    func graceful() async throws {
        let (started, begin) = AsyncStream<Void>.makeStream()
        let (released, release) = AsyncStream<Void>.makeStream()
        let service = FakeService { _ throws(ClientError) in
            begin.finish()
            for await _ in released {}
            return FakeService.id(7)
        }
        try await withClientServer(service) { server in
            let idle = try await server.connect()
            try await idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await idle.response()
            let busy = try await server.connect()
            try await busy.send(TestServer.request("/createTask", TestServer.createTask()))
            for await _ in started {}
            await server.group.triggerGracefulShutdown()
            #expect(await idle.rest().isEmpty)
            release.finish()
            let response = try await busy.response()
            #expect(response.succeeded)
            #expect(response.headers["connection"] == "close")
            #expect(await busy.rest().isEmpty)
            await #expect(throws: (any Error).self) { try await server.post("/createTask", "{}") }
        }
    }
}
