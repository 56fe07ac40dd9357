import Domain
import Foundation
import ProviderKit
import Testing

@testable import Config

/// Reads a text as the file /etc/ucaptcha/ucaptcha.yaml.
func configuration(_ text: String) throws(ConfigurationError) -> Configuration {
    try Configuration(yaml: text, file: "/etc/ucaptcha/ucaptcha.yaml")
}

@Suite("Reading a configuration")
struct ConfigurationTests {
    @Test("Adapters are of one vendor by their plug-in, whatever they are called and wherever they reach it")
    func vendors() throws {
        let read = try configuration(
            """
            adapters:
              capsolver: {enabled: true}
              clone: {enabled: true, plugin: capsolver}
              near: {enabled: true, plugin: capsolver, endpoint: "https://one.example/a"}
              other: {enabled: true, plugin: anticaptcha, endpoint: "https://one.example"}
            """)
        let names = ["capsolver", "clone", "near", "other", "unknown"]
        #expect(names.map(read.vendor(of:)) == ["capsolver", "capsolver", "capsolver", "anticaptcha", "unknown"])
    }

    @Test("What a file leaves out has its default", arguments: ["", "# nothing\n", "server:\nadapters:\n", "{}", "~"])
    func defaults(text: String) throws {
        let read = try configuration(text)
        #expect(read.server == .init(host: "127.0.0.1", port: 8080))
        #expect(read.admin == .init(host: "127.0.0.1", port: 9090))
        #expect(read.callers == .init(trustedProxies: [], requests: 10_000, seconds: 10))
        #expect(read.tls == nil)
        #expect(read.database == .init(path: "/etc/ucaptcha/ucaptcha.sqlite", synchronous: .full))
        #expect(read.plugins.directory == "/etc/ucaptcha/plugins")
        #expect(read.tasks.deadlineSeconds == Limits.taskDeadlineSeconds && read.tasks.deadlines.isEmpty)
        #expect(read.tasks.resultSeconds == 3600)
        #expect(read.routing.policy == .adaptive)
        #expect(read.dialects == DialectRules())
        #expect(read.vault.masterKey == nil)
        #expect(read.pricing.margin == .zero)
        #expect(read.refunds.dailyLimit == Money(decimal: "1"))
        #expect(
            read.recycling
                == .init(
                    enabled: true, driftThreshold: try #require(Money(decimal: "1")),
                    packageThreshold: try #require(Money(decimal: "10"))))
        #expect(read.adapters.isEmpty)
    }

    @Test("Every key is read")
    func everyKey() throws {
        let read = try configuration(
            """
            server:
              host: "::"
              port: 80
              rootDialect: 2captcha
              dialects: {API.capsolver.com: capsolver}
            admin: {host: admin.internal, port: 0}
            database: {path: /var/lib/money.db, synchronous: off}
            plugins: {directory: ../lib}
            tasks:
              deadlineSeconds: 3600
              resultSeconds: 86400
              deadlines: {imageToText: 60, altcha: 1}
            routing: {policy: published}
            vault: {masterKey: "file:secrets/master"}
            pricing: {margin: 0.125}
            refunds: {dailyLimit: 0}
            recycling: {enabled: false, driftThreshold: 0.000000001, packageThreshold: 7, tasksPerKey: 3}
            adapters:
              native: {enabled: true, isolation: none}
              my-clone:
                tasksPerKey: 50
                enabled: false
                plugin: 2captcha
                endpoint: http://127.0.0.1:9000/v2/
                keys:
                  - env:FIRST
                  - "file:keys/second"
                prices:
                  altcha: 0.000000001
                  hcaptcha: "2.99e-3"
                unitValue: 2.5e-4
                sha256: E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855
                isolation: process
            """)
        #expect(read.server == .init(host: "::", port: 80))
        #expect(read.admin == .init(host: "admin.internal", port: 0))
        #expect(read.database == .init(path: "/var/lib/money.db", synchronous: .off))
        #expect(read.plugins.directory == "/etc/ucaptcha/../lib")
        #expect(read.tasks.deadlineSeconds == 3600 && read.tasks.resultSeconds == 86_400)
        #expect(read.tasks.seconds(for: .altcha) == 1 && read.tasks.seconds(for: .imageToText) == 60)
        #expect(read.tasks.seconds(for: .turnstile) == 3600)
        #expect(read.routing.policy == .published)
        #expect(read.dialects == DialectRules(root: .twoCaptcha, hosts: ["api.capsolver.com": .capsolver]))
        #expect(read.vault.masterKey?.path == "/etc/ucaptcha/secrets/master")
        #expect(read.pricing.margin == Margin(decimal: "0.125"))
        #expect(read.refunds.dailyLimit == .zero)
        #expect(
            read.recycling
                == .init(
                    enabled: false, driftThreshold: try #require(Money(nanos: 1)),
                    packageThreshold: try #require(Money(decimal: "7")), tasksPerKey: 3))
        #expect(read.adapters.map(\.name) == ["my-clone", "native"])
        #expect(read.enabledAdapters.map(\.name) == ["native"])
        #expect(read.adapters[1].plugin == "native")
        #expect(read.adapters[1].keys.isEmpty && read.adapters[1].prices.isEmpty)
        let clone = read.adapters[0]
        #expect(clone.plugin == "2captcha")
        #expect(clone.tasksPerKey == 50 && read.adapters[1].tasksPerKey == nil)
        #expect(clone.endpoint == "http://127.0.0.1:9000/v2")
        #expect(clone.keys.map(\.description) == ["env:FIRST", "file:keys/second"])
        #expect(clone.prices[.altcha] == Money(nanos: 1))
        #expect(try clone.prices[#require(TaskFamily(rawValue: "hcaptcha"))] == Money(nanos: 2_990_000))
        #expect(clone.unitValue == UnitValue(decimal: "0.00025"))
        #expect(read.adapters[1].unitValue == nil)
        #expect(clone.isolation == .process && read.adapters[1].isolation == .shared)
        #expect(clone.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test("Every key about callers and TLS is read")
    func callers() throws {
        let read = try configuration(
            """
            server:
              plainPort: 0
              trustedProxies: [10.0.0.0/8, "::ffff:192.0.2.1", "2001:db8::/32"]
              rateLimit: {requests: 0, seconds: 60}
              tls: {certificate: tls/server.pem, key: /etc/key.pem}
            """)
        #expect(read.callers.trustedProxies.map(\.description) == ["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"])
        #expect(read.callers.requests == nil && read.callers.seconds == 60)
        #expect(read.tls == .init(certificate: "/etc/ucaptcha/tls/server.pem", key: "/etc/key.pem", plainPort: 0))
    }

    @Test("A price is the amount that its text says, to the last digit")
    func exactPrices() throws {
        // As a 64-bit floating-point number this would end in ...67.
        let read = try configuration("adapters: {native: {prices: {altcha: 123456789.123456789}}}")
        #expect(read.adapters.first?.prices[.altcha]?.description == "123456789.123456789")
    }

    @Test("Relative paths are relative to the folder of the file, wherever the process works")
    func pathsOfARelativeFile() throws {
        let read = try Configuration(yaml: "", file: "run/ucaptcha.yaml")
        let here = FileManager.default.currentDirectoryPath
        #expect(read.database.path == "\(here)/run/ucaptcha.sqlite")
        let bare = try Configuration(yaml: "", file: "ucaptcha.yaml")
        #expect(bare.plugins.directory == "\(here)/plugins")
        let top = try Configuration(yaml: "", file: "/ucaptcha.yaml")
        #expect(top.plugins.directory == "/plugins")
    }

    @Test("Anchors and aliases of YAML are resolved")
    func aliases() throws {
        let read = try configuration("adapters: {a: &one {enabled: true, plugin: native}, b: *one}")
        #expect(read.adapters.map(\.name) == ["a", "b"])
        #expect(read.adapters[0].plugin == read.adapters[1].plugin)
        #expect(read.enabledAdapters.count == 2)
    }

    @Test("A file is read from the disk")
    func fromDisk() throws {
        try withFolder { folder in
            try Data("server: {port: 1}".utf8).write(to: folder.appending(path: "c.yaml"))
            let read = try Configuration(file: folder.appending(path: "c.yaml").path)
            #expect(read.server.port == 1)
            #expect(read.database.path == folder.appending(path: "ucaptcha.sqlite").path)
        }
    }

    @Test("A file that cannot be read is named with the reason")
    func unreadableFiles() throws {
        try withFolder { folder in
            try Data([0x61, 0xFF]).write(to: folder.appending(path: "latin.yaml"))
            try Data(count: Limits.configurationBytes + 1).write(to: folder.appending(path: "large.yaml"))
            #expect(mkfifo(folder.appending(path: "pipe.yaml").path, 0o600) == 0)
            let sentences = [
                "none.yaml": "no such file", "latin.yaml": "not UTF-8", "large.yaml": "larger than",
                "": "no regular file",
                "pipe.yaml": "no regular file",
            ]
            for (name, sentence) in sentences {
                let path = folder.appending(path: name).path
                let error = #expect(throws: ConfigurationError.self) { try Configuration(file: path) }
                #expect(error?.description.hasPrefix("\(path): ") == true)
                #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
            }
        }
    }
}

/// Runs the body with a folder of its own, which is removed afterwards.
func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ucaptcha-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
}
