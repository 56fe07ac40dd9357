import ProviderKit
import TestSupport
import Testing

@Suite("Recorded requests of the vendors' libraries")
struct SDKRequestTests {
    private func recorded(_ vendor: String, _ name: String) throws -> SDKRequest {
        try #require(SDKRequest.all(of: vendor).first { $0.name == name })
    }

    @Test("A request that says the same does not differ, whatever says nothing and in whatever order")
    func same() throws {
        let recorded = try recorded("anticaptcha", "recaptchaV2")
        let body: JSONObject = [
            "task": [
                "websiteKey": recorded.task["websiteKey"] ?? .null, "websiteURL": recorded.task["websiteURL"] ?? .null,
                "type": "RecaptchaV2TaskProxyless", "isInvisible": false,
            ], "clientKey": "another",
        ]
        #expect(recorded.differences(from: body) == [])
    }

    @Test("A renamed, a missing, a changed and an additional field are told, each by its name")
    func differences() throws {
        let recorded = try recorded("2captcha", "cloudflareToken")
        var task = try #require(recorded.request["task"]?.object)
        #expect(recorded.differences(from: ["task": .object(task)]) == [])
        task["chlPageData"] = task["pagedata"]
        task["pagedata"] = nil
        task["action"] = "other"
        let found = recorded.differences(from: ["task": .object(task)])
        #expect(found.map { String($0.prefix { $0 != " " }) } == ["action", "chlPageData", "pagedata"])
        #expect(
            recorded.differences(from: ["task": .object(task)], allowing: ["action", "chlPageData", "pagedata"]) == [])
    }

    @Test("Forms are compared by their parameters, and no key is in any file")
    func forms() throws {
        let recorded = try recorded("2captcha-forms", "turnstile")
        #expect(recorded.request["method"] == "turnstile")
        #expect(recorded.differences(from: recorded.request) == [])
        #expect(!recorded.differences(from: ["method": "turnstile"]).isEmpty)
        for vendor in ["2captcha", "2captcha-forms", "anticaptcha", "capmonster", "capsolver"] {
            let all = try SDKRequest.all(of: vendor)
            #expect(all.count >= 20)
            for one in all {
                #expect(!JSONValue.object(one.request).text.contains(SimulatorProcess.key), "\(vendor) \(one)")
            }
        }
    }
}
