internal import CLibcurl
internal import Domain
internal import ProviderKit

/// libcurl on a thread of its own: what both transports are made of.
final class ExchangeEngine: Sendable {
    private let inbox: LoopInbox
    private let thread: LoopThread
    private let options: TransferOptions

    /// - Parameters:
    ///   - name: of the thread, at most 15 characters.
    ///   - label: what the metrics call every origin; nil for the host of the URL.
    init(
        name: String, label: String?, options: TransferOptions, limits: TransportLimits,
        onEnd: @escaping @Sendable (ExchangeEnd) -> Void
    ) throws(TransportUnavailable) {
        guard Self.isLibraryReady, let pointer = curl_multi_init() else {
            throw TransportUnavailable(description: "libcurl could not be started; is there enough memory?")
        }
        let multi = MultiHandle(pointer: pointer)
        curl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, options.reusesConnections ? Limits.keptConnections : 1)
        curl_multi_set_long(
            pointer, CURLMOPT_PIPELINING, Int(options.reusesConnections ? CURLPIPE_MULTIPLEX : CURLPIPE_NOTHING))
        let inbox = LoopInbox(limits, multi)
        let thread = LoopThread(name: name) {
            ExchangeLoop(multi, inbox, limits) { exchange, result in
                let seconds = Double(MonotonicClock.nanoseconds - exchange.begun) / 1e9
                onEnd(ExchangeEnd(origin: label ?? exchange.origin.host, result: result, seconds: seconds))
            }.run()
        }
        guard let thread else {
            curl_multi_cleanup(pointer)
            throw TransportUnavailable(description: "No thread could be started for outbound HTTP.")
        }
        self.inbox = inbox
        self.thread = thread
        self.options = options
    }

    func send(_ request: OutboundRequest, completion: @escaping ExchangeCompletion) -> ExchangeHandle {
        do throws(HTTPFailure) {
            let begun = MonotonicClock.nanoseconds
            let transfer = Transfer(try RequestCheck.check(request), options)
            let id = try inbox.post(transfer, begun: begun, completion: completion).get()
            let inbox = inbox
            return ExchangeHandle { inbox.cancel(id) }
        } catch {
            completion(.failure(error))
            return ExchangeHandle {}
        }
    }

    func shutdown() {
        inbox.stop()
        thread.join()
    }

    /// Once in a process, whoever comes first.
    static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
