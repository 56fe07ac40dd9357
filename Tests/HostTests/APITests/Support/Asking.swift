import Domain
import NIOCore
import NIOHTTP1
import ProviderKit
import Tasks

@testable import API

/// A request as a dialect gets it, without a connection.
struct Asked {
    let request: ServerRequest

    init(
        _ method: String = "GET", _ target: String, body: String = "", type: String? = nil,
        headers: [(String, String)] = []
    ) {
        self.init(method, target, bytes: Array(body.utf8), type: type, headers: headers)
    }

    init(
        _ method: String, _ target: String, bytes: [UInt8], type: String? = nil, headers: [(String, String)] = []
    ) {
        var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: target)
        if let type { head.headers.add(name: "content-type", value: type) }
        for (name, value) in headers { head.headers.add(name: name, value: value) }
        request = ServerRequest(head: head, path: RequestPath(target), body: ByteBuffer(bytes: bytes))
    }

    static func json(_ path: String, _ body: JSONObject, headers: [(String, String)] = []) -> Asked {
        Asked(
            "POST", path, bytes: JSONValue.object(body).bytes, type: "application/json", headers: headers)
    }

    /// The text of a form, with the test's key.
    static func form(_ fields: KeyValuePairs<String, String>, key: String = FakeService.key) -> String {
        (["key=\(key)"] + fields.map { "\($0)=\(FormText.encoded($1))" }).joined(separator: "&")
    }
}

extension Dialect {
    /// What a request is answered; nil when its path is none of the dialect's.
    func answer(_ asked: Asked) async -> DialectAnswer? {
        guard let call = call(asked.request.method, at: asked.request.path) else { return nil }
        return await respond(to: asked.request, call)
    }

    /// The text of the answer.
    func text(_ asked: Asked) async -> String {
        await answer(asked).map { $0.response.text } ?? "no path of this dialect"
    }
}

extension ServerResponse {
    var text: String { String(buffer: body) }
    var json: JSONObject { (try? JSONValue(parsing: text))?.object ?? [:] }
}

extension InPHPDialect {
    init(_ service: FakeService) {
        self.init(service: service, feedback: service, ids: FakeCipher())
    }
}

extension DeathByCaptchaDialect {
    init(_ service: FakeService) {
        self.init(service: service, feedback: service, ids: FakeCipher())
    }
}

extension TaskCallDialect {
    init(_ service: FakeService, _ rules: DialectRules = DialectRules()) {
        self.init(service: service, feedback: service, ids: FakeCipher(), rules: rules)
    }
}

extension TaskStatus {
    /// A solution that was charged with 0.00085 USD after 1.002 s.
    static func solved(_ solution: JSONObject) -> TaskStatus {
        .ready(
            solution: JSONValue.object(solution).bytes, price: Money(decimal: "0.00085") ?? .zero, seconds: 1.002)
    }
}
