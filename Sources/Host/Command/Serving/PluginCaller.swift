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
            case .failure(let failure):
                completion(
                    CallAnswer(
                        .fault(PluginCaller.fault(failure)), sent: result.sent, crashed: failure == .crashed))
            }
        }.number
    }

    func cancel(_ call: UInt64) {
        instance.cancel(CallID(number: call))
    }

    private static func fault(_ failure: CallFailure) -> Fault {
        switch failure {
        case .overdue, .abandoned, .crashed: Fault(.transport, failure.sentence)
        case .blocked: Fault(.protocolError, failure.sentence)
        case .overloaded, .restarting: Fault(.overloaded, failure.sentence)
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
