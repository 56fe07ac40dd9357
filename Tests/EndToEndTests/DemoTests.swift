import Foundation
import TestSupport
import TestTraits
import Testing

/// `make demo` as it is typed, on this build.
@Suite("The demo", .waitsForPrograms, .serialized)
struct DemoTests {
    private let script = Repository.root.appending(path: "scripts/demo.sh")
    private let environment = ["UCAPTCHA_BUILD": Repository.build.path]

    @Test("Every vendor solves what it sells, the ledger fits, and nothing is left over")
    func once() throws {
        let before = try leftovers()
        let port = try freePorts()
        let done = try run(script, ["--once", "--no-build", "--port", "\(port)"], environment: environment)
        #expect(done.status == 0, "\(done.output)\(done.errors)")
        // Without libtesseract the adapter native reads no pictures.
        let table = done.output.components(separatedBy: "\n")
        #expect([27, 28].contains(done.output.components(separatedBy: "ok ").count - 1), "\(done.output)")
        for (family, adapters) in [
            ("reCAPTCHA v2", 5), ("reCAPTCHA v3", 4), ("Turnstile", 5), ("GeeTest v4", 4), ("ALTCHA", 4),
        ] {
            let row = table.first { $0.contains(family) } ?? ""
            #expect(row.components(separatedBy: "ok ").count - 1 == adapters, "\(done.output)")
        }
        // Keys were handed over: each vendor's charges are the owner's credit, and no secret was found.
        #expect(done.output.components(separatedBy: "and its owner was credited").count == 3, "\(done.output)")
        #expect(done.output.contains("no key is in the clear in 6 files"), "\(done.output)")
        #expect(done.output.contains("The ledger fits"), "\(done.output)")
        #expect(try leftovers() == before)
        #expect(throws: TestFailure.self) { try LoopbackHTTP(port: port) }
        #expect(throws: TestFailure.self) { try LoopbackHTTP(port: port + 2) }
    }

    @Test("A port that is taken, and an option that there is not, are told before anything is started")
    func refusals() throws {
        let simulator = try SimulatorProcess()
        let taken = simulator.port(of: "control")
        let onTaken = try run(script, ["--once", "--no-build", "--port", "\(taken - 3)"], environment: environment)
        #expect(onTaken.status == 1 && onTaken.errors.contains("is taken"), "\(onTaken.errors)")
        #expect(onTaken.errors.contains("make demo ARGS='--port"), "\(onTaken.errors)")
        let unknown = try run(script, ["--twice"], environment: environment)
        #expect(unknown.status == 1 && unknown.errors.contains("no option '--twice'"), "\(unknown.errors)")
    }

    private func leftovers() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Repository.root.appending(path: ".build").path)
            .filter { $0.hasPrefix("demo.") }
    }

    /// The first of eight ports in a row on which nobody listens.
    private func freePorts() throws -> Int {
        let first = stride(from: 20_000 + Int(getpid() % 1_000) * 8, to: 32_000, by: 8).first { port in
            (port..<port + 8).allSatisfy { (try? LoopbackHTTP(port: $0)) == nil }
        }
        guard let first else { throw TestFailure("There are no eight free ports in a row.") }
        return first
    }
}
