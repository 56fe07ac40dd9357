import ProviderKit

/// What is left to do without the lock when a call has ended for the host.
struct CallClosing {
    fileprivate var cancels: [@Sendable () -> Void] = []
    fileprivate var wake = false

    func finish(_ answers: Lane?) {
        if wake { answers?.wake() }
        for cancel in cancels { cancel() }
    }
}

extension PluginInstance {
    /// Ends the exchanges and waits of a call; the plug-in is told so, once each. Under the lock.
    func close(_ call: PluginCall) -> CallClosing {
        var closing = CallClosing()
        guard !call.exchanges.isEmpty || !call.waits.isEmpty else { return closing }
        for exchange in call.exchanges {
            exchange.reply = .failure(
                HTTPFailure(.cancelled, sent: .maybe, "The call that the request belonged to has ended."))
            if let cancel = exchange.cancel { closing.cancels.append(cancel) }
            exchange.cancel = nil
            if answers?.add(exchange) == true { closing.wake = true }
        }
        call.exchanges = []
        for wait in call.waits {
            TimerQueue.shared.cancel(wait)
            if answers?.add(wait) == true { closing.wake = true }
        }
        call.waits = []
        return closing
    }
}
