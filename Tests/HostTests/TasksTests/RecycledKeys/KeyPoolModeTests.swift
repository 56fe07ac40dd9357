import Domain
import ProviderKit
import Testing

@testable import Tasks

@Suite("Whose keys a task may go through")
struct KeyPoolModeTests {
    private func world() throws -> KeyedWorld {
        let world = try KeyedWorld(PooledCaller { _, _ in PooledCaller.solved() })
        try world.pool(1, of: 8)
        return world
    }

    @Test("is what the request says, else what the settings of its key say, and stored with it")
    func settings() async throws {
        let world = try world()
        for setting in [KeyPoolMode.all, .platformOnly] {
            try world.commit(.setRouting(nil, key: 1, try RoutingChange(keyPool: setting)))
            for asked in [nil, KeyPoolMode.all, .platformOnly] {
                let id = try await world.create(mode: asked)
                let expected = asked ?? setting
                #expect(world.store.accepted.last?.keyPool == expected)
                #expect(world.attempts(id) == [expected == .all ? "recycled-1 solved" : "config-1 solved"])
            }
        }
    }

    private static let page: JSONObject = ["websiteURL": "https://example.com", "websiteKey": "k"]

    private static func task(_ type: String, _ more: JSONObject) -> JSONObject {
        JSONObject([JSONObject.Member("type", .string(type))] + page.members + more.members)
    }

    @Test(
        "A task with the user or password of a proxy, or cookies, goes through no stranger's key whatever is asked",
        arguments: [
            task("RecaptchaV2Task", ["proxy": "http://user:secret@10.1.2.3:8080"]),
            task("RecaptchaV2Task", ["proxyAddress": "10.1.2.3", "proxyPort": 80, "proxyLogin": "u"]),
            task("RecaptchaV2Task", ["proxyAddress": "10.1.2.3", "proxyPort": 80, "proxyPassword": "p"]),
            task("RecaptchaV2Task", ["proxy": ["host": "10.1.2.3", "port": 80, "username": "u"]]),
            task("RecaptchaV2TaskProxyless", ["cookies": "a=b"]),
            task("RecaptchaV2TaskProxyless", ["cookies": ["a": "b"]]),
            task("RecaptchaV2TaskProxyless", ["cookies": [["name": "a", "value": "b"]]]),
            task("RecaptchaV2TaskProxyless", ["sessionCookie": "a"]),
            task("RecaptchaV2TaskProxyless", ["more": ["inner": [["Cookies": ["a"]]]]]),
            task("RecaptchaV2TaskProxyless", ["more": ["proxy": "u:p@10.1.2.3:80"]]),
            task("RecaptchaV2TaskProxyless", ["more": ["proxy": ["host": "h", "password": "p"]]]),
            task("RecaptchaV2TaskProxyless", ["more": ["proxyUser": "u"]]),
            task(
                "DataDomeSliderTask",
                [
                    "captchaUrl": "https://geo.captcha-delivery.com/captcha/?x=1", "userAgent": "x",
                    "proxy": "http://10.1.2.3:80", "datadomeCookie": "datadome=x",
                ]),
        ])
    func secrets(_ task: JSONObject) async throws {
        let world = try world()
        for asked in [nil, KeyPoolMode.all] {
            let id = try await world.create(task, mode: asked)
            #expect(world.store.accepted.last?.keyPool == .platformOnly)
            #expect(world.attempts(id) == ["config-1 solved"])
        }
        // The client's own key may see it.
        try world.pool(2, of: 1)
        #expect(world.attempts(try await world.create(task)) == ["recycled-2 solved"])
    }

    @Test(
        "A task without any of these is as asked",
        arguments: [
            task("RecaptchaV2Task", ["proxy": "http://10.1.2.3:8080"]),
            task("RecaptchaV2Task", ["proxyAddress": "10.1.2.3", "proxyPort": 80, "proxyLogin": ""]),
            // What is sent of a proxy for a task without one is dropped.
            task("RecaptchaV2TaskProxyless", ["proxyAddress": "10.1.2.3", "proxyPort": 80, "proxyLogin": "u"]),
            task("RecaptchaV2TaskProxyless", ["cookies": ""]), task("RecaptchaV2TaskProxyless", ["cookies": [:]]),
            task("RecaptchaV2TaskProxyless", ["needsCookies": true, "cook": "a", "proxy_count": 3, "pages": [1]]),
        ])
    func plain(_ task: JSONObject) async throws {
        let world = try world()
        #expect(world.attempts(try await world.create(task)) == ["recycled-1 solved"])
        #expect(world.store.accepted.last?.keyPool == .all)
        #expect(world.attempts(try await world.create(task, mode: .platformOnly)) == ["config-1 solved"])
    }

    @Test("A provider that has no key for the task is refused with the field and those that have one")
    func forced() async throws {
        let world = try world()
        #expect(world.attempts(try await world.create(provider: "a")) == ["recycled-1 solved"])
        let refusal = await #expect(throws: ClientError.self) {
            try await world.create(provider: "a", mode: .platformOnly)
        }
        #expect(refusal?.code == .badParameters && refusal?.field == "provider")
        let detail = refusal?.detail ?? ""
        #expect(detail.contains("no key") && detail.contains("These do: b."), "\(detail)")
        world.engine.market.unpool("recycled-1", at: "a")
        await #expect(throws: ClientError.self) { try await world.create(provider: "a") }
    }
}
