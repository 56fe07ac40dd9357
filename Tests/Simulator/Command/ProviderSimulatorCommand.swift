import ArgumentParser
import Dispatch
import Domain
import Foundation
import ProviderKit
import ProviderSimulator

/// Plays the vendors on loopback ports until it is stopped.
@main
struct ProviderSimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider-simulator",
        abstract: "Plays 2Captcha, CapSolver, Anti-Captcha, CapMonster Cloud and Multibot on loopback ports.",
        discussion: """
            Each vendor answers as it is documented and solves every task of its families with made-up answers.
            The control port tells what was asked and charged, and takes scripts; see docs/simulator.md.
            """)

    @Option(help: "The port of the first vendor; the others and the control port follow. 0 takes free ports.")
    var portsFrom = 9100

    @Option(help: "Decides everything that is drawn by chance.")
    var seed: UInt64 = 1

    @Option(help: "A JSON file with how the vendors behave over time.")
    var script: String?

    @Option(help: "A key and what it has, VENDOR=KEY:BALANCE; may be repeated. Vendors without one get a demo key.")
    var key: [String] = []

    @Option(help: "How many times as fast as on the wall time goes for the vendors.")
    var timeScale = 1.0

    @Flag(help: "Count no requests: no bans, no rate limits, no poll budgets.")
    var noLimits = false

    @Flag(help: "Print the addresses and keys as one JSON object.")
    var json = false

    @Flag(help: "End at the end of the standard input, for programs that start it.")
    var untilInputEnds = false

    mutating func run() async throws {
        let accounts = try accounts()
        var world = SimulatedWorld(seed: seed, accounts: accounts, script: try readScript())
        if noLimits {
            for vendor in Vendor.allCases { world.vendors[vendor]?.limits = VendorLimits(of: vendor).withoutRates }
        }
        let clock = SimulatorClock.wall(scale: timeScale)
        let server = try await SimulatorServer.start(world, clock: clock, portsFrom: portsFrom)
        FileHandle.standardOutput.write(Data((json ? description(server, accounts) : text(server, accounts)).utf8))
        await end()
    }

    /// Returns at a signal to stop or, when asked for, at the end of the standard input.
    private func end() async {
        let (ends, continuation) = AsyncStream<Void>.makeStream()
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
        if untilInputEnds {
            Thread.detachNewThread {
                while !FileHandle.standardInput.availableData.isEmpty {}
                continuation.yield()
            }
        }
        for await _ in ends { break }
        for source in sources { source.cancel() }
    }

    private func accounts() throws -> [Vendor: [String: Money]] {
        var accounts: [Vendor: [String: Money]] = [:]
        for text in key {
            guard let equals = text.firstIndex(of: "="), let colon = text.lastIndex(of: ":"), equals < colon,
                let vendor = Vendor(rawValue: String(text[..<equals])),
                let balance = Money(decimal: text[text.index(after: colon)...])
            else {
                let names = Vendor.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("`\(text)` is not VENDOR=KEY:BALANCE with a vendor of \(names).")
            }
            accounts[vendor, default: [:]][String(text[text.index(after: equals)..<colon])] = balance
        }
        for vendor in Vendor.allCases where accounts[vendor] == nil {
            accounts[vendor] = [vendor.demoKey: Money(decimal: vendor == .multibot ? "10000" : "100") ?? .zero]
        }
        return accounts
    }

    private func readScript() throws -> SimulatorScript {
        guard let script else { return SimulatorScript() }
        do {
            let data = try Data(contentsOf: URL(filePath: script))
            return try SimulatorScript(JSONValue(parsing: data))
        } catch let error as ScriptError {
            throw ValidationError("\(script): \(error.description)")
        } catch let error as JSONError {
            throw ValidationError("\(script) is no JSON: \(error.description).")
        } catch {
            throw ValidationError("\(script) cannot be read.")
        }
    }

    private func text(_ server: SimulatorServer, _ accounts: [Vendor: [String: Money]]) -> String {
        let lines = Vendor.allCases.map { vendor in
            let keys = (accounts[vendor] ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
            let name = vendor.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0)
            return "\(name)\(server.address(of: vendor))  key \(keys.joined(separator: ", "))\n"
        }
        return lines.joined() + "control     http://127.0.0.1:\(server.controlPort)\n"
    }

    private func description(_ server: SimulatorServer, _ accounts: [Vendor: [String: Money]]) -> String {
        var reply = JSONObject()
        for vendor in Vendor.allCases {
            let keys = (accounts[vendor] ?? [:]).keys.sorted().map { JSONValue.string($0) }
            reply[vendor.rawValue] = ["address": .string(server.address(of: vendor)), "keys": .array(keys)]
        }
        reply["control"] = .string("http://127.0.0.1:\(server.controlPort)")
        return JSONValue.object(reply).text + "\n"
    }
}
