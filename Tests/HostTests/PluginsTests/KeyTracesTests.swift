import Glibc
import ProviderKit
import Synchronization
import Testing

@testable import Plugins

/// Keys that come and go.
private final class ChangingCredentials: CredentialSource {
    private let known = Mutex(FakeCredentials(known: [:]))

    func set(_ keys: [String: String]) { known.withLock { $0 = FakeCredentials(known: keys) } }

    func withKey<Value, Failure: Error>(
        for placeholder: String, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value? {
        try known.withLock { $0 }.withKey(for: placeholder, body)
    }

    var traces: KeyTraces { known.withLock { $0 }.traces }
}

@Suite("Keys that are hidden without being there")
struct KeyTracesTests {
    private func traces(_ keys: String...) -> KeyTraces {
        KeyTraces(keys.map { key in Array(key.utf8).withUnsafeBytes { KeyTrace(of: $0) } })
    }

    private func hidden(_ text: String, _ traces: KeyTraces) -> String {
        String(decoding: traces.hiding(Array(text.utf8)), as: UTF8.self)
    }

    @Test("A key is hidden wherever it stands, in each form, and nothing else is")
    func forms() {
        let traces = traces("a/b\"c d-123", "another-key")
        for form in ["a/b\"c d-123", "a/b\\\"c d-123", "a\\/b\\\"c d-123", "a%2Fb%22c%20d-123", "a%2fb%22c%20d-123"] {
            #expect(hidden("\(form)\(form) x \(form)", traces) == "****** x ***", "\(form)")
        }
        #expect(hidden("another-keyanother-ke", traces) == "***another-ke")
        #expect(hidden("a text without any of them, another-kez", traces) == "a text without any of them, another-kez")
        #expect(hidden("", traces) == "" && hidden("another-key", KeyTraces([])) == "another-key")
    }

    @Test("Of a key that is part of another the longer one is hidden first")
    func nested() {
        let traces = traces("key-1", "key-1-and-more")
        #expect(hidden("key-1-and-more key-1", traces) == "*** ***")
    }

    @Test("What is kept of a key holds nothing of it")
    func contents() {
        var text = ""
        dump(traces("0123456789abcdef"), to: &text)
        #expect(!text.isEmpty && !text.contains("0123456789abcdef"))
        #expect(!text.contains("\(Array("0123456789abcdef".utf8))"))
    }

    @Test("A line of the largest size with many keys takes a moment")
    func speed() {
        let many = KeyTraces(
            (0..<1_000).map { number in
                let key = String(repeating: "0", count: 26) + String(100_000 + number)
                return Array(key.utf8).withUnsafeBytes { KeyTrace(of: $0) }
            })
        let line = Array(String(repeating: "0", count: 6_000).utf8)
        let start = Clocks.monotonicNanoseconds
        #expect(many.hiding(line) == line)
        #expect(Clocks.monotonicNanoseconds - start < 500_000_000)
    }

    @Test("Keys that were overwritten are gone from their place")
    func wiped() {
        var bytes = Array("0123456789abcdef".utf8)
        bytes.wipe()
        #expect(bytes == Array(repeating: 0, count: 16))
    }

    @Test("An instance uses keys that came after its making, and not those that went")
    func changing() throws {
        let credentials = ChangingCredentials()
        let http = FakeHTTP { .success(HTTPResponse(status: 200, body: Array($0.url.utf8))) }
        let witness = Witness()
        let instance = try instance("asks", witness, http: http, credentials: credentials)
        let (first, second) = (Placeholder.text([1]), Placeholder.text([2]))
        func ask(_ placeholder: String) throws -> String {
            let request = HTTPRequest(url: "https://api.asks.example/?k=\(placeholder)")
            let fields: JSONObject = ["http": try JSONValue(parsing: request.crossingBytes)]
            return instance.solution(submit(fields, credential: placeholder))?["reply"]?.text ?? ""
        }
        #expect(try ask(first).contains("no longer there"))
        credentials.set([first: "key-number-one", second: "key-number-two"])
        #expect(try ask(first).contains(first) && ask(second).contains(second))
        credentials.set([second: "key-number-two"])
        #expect(try ask(first).contains("no longer there"))
        #expect(http.sent.map(\.request.url) == ["one", "two"].map { "https://api.asks.example/?k=key-number-\($0)" })
        let logs = try PluginsTests.instance("logs", witness, credentials: credentials)
        _ = logs.solution(submit(["lines": 1, "text": "key-number-one key-number-two"]))
        #expect(witness.lines.contains { $0.contains("key-number-one ***") })
        credentials.set([first: "key-number-one"])
        _ = logs.solution(submit(["lines": 1, "text": "key-number-one key-number-two"]))
        #expect(witness.lines.contains { $0.contains("*** key-number-two") })
    }
}
