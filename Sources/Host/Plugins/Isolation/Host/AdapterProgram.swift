import Glibc

/// The program that runs an isolated adapter: the host's own, told to be an adapter's process.
public struct AdapterProgram: Sendable, Hashable {
    /// The executable.
    public var path: String
    /// What makes it be an adapter's process.
    public var subcommand: String

    /// The program of this process, whatever has become of its file meanwhile.
    public static let own = AdapterProgram(path: "/proc/self/exe", subcommand: "adapter-process")

    public init(path: String, subcommand: String) {
        self.path = path
        self.subcommand = subcommand
    }

    /// The variables that an adapter's process gets of the host's environment: what programs and libraries need to run
    /// at all. References to keys are not among them.
    static let inherited = ["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH"]

    /// The environment of an adapter's process, as `NAME=VALUE`.
    static func environment(_ read: (String) -> String?) -> [String] {
        // The runtime's own account of a crash would take longer than the start of another process.
        inherited.compactMap { name in read(name).map { "\(name)=\($0)" } } + ["SWIFT_BACKTRACE=enable=no"]
    }

    /// Arguments of the program: `adapter` is there for whoever looks at the list of processes.
    func arguments(for adapter: String) -> [String] { ["ucaptcha", subcommand, adapter] }
}
