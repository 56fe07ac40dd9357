import ProviderKit

/// The host's first message to the process of an adapter: what to load, and within which bounds.
struct ChildOrder: Equatable {
    /// The plug-in's file as the operator knows it; the process gets it opened.
    var file: String
    var memoryBytes: Int
    var returnMilliseconds: Int
    var messageBytes: Int
    /// The host: when it is gone, so is the reason to live.
    var hostProcess: Int32

    init(file: String, limits: PluginLimits, hostProcess: Int32) {
        self.file = file
        memoryBytes = limits.memoryBytes
        returnMilliseconds = limits.returnMilliseconds
        messageBytes = limits.messageBytes
        self.hostProcess = hostProcess
    }

    var bytes: [UInt8] {
        JSONValue.object([
            "file": .string(file), "memoryBytes": .number(JSONNumber(memoryBytes)),
            "returnMilliseconds": .number(JSONNumber(returnMilliseconds)),
            "messageBytes": .number(JSONNumber(messageBytes)), "hostProcess": .number(JSONNumber(hostProcess)),
        ]).bytes
    }

    init?(reading bytes: some Sequence<UInt8>) {
        guard let value = try? JSONValue(parsing: bytes), let file = value["file"]?.string,
            let memory = value["memoryBytes"]?.integer, let patience = value["returnMilliseconds"]?.integer,
            let message = value["messageBytes"]?.integer, let host = value["hostProcess"]?.integer
        else { return nil }
        self.file = file
        memoryBytes = Int(memory)
        returnMilliseconds = Int(patience)
        messageBytes = Int(message)
        hostProcess = Int32(truncatingIfNeeded: host)
    }

    /// The bounds for what runs in the process.
    var limits: PluginLimits {
        var limits = PluginLimits()
        limits.memoryBytes = memoryBytes
        limits.returnMilliseconds = returnMilliseconds
        limits.messageBytes = messageBytes
        return limits
    }
}

extension PluginRefusal {
    /// The refusal as it crosses to the host.
    var crossing: [UInt8] { JSONValue.object(["label": .string(label), "sentence": .string(description)]).bytes }

    init(crossing bytes: some Sequence<UInt8>) {
        let value = (try? JSONValue(parsing: bytes)) ?? .null
        self = .byProcess(
            label: LogText.plain(value["label"]?.string ?? "unknown", limit: 40),
            sentence: LogText.plain(value["sentence"]?.string ?? "It gives no reason.", limit: 1000))
    }
}
