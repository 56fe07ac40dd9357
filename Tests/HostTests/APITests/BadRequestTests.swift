import Domain
import ProviderKit
import Testing

@testable import API

@Suite("Requests that are wrong in themselves")
struct BadRequestTests {
    static let key = #""clientKey":"\#(FakeService.key)""#

    @Test("A byte order mark before JSON means nothing, in any dialect; a second one is malformed")
    func byteOrderMark() async throws {
        try await withClientServer { server in
            for path in ["/getBalance", "/anticaptcha/getBalance", "/capsolver/getBalance", "/ucaptcha/getBalance"] {
                #expect((try await server.post(path, "\u{FEFF}{\(BadRequestTests.key)}")).succeeded, "\(path)")
                let twice = try await server.post(path, "\u{FEFF}\u{FEFF}{\(BadRequestTests.key)}")
                #expect(!twice.succeeded && twice.body.contains("byte 0"), "\(twice.body)")
            }
            let key = FakeService.key
            let balance = "\u{FEFF}{\"key\":\"\(key)\",\"action\":\"getbalance\",\"json\":1}"
            #expect((try await server.post("/res.php", balance)).body.hasPrefix(#"{"status":1,"#))
            #expect((try await server.post("/api/user", "\u{FEFF}{\"authtoken\":\"\(key)\"}")).status == 200)
        }
    }

    struct Malformed: Sendable, CustomTestStringConvertible {
        let body: String
        let text: String
        var testDescription: String { body.debugDescription }
    }

