import Foundation
import OutboundHTTP
import ProviderKit
import Synchronization
import TestSupport

/// The results of some exchanges, in the order in which they came.
final class Results: Sendable {
    private struct State {
        var results: [Result<HTTPResponse, HTTPFailure>] = []
    }

    private let state = Mutex(State())
    private let arrived = DispatchSemaphore(value: 0)

    var all: [Result<HTTPResponse, HTTPFailure>] { state.withLock { $0.results } }
    var count: Int { all.count }
    var failures: [HTTPFailure] {
        all.compactMap { result in
            if case .failure(let failure) = result { failure } else { nil }
        }
    }
    var statuses: [Int] { all.compactMap { try? $0.get().status } }

    var completion: @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void {
        { result in
            self.state.withLock { $0.results.append(result) }
            self.arrived.signal()
        }
    }

    /// Waits for one further result; false when none came in time.
    @discardableResult
    func wait(seconds: Double = patience) -> Bool { arrived.wait(timeout: .now() + seconds) == .success }
}

struct NoResult: Error {}

extension OutboundTransport {
    /// Sends and waits. Throws the failure, or `NoResult` when none came.
    func exchange(_ request: OutboundRequest) throws -> HTTPResponse {
        let results = Results()
        _ = send(request, completion: results.completion)
        guard results.wait(), let result = results.all.first else { throw NoResult() }
        return try result.get()
    }

    func exchange(_ url: String) throws -> HTTPResponse { try exchange(OutboundRequest(url: url, timeoutSeconds: 60)) }

    /// Sends and waits for what must fail; nil when it didn't.
    func failure(_ request: OutboundRequest) throws -> HTTPFailure? {
        do {
            _ = try exchange(request)
            return nil
        } catch let failure as HTTPFailure {
            return failure
        }
    }

    func failure(_ url: String) throws -> HTTPFailure? { try failure(OutboundRequest(url: url, timeoutSeconds: 15)) }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension VendorTransport {
    /// A transport that doesn't look at the environment.
    static func direct(
        caFile: String? = nil, limits: TransportLimits = .vendors,
        onEnd: @escaping @Sendable (ExchangeEnd) -> Void = { _ in }
    ) throws -> VendorTransport {
        try VendorTransport(proxies: ProxySettings.none, caFile: caFile, limits: limits, onEnd: onEnd)
    }
}
