import OutboundHTTP
import Plugins
import ProviderKit
import Tasks

/// The engine's way to an adapter: calls of one plug-in instance.
struct PluginCaller: ProviderCalling {
    let instance: PluginInstance

    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 {
        instance.call(request, deadlineSeconds: deadlineSeconds) { result in
            switch result.outcome {
            case .reply(let reply): completion(CallAnswer(reply, sent: result.sent))
            case .failure(let failure): completion(CallAnswer(.fault(PluginCaller.fault(failure)), sent: result.sent))
            }
        }.number
    }

    func cancel(_ call: UInt64) {
        instance.cancel(CallID(number: call))
    }

    private static func fault(_ failure: CallFailure) -> Fault {
        switch failure {
        case .overdue, .abandoned: Fault(.transport, failure.sentence)
        case .blocked: Fault(.protocolError, failure.sentence)
        case .overloaded: Fault(.overloaded, failure.sentence)
        }
    }
}

/// The transports as they are lent to adapters.
struct LentTransports: LentHTTP {
    let vendors: VendorTransport
    let addresses: ClientAddressTransport

    func send(
        _ request: HTTPRequest, over transport: LentTransport,
        completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
    ) -> @Sendable () -> Void {
        let request = OutboundRequest(
            method: request.method, url: request.url, headers: request.headers, body: request.body,
            timeoutSeconds: request.timeoutSeconds)
        let handle =
            switch transport {
            case .vendor: vendors.send(request, completion: completion)
            case .clientAddress: addresses.send(request, completion: completion)
            }
        return { handle.cancel() }
    }
}

/// The keys that the configuration refers to, for one adapter.
struct ConfiguredKeys: CredentialSource {
    /// The keys by their placeholders.
    private let byPlaceholder: [String: [UInt8]]

    init(_ keys: [(placeholder: String, key: [UInt8])]) {
        byPlaceholder = Dictionary(keys.map { ($0.placeholder, $0.key) }) { first, _ in first }
    }

    func key(for placeholder: String) -> [UInt8]? { byPlaceholder[placeholder] }
    func keys() -> [[UInt8]] { Array(byPlaceholder.values) }
}
