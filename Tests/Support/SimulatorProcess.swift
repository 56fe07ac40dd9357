import Foundation
public import ProviderKit

/// The executable `provider-simulator` on free ports; it ends with the value or with the tests' process.
public final class SimulatorProcess {
    /// A key of every vendor with 10 units, and one with nothing.
    public static let key = "0123456789abcdef0123456789abcdef"
    public static let poorKey = "00000000000000000000000000000000"

    /// What it printed: addresses by vendor, and `control`.
    public let addresses: JSONValue
    private let process = Process()
    private let input = Pipe()

    /// Starts it and waits until it listens.
    ///
    /// - Parameters:
    ///   - timeScale: how many times as fast as wall time the vendors' time goes.
    ///   - arguments: further options.
    public init(timeScale: Int = 1, _ arguments: [String] = []) throws {
        let output = Pipe()
        process.executableURL = Repository.build.appending(path: "provider-simulator")
        let vendors = ["2captcha", "capsolver", "anticaptcha", "capmonster", "multibot"]
        let keys = vendors.flatMap { ["--key", "\($0)=\(Self.key):10", "--key", "\($0)=\(Self.poorKey):0"] }
        process.arguments =
            ["--ports-from", "0", "--json", "--until-input-ends", "--time-scale", "\(timeScale)"] + keys + arguments
        process.standardOutput = output
        process.standardInput = input
        try process.run()
        addresses = (try? JSONValue(parsing: output.fileHandleForReading.next())) ?? .null
        guard addresses["control"] != nil else { throw TestFailure("provider-simulator did not start.") }
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The base address of a vendor, such as `http://127.0.0.1:40000`.
    public func address(of vendor: String) -> String { addresses[vendor]?["address"]?.string ?? "" }

    /// The port of a vendor; of `control` the control port.
    public func port(of vendor: String) -> Int {
        let address = vendor == "control" ? addresses["control"]?.string ?? "" : address(of: vendor)
        return address.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    /// Asks the control port, with a POST when there is a body.
    public func control(_ path: String, _ body: JSONValue? = nil) throws -> JSONValue {
        let connection = try LoopbackHTTP(port: port(of: "control"))
        return try (body.map { try connection.post(path, $0) } ?? connection.get(path)).json
    }
}