    @Test(
        "Malformed JSON is told with its offset",
        arguments: [
            Malformed(body: "", text: "the value is missing at byte 0"),
            Malformed(body: "{", text: "a member's name is missing at byte 1"),
            Malformed(body: #"{"clientKey""#, text: "a colon is missing at byte 12"),
            Malformed(body: #"{"a":1,}"#, text: "a member's name is missing at byte 7"),
            Malformed(body: #"{"a":1}x"#, text: "text after the end of the value at byte 7"),
            Malformed(body: "key=1", text: "an unexpected character at byte 0"),
            Malformed(body: #"{"a":"\#u{1}"}"#, text: "a control character in a string at byte 6"),
            Malformed(body: #"{"a":nul}"#, text: "an unexpected word at byte 5"),
            Malformed(body: "[]", text: "The body is an array, not an object."),
            Malformed(body: "\"x\"", text: "The body is a string, not an object."),
            Malformed(body: "12", text: "The body is a number, not an object."),
            Malformed(body: "null", text: "The body is null, not an object."),
        ])
    func malformed(_ row: Malformed) async throws {
        try await withClientServer { server in
            for path in ["/createTask", "/getTaskResult", "/getBalance"] {
                let response = try await server.post(path, row.body)
                #expect(response.status == 200)
                #expect(try response.errorCode == "ERROR_BAD_JSON")
                #expect(try response.errorText.contains(row.text))
            }
        }
    }

    @Test("A string that is no UTF-8 is malformed JSON")
    func noUTF8() async throws {
        try await withClientServer { server in
            let body = Array(#"{"clientKey":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
            let connection = try await server.connect()
            try await connection.send("POST /getBalance HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
            try await connection.send(body)
            #expect(try await connection.response().errorCode == "ERROR_BAD_JSON")
        }
    }

    @Test("JSON is taken to its bound of depth and refused beyond")
    func depth() async throws {
        try await withClientServer { server in
            let fine =
                String(repeating: "[", count: Limits.jsonDepth - 1)
                + String(repeating: "]", count: Limits.jsonDepth - 1)
            let ok = try await server.post("/createTask", TestServer.createTask(#","x":"# + fine))
            #expect(ok.succeeded)
            let deep = try await server.post("/createTask", TestServer.createTask(#","x":["# + fine + "]"))
            #expect(try deep.errorCode == "ERROR_NESTED_TOO_DEEP")
            let attack = try await server.post("/createTask", String(repeating: "[", count: 1_000_000))
            #expect(try attack.errorCode == "ERROR_NESTED_TOO_DEEP")
        }
    }

    struct WrongField: Sendable, CustomTestStringConvertible {
        let path: String
        let body: String
        let code: String
        let text: String
        var testDescription: String { body }

        init(_ path: String, _ body: String, _ code: ErrorCode, _ text: String) {
            self.path = path
            self.body = body
            self.code = code.rawValue
            self.text = text
        }
    }

    @Test(
        "Wrong types and missing fields are told with the field",
        arguments: [
            WrongField(
                "/getBalance", #"{"clientKey":1}"#, .badParameters,
                "clientKey: The field has to be a string, not a number."),
            WrongField(
                "/getBalance", #"{"clientKey":["x"]}"#, .badParameters,
                "clientKey: The field has to be a string, not an array."),
            WrongField(
                "/getBalance", #"{"clientKey":true}"#, .badParameters,
                "clientKey: The field has to be a string, not a boolean."),
            WrongField("/getBalance", "{}", .keyDoesNotExist, "clientKey: The field is missing."),
            WrongField("/createTask", "{\(key)}", .taskAbsent, ErrorCode.taskAbsent.sentence),
            WrongField("/createTask", #"{\#(key),"task":null}"#, .taskAbsent, ErrorCode.taskAbsent.sentence),
            WrongField(
                "/createTask", #"{\#(key),"task":"x"}"#, .badParameters,
                "task: The field has to be an object, not a string."),
            WrongField(
                "/createTask", #"{\#(key),"task":[]}"#, .badParameters,
                "task: The field has to be an object, not an array."),
            WrongField("/createTask", #"{\#(key),"task":{}}"#, .badParameters, "task.type: The field is missing."),
            WrongField(
                "/createTask", #"{\#(key),"task":{"type":null}}"#, .badParameters, "task.type: The field is missing."),
            WrongField(
                "/createTask", #"{\#(key),"task":{"type":5}}"#, .badParameters,
                "task.type: The field has to be a string, not a number."),
            WrongField(
                "/createTask", #"{\#(key),"task":{"type":""}}"#, .badParameters,
                "task.type: A type has 1 to 64 characters."),
            WrongField(
                "/createTask", #"{\#(key),"task":{"type":"\#(String(repeating: "x", count: 65))"}}"#, .badParameters,
                "task.type: A type has 1 to 64 characters."),
            WrongField(
                "/createTask", #"{\#(key),"task":{"type":"x"},"provider":["a"]}"#, .badParameters,
                "provider: The field has to be a string, not an array."),
            WrongField(
                "/createTask",
                #"{\#(key),"task":{"type":"x"},"provider":"\#(String(repeating: "x", count: 65))"}"#, .badParameters,
                "provider: A name has at most 64 bytes."),
            WrongField(
                "/createTask", #"{\#(key),"task":{"type":"x"},"selectionMode":1}"#, .badParameters,
                "selectionMode: The field has to be a string, not a number."),
            WrongField(
                "/createTask", #"{\#(key),"task":{"type":"x"},"selectionMode":"autoBest"}"#, .badParameters,
                "selectionMode: There is no such mode. Those there are: autoCheapest, autoFastest, autoMostReliable, "
                    + "priority. Without one the key's settings hold."),
            WrongField(
                "/createTask", #"{\#(key),"task":{"type":"x"},"keyPoolMode":true}"#, .badParameters,
                "keyPoolMode: The field has to be a string, not a boolean."),
            WrongField(
                "/createTask", #"{\#(key),"task":{"type":"x"},"keyPoolMode":"mine"}"#, .badParameters,
                "keyPoolMode: There is no such mode. Those there are: all, platformOnly. Without one the key's "
                    + "settings hold."),
            WrongField("/getTaskResult", "{\(key)}", .badParameters, "taskId: The field is missing."),
            WrongField("/getTaskResult", #"{\#(key),"taskId":null}"#, .badParameters, "taskId: The field is missing."),
            WrongField(
                "/getTaskResult", #"{\#(key),"taskId":{}}"#, .badParameters,
                "taskId: The field has to be a string or a number, not an object."),
            WrongField(
                "/getTaskResult", #"{\#(key),"taskId":7.5}"#, .badParameters,
                "taskId: The number has to be a whole one."),
            WrongField(
                "/getTaskResult", #"{\#(key),"taskId":99999999999999999999}"#, .wrongTaskID,
                "taskId: There is no such task of this account, or it has expired."),
        ])
    func wrongFields(_ row: WrongField) async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            let response = try await server.post(row.path, row.body)
            #expect(response.status == 200)
            #expect(try response.errorCode == row.code)
            #expect(try response.errorText == row.text)
        }
        #expect(service.tasks.isEmpty)
    }

    @Test("Another method than POST is an error of the API", arguments: ["GET", "PUT", "DELETE", "OPTIONS"])
    func methods(_ method: String) async throws {
        try await withClientServer { server in
            let response = try await server.send("\(method) /createTask HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(response.status == 200)
            #expect(try response.errorCode == "ERROR_METHOD_NOT_ALLOWED")
        }
    }

    @Test("An unknown path is an error of the API", arguments: ["/", "/nothing", "/createTask/x", "/CreateTask"])
    func unknownPaths(_ path: String) async throws {
        try await withClientServer { server in
            let response = try await server.post(path, TestServer.createTask())
            #expect(response.status == 200)
            #expect(try response.errorCode == "ERROR_NO_SUCH_METHOD")
        }
    }
}
