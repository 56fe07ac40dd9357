import Testing

@testable import OutboundHTTP

@Suite("Turns and deadlines")
struct ScheduleTests {
    private let first = Origin(scheme: "https", host: "first.example", port: 443)
    private let second = Origin(scheme: "https", host: "second.example", port: 443)

    private func drain(_ schedule: inout OriginSchedule) -> [UInt64] {
        var ids: [UInt64] = []
        while let id = schedule.next() { ids.append(id) }
        return ids
    }

    @Test("An origin's line keeps its order and its bound; origins take turns")
    func turns() {
        var schedule = OriginSchedule(perOrigin: 2, total: 3)
        for id in 1...4 { schedule.add(UInt64(id), to: first) }
        for id in 5...6 { schedule.add(UInt64(id), to: second) }
        #expect(drain(&schedule) == [1, 5, 2])
        schedule.ended(at: second)
        #expect(drain(&schedule) == [6])
        schedule.ended(at: first)
        #expect(drain(&schedule) == [3])
        schedule.ended(at: first)
        schedule.ended(at: first)
        #expect(drain(&schedule) == [4])
        schedule.ended(at: first)
        schedule.ended(at: second)
        #expect(schedule.running == 0)
        #expect(drain(&schedule) == [])
    }

    @Test("One that leaves its line is passed over, and an end too many frees nothing")
    func removal() {
        var schedule = OriginSchedule(perOrigin: 1, total: 10)
        for id in [1, 3, 5, 7] as [UInt64] { schedule.add(id, to: first) }
        schedule.add(8, to: second)
        for id in [3, 3, 4, 8, 9] as [UInt64] { schedule.remove(id, from: id > 7 ? second : first) }
        schedule.ended(at: second)
        #expect(drain(&schedule) == [1])
        schedule.ended(at: first)
        #expect(drain(&schedule) == [5])
        schedule.remove(7, from: first)
        schedule.ended(at: first)
        #expect(drain(&schedule) == [])
        schedule.add(10, to: first)
        #expect(drain(&schedule) == [10])
    }

    @Test("Deadlines come in order, without those of exchanges that have ended")
    func deadlines() {
        var queue = DeadlineQueue()
        var generator = SystemRandomNumberGenerator()
        let times = (0..<3000).map { _ in UInt64.random(in: 0..<10_000, using: &generator) }
        for (id, time) in times.enumerated() { queue.add(UInt64(id), deadline: time) }
        let isLive = { (id: UInt64) in id % 3 == 0 }
        queue.compact(live: 1000, isLive: isLive)
        let living = times.indices.filter { $0 % 3 == 0 }.map { times[$0] }.sorted()
        #expect(queue.earliest(isLive: isLive) == living.first)
        var due: [UInt64] = []
        while let id = queue.due(now: 5_000, isLive: isLive) { due.append(times[Int(id)]) }
        #expect(due == living.filter { $0 <= 5_000 })
        #expect(queue.earliest(isLive: isLive) == living.first { $0 > 5_000 })
        #expect(queue.earliest(isLive: { _ in false }) == nil)
    }

    @Test("A proxy is found by the rules of curl")
    func proxies() {
        let all = ProxySettings(environment: ["all_proxy": "http://a", "HTTP_PROXY": "http://cgi", "NO_PROXY": "x"])
        #expect(all.proxy(for: "http") == "http://a")
        #expect(all.proxy(for: "https") == "http://a")
        #expect(all.exceptions == "x")
        let each = ProxySettings(environment: [
            "http_proxy": "http://h", "HTTPS_PROXY": "http://s", "ALL_PROXY": "http://a", "no_proxy": "",
        ])
        #expect(each.proxy(for: "http") == "http://h")
        #expect(each.proxy(for: "https") == "http://s")
        #expect(ProxySettings.none.proxy(for: "https") == "")
    }
}
