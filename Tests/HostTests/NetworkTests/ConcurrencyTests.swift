import Foundation
import OutboundHTTP
import ProviderKit
import Synchronization
import TestSupport
import Testing

@Suite("Many exchanges at once")
struct ConcurrencyTests {
    /// A peer that answers nothing until it is told to.
    private func holdingPeer(_ gate: DispatchSemaphore) throws -> NetworkPeer {
        try NetworkPeer { connection in
            while connection.request() != nil {
                gate.wait()
                gate.signal()
                guard connection.respond() else { return }
            }
        }
    }

    private func limits(running: Int, waiting: Int) -> TransportLimits {
        TransportLimits(exchangesPerOrigin: running, waitingPerOrigin: waiting)
    }

    @Test("200 exchanges share the connections that one origin may have, and all are answered")
    func bounded() throws {
        let gate = DispatchSemaphore(value: 0)
        let peer = try holdingPeer(gate)
        defer { peer.close() }
        let transport = try VendorTransport.direct(limits: limits(running: 8, waiting: 192))
        let results = Results()
        for _ in 0..<200 { _ = transport.send(OutboundRequest(url: peer.url), completion: results.completion) }
        #expect(peer.events.wait(for: "request", count: 8))
        // The transport's thread has seen all 200 when it has ended a later one.
        let later = transport.send(OutboundRequest(url: "http://127.0.0.1:1/"), completion: results.completion)
        later.cancel()
        #expect(results.wait())
        #expect(peer.requests == 8)
        #expect(peer.connections == 8)
        gate.signal()
        for _ in 0..<200 { #expect(results.wait()) }
        #expect(results.statuses == [Int](repeating: 200, count: 200))
        #expect(peer.requests == 200)
        #expect(peer.connections == 8)
    }

    @Test("What is beyond an origin's line is refused at once, and other origins are not")
    func overload() throws {
        let gate = DispatchSemaphore(value: 0)
        let peer = try holdingPeer(gate)
        let other = try NetworkPeer { $0.respondAlways() }
        defer {
            peer.close()
            other.close()
        }
        let transport = try VendorTransport.direct(limits: limits(running: 2, waiting: 3))
        let held = Results()
        for _ in 0..<5 { _ = transport.send(OutboundRequest(url: peer.url), completion: held.completion) }
        let refused = Results()
        _ = transport.send(OutboundRequest(url: peer.url), completion: refused.completion)
        #expect(refused.failures.map(\.kind) == [.overloaded], "it is told before send returns")
        #expect(refused.failures.map(\.sent) == [.no])
        #expect(try transport.exchange(other.url).status == 200)
        gate.signal()
        for _ in 0..<5 { #expect(held.wait()) }
        #expect(held.statuses.count == 5)
        #expect(try transport.exchange(peer.url).status == 200, "places that became free are given again")
    }

    @Test("All origins together have a bound, and so have the bytes of requests")
    func totals() throws {
        let gate = DispatchSemaphore(value: 0)
        let peers = try (0..<3).map { _ in try holdingPeer(gate) }
        defer { peers.forEach { $0.close() } }
        let transport = try VendorTransport.direct(limits: TransportLimits(exchanges: 1, waiting: 1))
        let held = Results()
        for peer in peers { _ = transport.send(OutboundRequest(url: peer.url), completion: held.completion) }
        #expect(held.failures.map(\.kind) == [.overloaded])
        #expect(held.wait())
        #expect(peers[0].events.wait(for: "request"))
        gate.signal()
        for _ in 0..<2 { #expect(held.wait()) }
        #expect(held.statuses == [200, 200])

        let narrow = try VendorTransport.direct(limits: TransportLimits(requestBytes: 1000))
        let bytes = Results()
        let closed = DispatchSemaphore(value: 0)
        let silent = try holdingPeer(closed)
        defer { silent.close() }
        for size in [2000, 1] {
            let request = OutboundRequest(method: "POST", url: silent.url, body: [UInt8](repeating: 1, count: size))
            _ = narrow.send(request, completion: bytes.completion)
        }
        #expect(bytes.failures.map(\.kind) == [.overloaded], "the first is let in, the second is too much")
        closed.signal()
    }

    @Test("An exchange that waits for its turn is ended by its deadline, surely not sent")
    func deadlineInLine() throws {
        let gate = DispatchSemaphore(value: 0)
        let peer = try holdingPeer(gate)
        defer { peer.close() }
        let transport = try VendorTransport.direct(limits: limits(running: 1, waiting: 8))
        let first = Results()
        _ = transport.send(OutboundRequest(url: peer.url), completion: first.completion)
        let failure = try #require(try transport.failure(OutboundRequest(url: peer.url, timeoutSeconds: 0.2)))
        #expect(failure.kind == .timeout)
        #expect(failure.sent == .no)
        #expect(peer.events.wait(for: "request"))
        gate.signal()
        #expect(first.wait())
        #expect(first.statuses == [200])
        #expect(peer.requests == 1)
    }

    @Test("A cancelled exchange completes once, whether it runs, waits or has ended")
    func cancel() throws {
        let gate = DispatchSemaphore(value: 0)
        let peer = try holdingPeer(gate)
        defer { peer.close() }
        let transport = try VendorTransport.direct(limits: limits(running: 1, waiting: 8))
        let results = Results()
        let running = transport.send(OutboundRequest(url: peer.url), completion: results.completion)
        #expect(peer.events.wait(for: "request"))
        let waiting = transport.send(OutboundRequest(url: peer.url), completion: results.completion)
        waiting.cancel()
        waiting.cancel()
        #expect(results.wait())
        running.cancel()
        #expect(results.wait())
        #expect(results.failures.map(\.kind) == [.cancelled, .cancelled])
        #expect(results.failures.map(\.sent) == [.no, .maybe])
        gate.signal()
        let ended = Results()
        let third = transport.send(OutboundRequest(url: peer.url), completion: ended.completion)
        #expect(ended.wait())
        third.cancel()
        #expect(try transport.exchange(peer.url).status == 200, "the loop has seen the late cancel")
        #expect(ended.statuses == [200])
        #expect(ended.count == 1)
        #expect(results.count == 2)
    }

    @Test("Cancels that race with answers leave exactly one completion each")
    func cancelRaces() throws {
        let peer = try NetworkPeer { $0.respondAlways() }
        defer { peer.close() }
        let transport = try VendorTransport.direct(limits: limits(running: 4, waiting: 1000))
        let results = Results()
        let handles = (0..<500).map { _ in
            transport.send(OutboundRequest(url: peer.url), completion: results.completion)
        }
        DispatchQueue.concurrentPerform(iterations: 500) { handles[$0].cancel() }
        for _ in 0..<500 { #expect(results.wait()) }
        transport.shutdown()
        #expect(results.count == 500)
        #expect(results.failures.allSatisfy { $0.kind == .cancelled })
    }

    @Test("A shutdown ends what runs and what waits, and refuses what comes later")
    func shutdown() throws {
        let gate = DispatchSemaphore(value: 0)
        let peer = try holdingPeer(gate)
        defer {
            gate.signal()
            peer.close()
        }
        let transport = try VendorTransport.direct(limits: limits(running: 2, waiting: 8))
        let results = Results()
        for _ in 0..<5 { _ = transport.send(OutboundRequest(url: peer.url), completion: results.completion) }
        #expect(peer.events.wait(for: "request", count: 2))
        transport.shutdown()
        #expect(results.count == 5, "shutdown returns after the last completion")
        #expect(results.failures.filter { $0.kind == .cancelled && $0.sent == .maybe }.count == 2)
        #expect(results.failures.filter { $0.kind == .cancelled && $0.sent == .no }.count == 3)
        let late = try #require(try transport.failure(peer.url))
        #expect(late.kind == .cancelled)
        #expect(late.sent == .no)
        transport.shutdown()
    }

    @Test("A completion may send again and may shut the transport down")
    func reentrance() throws {
        let peer = try NetworkPeer { $0.respondAlways() }
        defer { peer.close() }
        let transport = try VendorTransport.direct()
        let results = Results()
        let url = peer.url
        _ = transport.send(OutboundRequest(url: url)) { first in
            results.completion(first)
            _ = transport.send(OutboundRequest(url: url)) { second in
                results.completion(second)
                transport.shutdown()
                _ = transport.send(OutboundRequest(url: url), completion: results.completion)
            }
        }
        for _ in 0..<3 { #expect(results.wait()) }
        #expect(results.statuses == [200, 200])
        #expect(results.failures.map(\.kind) == [.cancelled])
    }
}
