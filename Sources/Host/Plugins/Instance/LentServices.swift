internal import CProviderABI
import ProviderKit

/// The services that the plug-in reaches through the host's table.
extension PluginInstance {
    // MARK: HTTP

    func send(_ id: UInt64, _ bytes: ucaptcha_bytes, _ exchange: Exchange) {
        let request: HTTPRequest
        switch read(bytes) {
        case .success(let read): request = read
        case .failure(let failure): return refuse(exchange, failure)
        }
        monitor.lock()
        guard let call = calls[id], call.state == .running else {
            monitor.unlock()
            return refuse(exchange, HTTPFailure(.cancelled, sent: .no, "The call is not running."))
        }
        guard call.exchanges.count < limits.exchangesPerCall else {
            monitor.unlock()
            return refuse(exchange, HTTPFailure(.overloaded, sent: .no, "The call has too many exchanges open."))
        }
        monitor.unlock()
        let prepared: RequestRules.Prepared
        do {
            prepared = try rules.prepare(request, for: call.request)
        } catch {
            return refuse(exchange, error)
        }
        exchange.mask = prepared.mask
        monitor.lock()
        guard call.state == .running else {
            monitor.unlock()
            return refuse(exchange, HTTPFailure(.cancelled, sent: .no, "The call has ended."))
        }
        call.exchanges.append(exchange)
        monitor.unlock()
        let cancel = environment.http.send(prepared.request, over: prepared.transport) { [self] result in
            arrived(exchange, of: call, result)
        }
        monitor.lock()
        let hasEnded = !exchange.isOpen
        if !hasEnded { exchange.cancel = cancel }
        monitor.unlock()
        // The call may have ended before there was anything to cancel.
        if hasEnded { cancel() }
    }

    private func read(_ bytes: ucaptcha_bytes) -> Result<HTTPRequest, HTTPFailure> {
        guard bytes.count <= limits.messageBytes else {
            return .failure(HTTPFailure(.refused, sent: .no, "The request is larger than the host allows."))
        }
        do {
            return .success(try HTTPRequest(crossing: bytes.buffer))
        } catch {
            let reason = LogText.plain(error.description, limit: 200)
            return .failure(HTTPFailure(.refused, sent: .no, "The request is not of the contract: \(reason)."))
        }
    }

    /// The transport tells how an exchange ended.
    private func arrived(_ exchange: Exchange, of call: PluginCall, _ result: Result<HTTPResponse, HTTPFailure>) {
        monitor.lock()
        guard exchange.isOpen else { return monitor.unlock() }
        call.exchanges.removeAll { $0 === exchange }
        exchange.cancel = nil
        switch result {
        case .success(let response):
            call.mayHaveSent = true
            exchange.reply = .response(response)
        case .failure(let failure):
            if failure.sent == .maybe { call.mayHaveSent = true }
            exchange.reply = .failure(failure)
        }
        let wake = answers?.add(exchange) ?? false
        monitor.unlock()
        if wake { answers?.wake() }
    }

    private func refuse(_ exchange: Exchange, _ failure: HTTPFailure) {
        count(.refusedExchange)
        exchange.mask = nil
        exchange.reply = .failure(failure)
        answer(exchange)
    }

    /// Runs a job on the answers' lane. When that has more than it may, whoever asks runs it: an adapter that asks
    /// faster than it listens waits for itself.
    private func answer(_ job: any LaneJob) {
        monitor.lock()
        guard let answers, answers.waiting < limits.waitingAnswers else {
            monitor.unlock()
            return job.run()
        }
        let wake = answers.add(job)
        monitor.unlock()
        if wake { answers.wake() }
    }

    // MARK: Time

    func wait(_ id: UInt64, nanoseconds: UInt64, _ wait: Wait) {
        monitor.lock()
        guard let call = calls[id], call.state == .running, call.waits.count < limits.waitsPerCall else {
            monitor.unlock()
            return answer(wait)
        }
        call.waits.append(wait)
        let now = Clocks.monotonicNanoseconds
        TimerQueue.shared.schedule(wait, at: now &+ min(nanoseconds, UInt64(nanosecondsIn: 1e9)))
        monitor.unlock()
    }

    func waitIsOver(_ wait: Wait, call id: UInt64) {
        monitor.lock()
        guard let call = calls[id], let place = call.waits.firstIndex(where: { $0 === wait }), let answers else {
            return monitor.unlock()
        }
        call.waits.remove(at: place)
        let wake = answers.add(wait)
        monitor.unlock()
        if wake { answers.wake() }
    }

    // MARK: Log

    func write(_ level: Int32, _ message: ucaptcha_bytes) {
        if !logGate.write(level, message.buffer, nowNanoseconds: Clocks.monotonicNanoseconds) {
            count(.droppedLogLine)
        }
    }
}
