import CProviderABI
import ProviderKit

/// The checks of what a plug-in says of itself.
extension ConformanceSession {
    func manifest(_ table: UnsafePointer<ucaptcha_plugin>) {
        step("the manifest is read")
        guard let function = table.pointee.manifest else { return fail("The table has no function `manifest`.") }
        let first = Array(function().buffer)
        if first != Array(function().buffer) { fail("The manifest is another at the second call.") }
        do {
            let manifest = try Manifest(parsing: first)
            for origin in manifest.origins where Place(origin: origin) == nil {
                fail("origins: \(origin) is no origin such as https://host or https://host:port.")
            }
            for field in manifest.addressFields where field.isEmpty { fail("addressFields has an empty name.") }
            if manifest.key == nil, manifest.balanceUnit != "USD" {
                fail("balanceUnit: a provider without keys has prices in USD.")
            }
            known = manifest
        } catch {
            fail("The manifest is wrong: \(error).")
        }
    }

    func abilities(_ table: UnsafePointer<ucaptcha_plugin>) {
        guard let ability = table.pointee.ability else { return fail("The table has no function `ability`.") }
        let ids = Operation.allCases.map(\.identifier) + [UCAPTCHA_ABILITY_CANCEL]
        for id in ids {
            step("the ability \(id) is asked for")
            if ability(id) != ability(id) { fail("\(id) is another at the second call.") }
        }
        for operation in Operation.allCases {
            let found = ability(operation.identifier)?.assumingMemoryBound(to: ucaptcha_operation.self)
            if let found, found.pointee.start == nil { fail("\(operation.rawValue) has no function `start`.") }
        }
        if ability(Operation.submit.identifier) == nil { fail("There is no operation submit.") }
        if ability("ucaptcha.nothing.v9") != nil { fail("An ability that does not exist is answered with one.") }
        let hasKey = known?.key != nil
        for operation in [Operation.validate, .balance] where hasKey && ability(operation.identifier) == nil {
            fail("The provider has keys, so that \(operation.rawValue) is needed to look after them.")
        }
    }

    func creation(_ table: UnsafePointer<ucaptcha_plugin>) {
        guard let known else { return skip("There is no manifest.") }
        guard table.pointee.create != nil else { return fail("The table has no function `create`.") }
        guard table.pointee.ability != nil else { return skip("The table has no function `ability`.") }
        step("an instance is made")
        // A provider without an address of its own may need one from the operator.
        var refusal = ""
        for endpoint in [nil, "https://endpoint.example"] where subject == nil {
            do throws(Subject.Refusal) {
                subject = try Subject(table, known, endpoint: endpoint)
            } catch {
                refusal = error.reason
            }
        }
        guard let made = subject else {
            return fail("No instance is made, neither without an endpoint nor with one: \(refusal)")
        }
        step("a second instance is made")
        do throws(Subject.Refusal) {
            _ = try Subject(table, known, endpoint: made.endpoint)
        } catch {
            fail("No second instance is made: \(error.reason)")
        }
        for endpoint in ["http://127.0.0.1:1", "https://other.example/base"] {
            step("an instance for \(endpoint) is made")
            // Whether it takes this one is its own affair; it has to survive it.
            _ = try? Subject(table, known, endpoint: endpoint)
        }
        if made.host.gate.locked({ made.host.requestsOutsideCalls }) > 0 {
            fail("`create` sends a request; it must have no effect.")
        }
    }
}
