import Testing

@testable import API

@Suite("Paths, hosts and content types as clients really send them")
struct PathTests {
    @Test(
        "Every spelling of a path names the same call",
        arguments: [
            "/createTask", "//createTask", "///createTask", "/createTask/", "/createTask//", "/createTask%20",
            "/createTask%20%20/", "/createTask?x=1", "/createTask#y", "/create%54ask", "http://example.com/createTask",
            "http://example.com//createTask?a", "/createTask%0A", "/createTask/?",
        ])
    func spellings(_ target: String) {
        #expect(RequestPath(target).path == "/createTask")
    }

    @Test(
        "Other paths stay apart",
        arguments: [
            ("/", "/"), ("", "/"), ("//", "/"), ("/a//b", "/a/b"), ("/create Task", "/create Task"), ("/%zz", "/%zz"),
            ("/%4", "/%4"), ("/a%2Fb", "/a/b"), ("*", "/*"), ("http://example.com", "/"), ("/x?y=/createTask", "/x"),
        ])
    func others(_ target: String, _ path: String) {
        #expect(RequestPath(target).path == path)
    }

    @Test("The query is what follows the first question mark")
    func query() {
        #expect(RequestPath("/a?b=1?2#c") == RequestPath("/a/?b=1?2"))
        #expect(RequestPath("/a?b=1?2#c").query == "b=1?2")
        #expect(RequestPath("/a").query.isEmpty)
        #expect(RequestPath("/a#b?c") == RequestPath("/a") && RequestPath("/a?").query.isEmpty)
    }

    @Test(
        "Odd paths work over the wire",
        arguments: ["//createTask", "/createTask%20", "/createTask/", "/createTask?a=b"])
    func overTheWire(_ path: String) async throws {
        try await withClientServer { server in
            let response = try await server.post(path, TestServer.createTask())
            #expect(response.succeeded)
        }
    }

    @Test("No Host header is refused", arguments: ["api.2captcha.com", "[::1]:99", " ", "no host at all", "a,b", nil])
    func hosts(_ host: String?) async throws {
        try await withClientServer { server in
            let header = host.map { $0.split(separator: ",").map { "Host: \($0)\r\n" }.joined() } ?? ""
            let body = TestServer.createTask()
            let head = "POST /createTask HTTP/1.1\r\n\(header)Content-Length: \(body.utf8.count)\r\n\r\n"
            let response = try await server.send(head + body)
            #expect(response.succeeded)
        }
    }

    @Test(
        "Any content type or none is taken",
        arguments: [nil, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
    func contentTypes(_ type: String?) async throws {
        try await withClientServer { server in
            let header = type.map { "Content-Type: \($0)\r\n" } ?? ""
            let request = TestServer.request("/createTask", TestServer.createTask(), headers: header)
            let response = try await server.send(request)
            #expect(response.succeeded)
        }
    }
}
