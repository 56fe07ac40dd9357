import Testing

@testable import Config

@Suite("Refusing a configuration")
struct RefusalTests {
    /// A text, and the problems it has: where and of which key, and a part of the sentence.
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let problems: [(place: String, part: String)]
        var testDescription: String { text }

        init(_ text: String, _ problems: (String, String)...) {
            self.text = text
            self.problems = problems.map { (place: $0.0, part: $0.1) }
        }
    }

    static let names: [Case] = [
        Case("server:\n  prot: 1", ("2:3: server.prot", "Did you mean `port`?")),
        Case("tasks: {deadline_seconds: 3}", ("1:9: tasks.deadline_seconds", "Did you mean `deadlineSeconds`?")),
        Case("Server: {}", ("1:1: Server", "Did you mean `server`?")),
        Case("port: 80", ("1:1: port", "Did you mean `server.port` or `admin.port`?")),
        Case("log: {}", ("1:1: log", "Remove it; known here: `server`, `admin`,")),
        Case("adapters:\n  native:\n    key: [x]", ("3:5: adapters.native.key", "Did you mean `keys`?")),
        Case("adapters: {Native: {}}", ("1:12: adapters.Native", "lower-case letters, digits and hyphens")),
        Case("adapters: {'': {}}", ("1:12: adapters.", "lower-case letters, digits and hyphens")),
        Case(
            "adapters: {a123456789012345678901234567890123: {}}",
            ("1:12: adapters.a123456789012345678901234567890123", "1 to 32")),
        Case("server:\n  ? [a]\n  : b", ("2:5: server", "A key has to be a name")),
        Case("<<: {port: 1}", ("1:1: <<", "There is no such key")),
    ]

    static let shapes: [Case] = [
        Case("server: 8080", ("1:9: server", "Expected a mapping with `host`, `port`, `plainPort`")),
        Case("server: {rootDialect: Auto}", ("1:23: server.rootDialect", "Expected auto or ucaptcha or")),
        Case("server: {dialects: [a]}", ("1:20: server.dialects", "Expected a mapping of a host's name")),
        Case("server: {dialects: {a: auto}}", ("1:24: server.dialects.a", "Expected a dialect: ucaptcha, ")),
        Case("server: {dialects: {'a:80': ucaptcha}}", ("1:21: server.dialects", "and no port")),
        Case("[server]", ("1:1", "Expected a mapping with `server`, `admin`")),
        Case("text", ("1:1", "found text")),
        Case("adapters: [native]", ("1:11: adapters", "Expected a mapping with adapters by name, found a list.")),
        Case("adapters: {native: true}", ("1:20: adapters.native", "found a truth value")),
        Case("server: {port: [80]}", ("1:16: server.port", "found a list")),
        Case("server: {port: }", ("1:16: server.port", "found nothing. Give it a value or remove the line.")),
        Case("database: {path: {a: b}}", ("1:18: database.path", "found a mapping")),
    ]

    static let values: [Case] = [
        Case("server: {port: '80'}", ("1:16: server.port", "found text in quotes")),
        Case(
            "server: {port: 65536}",
            ("1:16: server.port", "a whole number from 0 to 65535, without quotes, found a number")),
        Case("server: {port: -1}", ("1:16: server.port", "from 0 to 65535")),
        Case("server: {port: 8e3}", ("1:16: server.port", "from 0 to 65535")),
        Case("server: {port: 99999999999999999999}", ("1:16: server.port", "from 0 to 65535")),
        Case("server: {host: 8080}", ("1:16: server.host", "found a number")),
        Case("server: {host: ''}", ("1:16: server.host", "found text in quotes")),
        Case("server: {host: 'http://x/'}", ("1:16: server.host", "an IP address or a name")),
        Case("server: {port: 9090}", ("1:1: admin.port", "Choose another port.")),
        Case("admin: {port: 8080}", ("1:15: admin.port", "Choose another port.")),
        Case("database: {synchronous: normal}", ("1:25: database.synchronous", "Expected full or off")),
        Case("database: {path: ~/money.db}", ("1:18: database.path", "`~` is not expanded")),
        Case("database: {path: 5}", ("1:18: database.path", "quotes")),
        Case("server:\n  tls: {certificate: a}", ("2:22: server.tls.certificate", "Give server.tls.key too")),
        Case("server:\n  tls: {key: a}", ("2:14: server.tls.key", "Give server.tls.certificate too")),
        Case("server: {tls: on}", ("1:15: server.tls", "Expected a mapping with `certificate`, `key`")),
        Case("server: {plainPort: 81}", ("1:21: server.plainPort", "Remove this line")),
        Case(
            "server:\n  port: 81\n  plainPort: 81\n  tls: {certificate: a, key: b}",
            ("3:14: server.plainPort", "server.port speaks TLS")),
        Case(
            "server: {plainPort: 9090, tls: {certificate: a, key: b}}",
            ("1:21: server.plainPort", "admin listener has the same")),
        Case("server: {trustedProxies: 10.0.0.1}", ("1:26: server.trustedProxies", "Expected a list")),
        Case("server: {trustedProxies: [10.0.0.1/8]}", ("1:27: server.trustedProxies", "with its first address")),
        Case("server: {trustedProxies: [proxy.local]}", ("1:27: server.trustedProxies", "Expected an address")),
        Case("server: {rateLimit: {requests: -1}}", ("1:32: server.rateLimit.requests", "from 0 to 1000000000")),
        Case("server: {rateLimit: {seconds: 0}}", ("1:31: server.rateLimit.seconds", "from 1 to 3600")),
        Case("tasks: {deadlineSeconds: 0}", ("1:26: tasks.deadlineSeconds", "from 1 to 3600")),
        Case("tasks: {resultSeconds: 59}", ("1:24: tasks.resultSeconds", "from 60 to 2592000")),
        Case("tasks: {deadlineSeconds: 3601}", ("1:26: tasks.deadlineSeconds", "from 1 to 3600")),
        Case("pricing: {margin: -0.1}", ("1:19: pricing.margin", "from 0 to 10")),
        Case("pricing: {margin: 10.1}", ("1:19: pricing.margin", "from 0 to 10")),
        Case("pricing: {margin: 10%}", ("1:19: pricing.margin", "from 0 to 10")),
        Case("refunds: {dailyLimit: -1}", ("1:23: refunds.dailyLimit", "not negative")),
        Case("recycling: {enabled: 1}", ("1:22: recycling.enabled", "true or false")),
        Case("recycling: {driftThreshold: 1 USD}", ("1:29: recycling.driftThreshold", "a decimal number")),
        Case("recycling: {driftThreshold: 0.0000000001}", ("1:29: recycling.driftThreshold", "nine decimals")),
        Case("recycling: {tasksPerKey: 0}", ("1:26: recycling.tasksPerKey", "from 1 to 100000")),
        Case("adapters: {a: {enabled: yes}}", ("1:25: adapters.a.enabled", "true or false")),
        Case("adapters: {a: {enabled: 'true'}}", ("1:25: adapters.a.enabled", "true or false")),
        Case("adapters: {a: {plugin: ../a.so}}", ("1:24: adapters.a.plugin", "Leave out the path")),
        Case("adapters: {a: {endpoint: api.example.com}}", ("1:26: adapters.a.endpoint", "https://")),
        Case("adapters: {a: {endpoint: 'https://'}}", ("1:26: adapters.a.endpoint", "https://")),
        Case("adapters: {a: {endpoint: 'https://u:p@x'}}", ("1:26: adapters.a.endpoint", "no `?`, `#` or `@`")),
        Case("adapters: {a: {sha256: abc}}", ("1:24: adapters.a.sha256", "64 hexadecimal digits")),
        Case(
            "adapters: {a: {sha256: \(String(repeating: "g", count: 64))}}",
            ("1:24: adapters.a.sha256", "64 hexadecimal digits")),
    ]

    static let prices: [Case] =
        ["0", "-1", "0.0000000001", "free", "1_000", ".inf", "0x10", "4000000001", "''", "[1]", ""].map {
            Case(
                "adapters: {a: {prices: {altcha: \($0)}}}",
                ("1:33: adapters.a.prices.altcha", "a positive decimal number"))
        } + [
            Case("adapters: {a: {prices: 0.1}}", ("1:24: adapters.a.prices", "Such as `altcha: 0.0002`")),
            Case("adapters: {a: {prices: {Altcha: 1}}}", ("1:25: adapters.a.prices", "A task family is")),
        ]

    static let unitValues: [Case] =
        ["0", "-1", "1e-19", "free", "0x10", "4000000001", "''", "[1]", ""].map {
            Case("adapters: {a: {unitValue: \($0)}}", ("1:27: adapters.a.unitValue", "a positive decimal number"))
        }

    static let notYAML: [Case] = [
        Case("server:\n\tport: 1", ("2:1", "A tab cannot indent YAML. Use spaces.")),
        Case("server: [", ("2:1", "This is no valid YAML")),
        Case("server: 'open", ("1:14", "This is no valid YAML")),
        Case("server: {}\n---\nserver: {}", ("2:1", "This is no valid YAML (expected a single document")),
        Case("server: *nowhere", ("1:9", "This is no valid YAML (found undefined alias)")),
        Case("server: {}\nadmin: {}\nserver: {}", ("1:1", "`server` is given more than once")),
        Case("adapters:\n  a: {}\n  a: {}", ("2:3", "A key of this mapping is given more than once")),
        Case("server: {host: \u{1}}", ("1", "A character here has no place in YAML")),
    ]

    @Test(
        "Each problem is told with its line, its column, its key and what to do",
        arguments: [names, shapes, values].joined())
    func refused(refusal: Case) { check(refusal) }

    @Test("A price that is no positive exact amount is refused", arguments: prices)
    func pricesRefused(refusal: Case) { check(refusal) }

    @Test("A worth of a unit that is no positive decimal number is refused", arguments: unitValues)
    func unitValuesRefused(refusal: Case) { check(refusal) }

    @Test("Text that is no YAML is told with its place", arguments: notYAML)
    func notYAMLRefused(refusal: Case) { check(refusal) }

    @Test("All problems of a file are told at once, in its order")
    func allAtOnce() {
        check(
            Case(
                """
                tasks: {deadlineSeconds: 0}
                server:
                  port: x
                  hots: y
                adapters:
                  b: {enabled: 1, prices: {altcha: 0, Bad: 1}}
                  B: {}
                """,
                ("1:26: tasks.deadlineSeconds", ""), ("3:9: server.port", ""), ("4:3: server.hots", ""),
                ("6:16: adapters.b.enabled", ""), ("6:36: adapters.b.prices.altcha", ""),
                ("6:39: adapters.b.prices", ""),
                ("7:3: adapters.B", "")))
    }

    @Test("Nesting that would exhaust the reader's stack is refused", arguments: ["[", "{a: ", "- ", "? "])
    func deepNesting(opening: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration(String(repeating: opening, count: 50_000))
        }
        #expect(error?.description.contains("nested too deeply") == true)
        var lines = ""
        for depth in 0..<500 { lines += String(repeating: " ", count: depth) + "a:\n" }
        #expect(throws: ConfigurationError.self) { try configuration(lines) }
    }

    private func check(_ refusal: Case, sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: ConfigurationError.self, sourceLocation: sourceLocation) {
            try configuration(refusal.text)
        }
        guard let error else { return }
        #expect(error.problems.count == refusal.problems.count, "\(error)", sourceLocation: sourceLocation)
        for (line, expected) in zip(error.description.split(separator: "\n"), refusal.problems) {
            let start = "/etc/ucaptcha/ucaptcha.yaml:\(expected.place): "
            #expect(line.hasPrefix(start), "\(line) does not begin with \(start)", sourceLocation: sourceLocation)
            #expect(expected.part.isEmpty || line.contains(expected.part), "\(line)", sourceLocation: sourceLocation)
            #expect(line.hasSuffix(".") || line.hasSuffix("?"), "\(line)", sourceLocation: sourceLocation)
        }
    }
}
