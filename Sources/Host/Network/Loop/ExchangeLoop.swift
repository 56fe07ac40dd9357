internal import CLibcurl
internal import Domain
internal import ProviderKit

/// Drives libcurl's multi interface. Lives on one thread; others reach it through its inbox.
final class ExchangeLoop {
    private let multi: MultiHandle
    private let inbox: LoopInbox
    private let onEnd: @Sendable (Exchange, Result<HTTPResponse, HTTPFailure>) -> Void
    /// Everything that waits or is under way.
    private var exchanges: [UInt64: Exchange] = [:]
    private var schedule: OriginSchedule
    private var deadlines = DeadlineQueue()
    /// The easy handles that are at work, by exchange, and the other way round.
    private var handles: [UInt64: UnsafeMutableRawPointer] = [:]
    private var working: [UnsafeMutableRawPointer: UInt64] = [:]
    /// Easy handles in their initial state, for the next exchanges.
    private var spare: [UnsafeMutableRawPointer] = []
    private let spareBound: Int

    init(
        _ multi: MultiHandle, _ inbox: LoopInbox, _ limits: TransportLimits,
        onEnd: @escaping @Sendable (Exchange, Result<HTTPResponse, HTTPFailure>) -> Void
    ) {
        self.multi = multi
        self.inbox = inbox
        self.onEnd = onEnd
        schedule = OriginSchedule(perOrigin: limits.exchangesPerOrigin, total: limits.exchanges)
        spareBound = limits.exchangesPerOrigin
    }

    /// Returns after a stop, when every exchange has been completed.
    func run() {
        while takeMail() {
            endOverdue()
            startNext()
            perform()
            endFinished()
            // Places may have become free.
            startNext()
            wait()
        }
        // The last letters too are answered; after `close` there are no others.
        take(inbox.close())
        for id in exchanges.keys.sorted() { end(id, .cancelled) }
        for easy in spare { curl_easy_cleanup(easy) }
        curl_multi_cleanup(multi.pointer)
    }

    /// False when the loop is to stop.
    private func takeMail() -> Bool {
        let mail = inbox.take()
        take(mail)
        return !mail.isStopping
    }

    private func take(_ mail: LoopInbox.Mail) {
        for exchange in mail.arrived {
            exchanges[exchange.id] = exchange
            deadlines.add(exchange.id, deadline: exchange.deadline)
            schedule.add(exchange.id, to: exchange.origin)
        }
        for id in mail.cancelled { end(id, .cancelled) }
        deadlines.compact(live: exchanges.count, isLive: isLive)
    }

    private func isLive(_ id: UInt64) -> Bool { exchanges[id] != nil }

    private func endOverdue() {
        let now = MonotonicClock.nanoseconds
        while let id = deadlines.due(now: now, isLive: isLive) { end(id, .timeout) }
    }

    private func startNext() {
        while let id = schedule.next() {
            guard let exchange = exchanges[id] else { continue }
            guard let easy = spare.popLast() ?? curl_easy_init() else {
                let failure = HTTPFailure(.overloaded, sent: .no, "There is no memory for another request.")
                complete(exchange, .failure(failure))
                continue
            }
            handles[id] = easy
            working[easy] = id
            do throws(HTTPFailure) {
                try exchange.transfer.configure(easy)
            } catch {
                complete(exchange, .failure(error))
                continue
            }
            if curl_multi_add_handle(multi.pointer, easy) != CURLM_OK {
                complete(exchange, .failure(exchange.transfer.ended(.interrupted)))
            }
        }
    }

    private func perform() {
        var running: Int32 = 0
        guard curl_multi_perform(multi.pointer, &running) != CURLM_OK else { return }
        // libcurl is out of memory or in disorder; whoever is under way must not wait for it.
        for id in handles.keys.sorted() { end(id, .interrupted) }
    }

    private func endFinished() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.pointer, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let exchange = working[easy].flatMap({ exchanges[$0] })
            else { continue }
            complete(exchange, exchange.transfer.outcome(message.pointee.data.result, on: easy))
        }
    }

    private func wait() {
        var milliseconds: UInt64 = 60_000
        if let deadline = deadlines.earliest(isLive: isLive) {
            let now = MonotonicClock.nanoseconds
            milliseconds = deadline <= now ? 0 : min((deadline - now) / 1_000_000 + 1, milliseconds)
        }
        curl_multi_poll(multi.pointer, nil, 0, Int32(milliseconds), nil)
    }

    /// Ends an exchange that libcurl hasn't ended; no effect when it is no more.
    private func end(_ id: UInt64, _ kind: HTTPFailure.Kind) {
        guard let exchange = exchanges[id] else { return }
        complete(exchange, exchange.transfer.result(endedBy: kind))
    }

    /// The one place where an exchange ends: frees what it holds, then tells.
    private func complete(_ exchange: Exchange, _ result: Result<HTTPResponse, HTTPFailure>) {
        guard exchanges.removeValue(forKey: exchange.id) != nil else { return }
        if let easy = handles.removeValue(forKey: exchange.id) {
            working[easy] = nil
            curl_multi_remove_handle(multi.pointer, easy)
            recycle(easy)
            schedule.ended(at: exchange.origin)
        } else {
            schedule.remove(exchange.id, from: exchange.origin)
        }
        inbox.leave(exchange.transfer.request)
        onEnd(exchange, result)
        exchange.completion(result)
    }

    /// Wipes the request off the handle: URL, headers and body may hold a key.
    private func recycle(_ easy: UnsafeMutableRawPointer) {
        guard spare.count < spareBound else {
            curl_easy_cleanup(easy)
            return
        }
        curl_easy_reset(easy)
        spare.append(easy)
    }
}
