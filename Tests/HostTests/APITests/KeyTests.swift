import ProviderKit
import Testing

@testable import API

@Suite("Where the API key is found")
struct KeyTests {
    private static let task = #""task":{"type":"AltchaTask"}"#

    @Test(
        "Without a key in the body the one of the header is used",
        arguments: ["{\(task)}", #"{"clientKey":null,\#(task)}"#, #"{"clientKey":"",\#(task)}"#])
    func bearer(_ body: String) async throws {
        try await withClientServer { server in
            let header = "authorization: bEARER  \(FakeService.key)\r\n"
            let response = try await server.send(TestServer.request("/createTask", body, headers: header))
            #expect(response.succeeded)
        }
    }

    @Test("The body's key wins over the header's")
    func bodyWins() async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            let header = "Authorization: Bearer \(FakeService.key)\r\n"
            let body = #"{"clientKey":"wrong",\#(KeyTests.task)}"#
            let response = try await server.send(TestServer.request("/createTask", body, headers: header))
            #expect(try response.errorCode == "ERROR_KEY_DOES_NOT_EXIST")
        }
        #expect(service.keys == ["wrong"])
    }

    @Test(
        "Without any key the error names the field",
        arguments: ["", "Authorization: Basic abc\r\n", "Authorization: Bearer\r\n", "Authorization:\r\n"])
    func missing(_ header: String) async throws {
        try await withClientServer { server in
            let response = try await server.send(TestServer.request("/getBalance", "{}", headers: header))
            #expect(try response.errorCode == "ERROR_KEY_DOES_NOT_EXIST")
            #expect(try response.errorText.hasPrefix("clientKey:"))
        }
    }

    @Test("A wrong key is told before what is wrong with the task")
    func keyFirst() async throws {
        try await withClientServer { server in
            let response = try await server.post("/createTask", #"{"clientKey":"wrong"}"#)
            #expect(try response.errorCode == "ERROR_KEY_DOES_NOT_EXIST")
        }
    }
}
