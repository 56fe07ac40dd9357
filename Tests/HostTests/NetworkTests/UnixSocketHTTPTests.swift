import Domain
import Foundation
import OutboundHTTP
import ProviderKit
import Synchronization
import TestSupport
import Testing

@Suite("HTTP over a socket in the file system")
struct UnixSocketHTTPTests {
    @Test("One exchange, byte for byte")
    func exchange() throws {
        try NetworkProgram.withFolder { folder in
            let seen = Mutex<NetworkConnection.Request?>(nil)
            let path = folder.appendingPathComponent("control").path
            let peer = try NetworkPeer(at: path) { connection in
                while let request = connection.request() {
                    seen.withLock { $0 = request }
                    connection.respond("done", status: "409 Conflict", headers: "X-Reply: 1\r\n")
                }
            }
            defer { peer.close() }
            let response = try UnixSocketHTTP.exchange(
                path: path, request: .post("http://control/deposit?x=1", json: .object(["a": .bool(true)])))
            #expect(response.status == 409)
            #expect(response.text == "done")
            #expect(response.header("x-reply") == "1")
            let request = try #require(seen.withLock { $0 })
            #expect(request.line == "POST /deposit?x=1 HTTP/1.1")
            #expect(request.header("host") == "control")
            #expect(request.header("content-type") == "application/json")
            #expect(request.body == Array(#"{"a":true}"#.utf8))
        }
    }

    @Test("Without a host at the socket it says so, surely not sent")
    func absent() throws {
        try NetworkProgram.withFolder { folder in
            let path = folder.appendingPathComponent("absent").path
            let failure = #expect(throws: HTTPFailure.self) {
                try UnixSocketHTTP.exchange(path: path, request: HTTPRequest(url: "http://control/"))
            }
            #expect(failure?.kind == .connect)
            #expect(failure?.sent == .no)
            #expect(failure?.message.contains(path) == true)
        }
    }

    @Test("A host that doesn't answer, or hangs up, may have got the request")
    func broken() throws {
        try NetworkProgram.withFolder { folder in
            let path = folder.appendingPathComponent("control").path
            let peer = try NetworkPeer(at: path) { connection in
                if connection.request()?.line.contains("/slow") == true { connection.waitForEnd() }
            }
            defer { peer.close() }
            for (target, kind) in [("slow", HTTPFailure.Kind.timeout), ("gone", .interrupted)] {
                let failure = #expect(throws: HTTPFailure.self) {
                    try UnixSocketHTTP.exchange(
                        path: path, request: HTTPRequest(url: "http://control/\(target)", timeoutSeconds: 0.3))
                }
                #expect(failure?.kind == kind)
                #expect(failure?.sent == .maybe)
            }
        }
    }

    @Test("A path that no socket can have is refused", arguments: ["", String(repeating: "p", count: 108), "a\0b"])
    func badPath(path: String) {
        let failure = #expect(throws: HTTPFailure.self) {
            try UnixSocketHTTP.exchange(path: path, request: HTTPRequest(url: "http://control/"))
        }
        #expect(failure?.kind == .refused)
    }
}
