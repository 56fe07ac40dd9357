import Domain
import ProviderKit
import ProviderSimulator
import TestSupport
import Testing

@Suite("Scripts of simulated vendors")
struct ScriptTests {
    private func script(_ text: String) throws -> VendorScript {
        try #require(SimulatorScript(JSONValue(parsing: text)).vendors.first?.value)
    }

    @Test("Settings change at their times")
    func phases() throws {
        var caller = Caller(.capMonster)
        caller.vendor.setScript(
            try script(
                """
                {"capmonster": [{"latency": 2, "priceFactor": "2"}, {"from": 60, "successRate": 0},
                 {"from": 120, "faults": [{"kind": "error", "on": "submit", "code": "ERROR_SERVICE_NOT_AVAILABLE"}]}]}
                """))
        let first = try caller.id(JSONVendorTests.capMonsterV2)
        #expect(caller.result(first).json["status"] == "processing")
        caller.wait(2)
        #expect(caller.result(first).json["status"] == "ready")
        #expect(caller.account.balance.description == "9.9988")
        caller.wait(60)
        let second = try caller.id(JSONVendorTests.capMonsterV2)
        #expect(caller.result(second).json["errorCode"] == "ERROR_CAPTCHA_UNSOLVABLE")
        #expect(caller.account.balance.description == "9.9988")
        caller.wait(60)
        #expect(caller.create(JSONVendorTests.capMonsterV2).json["errorCode"] == "ERROR_SERVICE_NOT_AVAILABLE")
        #expect(caller.post("getBalance", [:]).json["balance"]?.numberText == "9.9988")
    }

    @Test("Bad behaviour: what goes out, and whether the task was taken")
    func badBehaviour() {
        let cases: [(ScriptedFault, Int, SimulatedAnswer.Delivery, taken: Bool)] = [
            (ScriptedFault(.status, status: 502), 502, .whole, false), (ScriptedFault(.html), 200, .whole, false),
            (ScriptedFault(.garbage), 200, .whole, false), (ScriptedFault(.empty), 200, .whole, false),
            (ScriptedFault(.nonsense), 200, .whole, false), (ScriptedFault(.cut), 200, .cut, true),
            (ScriptedFault(.stall), 200, .stalled, false), (ScriptedFault(.reset), 200, .reset, false),
            (ScriptedFault(.lost), 200, .reset, true), (ScriptedFault(.slow, seconds: 3), 200, .whole, true),
            (ScriptedFault(.html, takesEffect: true), 200, .whole, true),
        ]
        #expect(Set(cases.map(\.0.kind)).count == ScriptedFault.Kind.allCases.count - 1)
        for (fault, status, delivery, taken) in cases {
            var settings = VendorSettings()
            settings.faults = [fault]
            var caller = Caller(.antiCaptcha, settings)
            let answer = caller.create(JSONVendorTests.v2)
            #expect(answer.status == status && answer.delivery == delivery, "\(fault)")
            #expect((caller.account.tasks == 1) == taken, "\(fault)")
            #expect((caller.account.charged > .zero) == taken, "\(fault)")
            #expect(answer.delay == (fault.kind == .slow ? 3 : 0))
            if answer.delivery == .whole, fault.kind != .slow { #expect(answer.json["taskId"] == nil, "\(fault)") }
        }
    }

    @Test("A fault hits its call alone, as many times as it says")
    func times() throws {
        var settings = VendorSettings()
        settings.faults = [ScriptedFault(.status, on: .poll, times: 2, status: 500)]
        var caller = Caller(.twoCaptcha, settings)
        let id = try caller.id(JSONVendorTests.v2)
        #expect((0..<4).map { _ in caller.result(id).status } == [500, 500, 200, 200])
    }

    @Test("A part of the tasks is solved, and a part of the requests is hit")
    func chances() throws {
        var settings = VendorSettings()
        settings.successRate = 0.7
        settings.faults = [ScriptedFault(.reset, on: .balance, probability: 0.25)]
        var caller = Caller(.antiCaptcha, settings)
        for _ in 0..<1000 { _ = caller.create(JSONVendorTests.v2) }
        let account = caller.account
        #expect(account.solved + account.failed == 1000)
        #expect((640...760).contains(account.solved))
        let hit = (0..<1000).count { _ in caller.post("getBalance", [:]).delivery == .reset }
        #expect((190...310).contains(hit))
    }

    @Test("Latencies keep to their distributions")
    func latencies() throws {
        for (latency, range) in [
            (Latency.uniform(2, 4), 2.9...3.1), (.exponential(mean: 3, atLeast: 1), 3.6...4.4), (.fixed(5), 5.0...5.0),
        ] {
            var settings = VendorSettings()
            settings.latency = latency
            var caller = Caller(.antiCaptcha, balance: "100", settings)
            for _ in 0..<1500 { _ = caller.create(JSONVendorTests.v2) }
            let seconds = caller.vendor.tasks.values.map { $0.finishedAt.seconds(since: $0.createdAt) }
            #expect(seconds.count == 1500)
            #expect(range.contains(seconds.reduce(0, +) / 1500), "\(latency)")
        }
    }

    @Test("Wrong balances are told, and the account stays right")
    func balances() {
        var settings = VendorSettings()
        settings.balanceOffset = Money(decimal: "-2.5") ?? .zero
        var caller = Caller(.twoCaptcha, settings)
        #expect(caller.post("getBalance", [:]).json["balance"]?.numberText == "7.5")
        settings.toldBalance = "lots"
        caller.vendor.setScript(VendorScript(settings))
        #expect(caller.post("getBalance", [:]).json["balance"] == "lots")
        #expect(caller.ask("action=getbalance").text == "lots")
        #expect(caller.account.balance.description == "10")
    }

    @Test("Solutions and prices of families can be set")
    func families() throws {
        var caller = Caller(.antiCaptcha)
        caller.vendor.setScript(
            try script(
                """
                {"anticaptcha": {"solutions": {"imageToText": {"text": "abc"}}, "prices": {"imageToText": "0.5"},
                 "families": {"recaptchaV2": {"latency": 9}}}}
                """))
        let picture = try caller.id(["type": "ImageToTextTask", "body": .string(Caller.picture)])
        #expect(caller.result(picture).json["solution"]?["text"] == "abc")
        #expect(caller.account.balance.description == "9.5")
        let slow = try caller.id(JSONVendorTests.v2)
        #expect(caller.result(slow).json["status"] == "processing")
    }

    @Test("A script with an unknown vendor, setting, fault or number is refused with its name")
    func refused() throws {
        for (text, name) in [
            (#"{"deathbycaptcha": {}}"#, "deathbycaptcha"), (#"{"2captcha": {"latncy": 3}}"#, "latncy"),
            (#"{"2captcha": {"faults": [{"kind": "explode"}]}}"#, "kind"),
            (#"{"2captcha": {"faults": [{"kind": "stall", "on": "never"}]}}"#, "on"),
            (#"{"2captcha": {"successRate": 2}}"#, "successRate"),
            (#"{"2captcha": {"priceFactor": "x"}}"#, "priceFactor"),
            (#"{"2captcha": {"latency": "long"}}"#, "latency"),
        ] {
            let error = #expect(throws: ScriptError.self) { try SimulatorScript(JSONValue(parsing: text)) }
            #expect(error?.description.contains("`\(name)`") == true, "\(text)")
        }
    }
}
