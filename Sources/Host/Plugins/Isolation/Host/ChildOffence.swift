/// Why the host ends the process of an isolated adapter.
enum ChildOffence: Equatable {
    /// It has more memory than it may have, in bytes.
    case memory(Int)
    /// It gave no sign of life for so many seconds.
    case silent(Double)
    /// A function of the plug-in did not return within so many milliseconds.
    case blocked(Int)
    /// It was not ready within so many seconds of its start.
    case late(Double)
    /// It kept a processor busy for so many seconds with no call open.
    case busy(Double)
    /// It has not completed so many calls that were given up.
    case owes(Int)
    /// It does not read what it is sent, or sends what is no message.
    case deaf, nonsense
    /// The plug-in refuses, when it is started again, what it accepted before.
    case refuses(String)

    /// A clause.
    var clause: String {
        switch self {
        case .memory(let bytes): "its process was ended because it had \(bytes / 1_048_576) MiB of memory"
        case .silent(let seconds): "its process was ended because it gave no sign of life for \(seconds) seconds"
        case .blocked(let milliseconds):
            "its process was ended because a function did not return within \(milliseconds) ms"
        case .late(let seconds): "its process was ended because it was not ready within \(seconds) seconds"
        case .busy(let seconds):
            "its process was ended because it kept a processor busy for \(seconds) seconds without a call"
        case .owes(let count):
            "its process was ended because it did not complete \(count) calls that had been given up"
        case .deaf: "its process was ended because it did not read what it was sent"
        case .nonsense: "its process was ended because what it sent made no sense"
        case .refuses(let sentence): "its new process refused to work: \(sentence)"
        }
    }

    var event: PluginEvent {
        switch self {
        case .memory: .greedyProcess
        case .silent, .blocked, .late, .busy, .owes, .deaf: .hungProcess
        case .nonsense, .refuses: .crashedProcess
        }
    }
}
