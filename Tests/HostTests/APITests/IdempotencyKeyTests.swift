import Domain
import ProviderKit
import Testing

@testable import API

@Suite("The header Idempotency-Key of createTask")
struct IdempotencyKeyTests {
    private func create(_ server: TestServer, _ headers: String) async throws -> RawResponse {
        try await server.send(TestServer.request("/createTask", TestServer.createTask(), headers: headers))
    }

    @Test("It is handed on as it came, without the blanks around it; without the header there is none")
    func handedOn() async throws {
        let service = FakeService()
        let longest = String(repeating: "x", count: Limits.idempotencyKeyBytes)
        try await withClientServer(service) { server in
            for header in [
                "", "Idempotency-Key: order-7\r\n", "idempotency-key:   a b \r\n", "IDEMPOTENCY-KEY: \"q\"\r\n",
                "Idempotency-Key: \(longest)\r\n", "Idempotency-Key: same\r\nidempotency-key: same\r\n",
            ] {
                let response = try await create(server, header)
                #expect(response.succeeded, "\(header)")
            }
        }
        #expect(service.idempotencyKeys == [nil, "order-7", "a b", "\"q\"", longest, "same"])
    }

    @Test(
        "One that cannot be used is refused with its name, and no task is made",
        arguments: [
            "Idempotency-Key:\r\n", "Idempotency-Key:   \r\n",
            "Idempotency-Key: \(String(repeating: "x", count: Limits.idempotencyKeyBytes + 1))\r\n",
            "Idempotency-Key: é\r\n", "Idempotency-Key: a\tb\r\n",
        ])
    func refused(header: String) async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            let response = try await create(server, header)
            #expect(response.status == 200)
            #expect(try response.errorCode == "ERROR_BAD_PARAMETERS")
            #expect(try response.errorText == "Idempotency-Key: A key has 1 to 255 characters of ASCII.")
        }
        #expect(service.tasks.isEmpty)
    }

    @Test("Two that differ are refused")
    func twoKeys() async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            let response = try await create(server, "Idempotency-Key: a\r\nIdempotency-Key: b\r\n")
            #expect(try response.errorCode == "ERROR_BAD_PARAMETERS")
            #expect(
                try response.errorText
                    == "Idempotency-Key: The header came several times, and not the same.")
        }
        #expect(service.tasks.isEmpty)
    }

    @Test("One that came with another request is an error of the API, with status 200 as every one here")
    func reused() async throws {
        let service = FakeService { _ throws(ClientError) in throw ClientError(.idempotencyKeyReused) }
        try await withClientServer(service) { server in
            let response = try await create(server, "Idempotency-Key: order-7\r\n")
            #expect(response.status == 200)
            #expect(try response.json["errorId"]?.integer == 1)
            #expect(try response.errorCode == "ERROR_IDEMPOTENCY_KEY_REUSED")
            #expect(try response.errorText == ErrorCode.idempotencyKeyReused.sentence)
        }
        #expect(service.idempotencyKeys == ["order-7"])
    }

    @Test("The other calls pay it no attention")
    func otherCalls() async throws {
        try await withClientServer { server in
            let body = #"{"clientKey":"\#(FakeService.key)"}"#
            let request = TestServer.request("/getBalance", body, headers: "Idempotency-Key:\r\n")
            let response = try await server.send(request)
            #expect(response.succeeded)
        }
    }
}
