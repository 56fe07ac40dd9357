import Domain
import Foundation
import ProviderKit
import TestSupport
import Testing

@testable import API

@Suite("The page about the calls")
struct ReferencePageTests {
    private let page = ReferencePage(document: OpenAPIDocument.value).html

    @Test("It loads and runs nothing from elsewhere, and the browser is told so")
    func harmless() async throws {
        let lower = page.lowercased()
        for word in ["<script", "javascript:", " style=", " onclick", "src=", "@import", "url("] {
            #expect(!lower.contains(word), "\(word)")
        }
        let links = page.split(separator: #"href=""#).dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(links.count > 8)
        for link in links where !link.hasPrefix("#") {
            #expect(["/openapi.json", "/reference.css"].contains(String(link)), "\(link)")
        }
        #expect(!ReferenceStyle.css.contains("url(") && !ReferenceStyle.css.contains("@import"))
        try await withClientServer { server in
            let served = try await server.send("GET", "/reference", key: nil)
            #expect(served.headers["content-type"] == "text/html; charset=utf-8")
            let policy = try #require(served.headers["content-security-policy"])
            #expect(policy.hasPrefix("default-src 'none'; style-src 'self';"))
            #expect(served.body == page)
            let style = try await server.send("GET", "/reference.css", key: nil)
            #expect(style.headers["content-type"] == "text/css; charset=utf-8")
        }
    }

    @Test("Every link inside it has its target, and no target is there twice")
    func anchors() {
        let targets = page.split(separator: #"id=""#).dropFirst().map { String($0.prefix { $0 != "\"" }) }
        #expect(Set(targets).count == targets.count)
        for link in page.split(separator: ##"href="#"##).dropFirst() {
            #expect(targets.contains(String(link.prefix { $0 != "\"" })), "\(link.prefix(20))")
        }
    }

    @Test("It shows every call, example, family and error of the description")
    func whole() throws {
        let paths = try #require(OpenAPIDocument.value["paths"]?.object).members
        for path in paths {
            #expect(page.contains("<code>\(Markup.escaped(path.name))</code>"), "\(path.name)")
            for operation in path.value.object?.members ?? [] {
                let content = operation.value["responses"]?["200"]?["content"]?["application/json"]
                for example in content?["examples"]?.object?.members ?? [] {
                    let answer = try #require(example.value["value"]).pretty(columns: 80)
                    #expect(page.contains(Markup.block(answer)), "\(path.name)")
                }
            }
        }
        for form in TaskForm.all { #expect(page.contains(#"<details id="\#(form.family)">"#)) }
        for code in ErrorCode.allCases { #expect(page.contains("<td><code>\(code.rawValue)</code></td>")) }
    }

    @Test("It says where to begin: the address, a key, and lines that have a task solved")
    func beginning() throws {
        let beginning = try #require(page.firstRange(of: #"<section id="begin">"#)).upperBound
        let end = try #require(page[beginning...].firstRange(of: "</section>")).lowerBound
        let text = page[beginning..<end]
        #expect(text.contains(Markup.block(ReferenceBeginning.variables, "command")))
        for word in ["/ucaptcha/createTask", "/ucaptcha/getTaskResult", "Authorization: Bearer", "ERROR_"] {
            #expect(text.contains(word), "\(word)")
        }
        for dialect in ClientDialect.allCases { #expect(page.contains("<section id=\"\(dialect.rawValue)\">")) }
        #expect(text.components(separatedBy: #"<pre class="command">curl "#).count == 3)
    }

    @Test("What is shown as a line for a shell can be pasted, and is answered as the page says")
    func commands() async throws {
        let set = try await Self.shell(ReferenceBeginning.variables + "echo \"$BASE\" \"$KEY\"", [:])
        #expect(set == "http://127.0.0.1:8080 ucap_...\n")
        var count = 0
        for operation in ReferenceOperation.all(of: OpenAPIDocument.value) {
            for example in operation.examples {
                let command = operation.command(example)
                // A call by many names is shown once.
                guard page.contains(Markup.block(command, "command")) else { continue }
                count += 1
                try await withExample(example, of: operation) { server in
                    let key = operation.headerKey ?? FakeService.key
                    let output = try await Self.shell(
                        command, ["BASE": try server.url, "KEY": key, "NO_PROXY": "*"])
                    #expect(try JSONValue(parsing: output) == example.answer, "\(command)\n\(output)")
                }
            }
        }
        #expect(count == page.components(separatedBy: #"<pre class="command">curl "#).count - 1 - 2 + Self.repeated)
    }

    /// Examples with the same line and different answers, of which the page has the line once.
    private static let repeated =
        2 * (ClientDialect.allCases.count + 1)
        + 2 * DeathByCaptchaCall.all.count { $0.method == "GET" && $0.path.hasSuffix("{captcha}") }

    /// What a shell writes that is given a line.
    private static func shell(_ line: String, _ environment: [String: String]) async throws -> String {
        try await withCheckedThrowingContinuation { done in
            // The line waits for a server that runs on the threads of tests.
            Thread.detachNewThread {
                done.resume(
                    with: Result {
                        let result = try run(
                            URL(filePath: "/bin/bash"), ["-c", line], environment: environment, deadlineSeconds: 60)
                        guard result.status == 0 else { throw TestFailure("\(line)\n\(result.errors)") }
                        return result.output
                    })
            }
        }
    }

    @Test("What would be markup is shown as it is written")
    func escaping() {
        #expect(Markup.text("a <b> & `\"<i>\"`") == "a &lt;b&gt; &amp; <code>&quot;&lt;i&gt;&quot;</code>")
    }

    @Test("JSON is broken into lines where it is too long for one, and says the same")
    func pretty() throws {
        let value: JSONValue = ["a": [1, 2, 3], "b": ["c": "text", "d": []]]
        #expect(value.pretty() == #"{"a": [1, 2, 3], "b": {"c": "text", "d": []}}"# + "\n")
        #expect(
            value.pretty(columns: 20) == """
                {
                  "a": [1, 2, 3],
                  "b": {
                    "c": "text",
                    "d": []
                  }
                }

                """)
        #expect(try JSONValue(parsing: OpenAPIDocument.value.pretty()) == OpenAPIDocument.value)
    }
}
