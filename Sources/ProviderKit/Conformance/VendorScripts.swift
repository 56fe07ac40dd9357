import ProviderKit

/// What a vendor may do to a request, and which faults tell it truly.
struct VendorScript: Sendable {
    /// What happens: a clause.
    let name: String
    let reply: HTTPReply
    /// The kinds of fault that may follow. Anything else is a claim that the answer does not support.
    let allowed: Set<String>

    /// Whether the vendor has not come to answering: a failure, or HTTP 5xx.
    var isNoAnswer: Bool {
        if case .response(let response) = reply { return response.status >= 500 }
        return true
    }

    private init(_ name: String, _ reply: HTTPReply, _ allowed: Set<String>) {
        self.name = name
        self.reply = reply
        self.allowed = allowed
    }

    /// Faults that say that nothing is known of the key and the task.
    private static let unknown: Set<String> = ["transport", "protocolError", "overloaded", "rateLimited"]
    private static let aboutKey: Set<String> = ["invalidKey", "keyDisabled", "noFunds", "ipNotAllowed", "banned"]
    private static let html: [UInt8] = Array("<html><body><h1>Something</h1></body></html>".utf8)

    private static func answer(
        _ name: String, _ status: Int, _ body: [UInt8], _ type: String = "application/json",
        allowed: Set<String> = []
    ) -> VendorScript {
        let headers = [HTTPRequest.Header("content-type", type)]
        return VendorScript(
            name, .response(HTTPResponse(status: status, headers: headers, body: body)), unknown.union(allowed))
    }

    private static func text(_ name: String, _ body: String) -> VendorScript {
        answer("answers \(name)", 200, Array(body.utf8))
    }

    /// No answer comes, of every kind there is.
    static let failures: [VendorScript] = HTTPFailure.Kind.allCases.map { kind in
        let sent: HTTPFailure.Sent = [.refused, .connect, .tls, .overloaded].contains(kind) ? .no : .maybe
        let failure = HTTPFailure(kind, sent: sent, "A scripted failure.")
        return VendorScript("fails with \(kind.rawValue)", .failure(failure), unknown)
    }

    /// Statuses with a page that no program reads.
    static let statuses: [VendorScript] = [
        (302, []), (400, ["badTask"]), (401, aboutKey), (402, aboutKey), (403, aboutKey), (404, ["taskNotFound"]),
        (405, []), (410, ["taskNotFound"]), (413, ["badTask"]), (429, ["banned"]), (500, []), (502, []), (503, []),
        (504, []), (521, []), (599, []),
    ].map { status, allowed in
        answer("answers HTTP \(status) with a page of HTML", status, html, "text/html", allowed: allowed)
    }

    /// HTTP 200 with bytes that make no sense.
    static let junk: [VendorScript] = [
        answer("answers nothing", 200, []), answer("answers HTML", 200, html, "text/html"),
        text("an empty object", "{}"), text("an empty array", "[]"), text("null", "null"), text("a number", "7"),
        text("a text", "\"OK\""), text("JSON that is cut off", "{\"errorId\":0,\"taskId\":\"71"),
        text("two objects", "{}{}"),
        text("members that are null", "{\"errorId\":null,\"taskId\":null,\"status\":null,\"solution\":null}"),
        text("members of wrong types", "{\"errorId\":[],\"taskId\":{},\"status\":7,\"balance\":\"much\"}"),
        text("numbers out of all range", "{\"errorId\":1e999,\"taskId\":-1e999,\"balance\":1e400}"),
        text("deep nesting", String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)),
        answer("answers bytes that are not UTF-8", 200, [0xFF, 0xFE, 0x00, 0x7B, 0xC3, 0x28]),
        answer("answers a zero byte", 200, [0]),
        answer(
            "answers JSON with a broken text", 200,
            Array("{\"errorId\":0,\"status\":\"".utf8) + [0xED, 0xA0, 0x80, 0x22, 0x7D]),
    ]

    /// Bodies as large as the host lets them be.
    static let huge: [VendorScript] = {
        let most = 4 * 1024 * 1024
        let text = Array("{\"errorId\":0,\"solution\":\"".utf8)
        return [
            answer("answers 4 MiB of one letter", 200, [UInt8](repeating: 0x61, count: most)),
            answer("answers 4 MiB that are not UTF-8", 200, [UInt8](repeating: 0xFE, count: most)),
            answer(
                "answers JSON with a text of 4 MiB", 200,
                text + [UInt8](repeating: 0x61, count: most - text.count - 2) + Array("\"}".utf8)),
        ]
    }()

    /// All that is short.
    static let short = failures + statuses + junk
}
