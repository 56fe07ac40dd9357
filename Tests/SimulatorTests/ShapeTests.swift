import Domain
import Foundation
import ProviderKit
import TestSupport
import Testing

@testable import ProviderSimulator

/// Every kind of task of every vendor, with the fewest fields that it may have.
@Suite("Kinds of tasks of the simulated vendors")
struct ShapeTests {
    private func value(_ rule: FieldRule) -> JSONValue {
        switch rule.kind {
        case .url: "https://shop.example.org/login"
        case .sitekey: .string(Caller.site)
        case .int, .numeric: 1
        case .number, .score: .decimal("0.7")
        case .bool: true
        case .object: ["s": "x"]
        case .list: ["x"]
        case .image, .instructions, .audio, .base64: .string(Caller.picture)
        case .images: [.string(Caller.picture)]
        case .question: "/m/04_sv"
        case .mayBeEmpty: ""
        case .text, .textOrFalse, .any: rule.path == "templateName" ? "CloudFlare cookies for a proxy" : "x"
        }
    }

    private func fewestFields(_ shape: TaskShape, forms: Bool) -> JSONObject {
        var task = JSONObject()
        for rules in shape.required {
            task.put(value(rules[0]), at: rules[0].path.split(separator: ".").map(String.init)[...])
        }
        for condition in shape.when {
            let path = condition.path.split(separator: ".").map(String.init)[...]
            if let wanted = condition.value { task.put(wanted, at: path) }
        }
        if case .required = shape.proxy {
            let fields: JSONObject =
                forms
                ? ["proxy": "u:p@198.51.100.9:80", "proxytype": "HTTP"]
                : ["proxyType": "http", "proxyAddress": "198.51.100.9", "proxyPort": 80]
            for member in fields.members { task[member.name] = member.value }
        }
        task[forms ? "method" : "type"] = .string(shape.type)
        if shape.type == "antibot" { task["4711"] = .string(Caller.picture) }
        if forms, shape.type == "post", task["file"] != nil { task["file.filename"] = "a.png" }
        return task
    }

    private func form(_ task: JSONObject) -> [String: String] {
        Dictionary(uniqueKeysWithValues: task.members.map { ($0.name, $0.value.string ?? $0.value.text) })
    }

    @Test("The fewest fields are enough, nothing is left over, and the family is the one that was meant")
    func fewest() throws {
        var kinds = 0
        for vendor in Vendor.allCases {
            for shape in vendor.taskShapes {
                var caller = Caller(vendor)
                let answer = caller.create(fewestFields(shape, forms: false))
                #expect(answer.json["errorId"] == 0, "\(vendor) \(shape.type) \(shape.family): \(answer.text)")
                #expect(caller.vendor.requests.last?.notes == [], "\(vendor) \(shape.type)")
                let task = try #require(caller.vendor.tasks.values.first)
                #expect(task.family == shape.family && task.price == shape.price, "\(vendor) \(shape.type)")
                #expect(task.solution.object?.members.allSatisfy { $0.value != .null && $0.value != "" } == true)
                kinds += 1
            }
            for shape in vendor.methodShapes {
                var caller = Caller(vendor, balance: "100")
                let answer = caller.submit(form(fewestFields(shape, forms: true)))
                #expect(answer.text.hasPrefix("OK|"), "\(vendor) \(shape.type) \(shape.family): \(answer.text)")
                #expect(caller.vendor.tasks.values.first?.family == shape.family, "\(vendor) \(shape.type)")
                let result = caller.ask("action=get&id=\(answer.text.dropFirst(3))").text
                #expect(result.hasPrefix("OK|") && result.utf8.count > 3, "\(vendor) \(shape.type): \(result)")
                kinds += 1
            }
        }
        #expect(kinds > 250)
    }

    @Test("Without any one of its required fields no task is taken as what it was")
    func withoutOne() {
        for vendor in Vendor.allCases {
            for shape in vendor.taskShapes {
                for rules in shape.required where rules.count == 1 {
                    var task = fewestFields(shape, forms: false)
                    let top = rules[0].topName
                    if rules[0].path.contains(".") {
                        var inner = task[top]?.object ?? [:]
                        inner[String(rules[0].path.dropFirst(top.count + 1))] = nil
                        task[top] = .object(inner)
                    } else {
                        task[top] = nil
                    }
                    var caller = Caller(vendor)
                    let answer = caller.create(task)
                    // Some fields tell a kind from another one with fewer.
                    let other = caller.vendor.tasks.values.first.map { $0.family != shape.family } ?? true
                    let sameFamily = vendor == .capMonster && shape.type == "AmazonTask"
                    #expect(other || sameFamily, "\(vendor) \(shape.type) without \(rules[0].path): \(answer.text)")
                    if caller.vendor.tasks.isEmpty { #expect(answer.json["errorId"] != 0) }
                }
            }
        }
    }

    @Test("A field of the wrong kind is refused")
    func wrongKind() {
        for vendor in Vendor.allCases {
            for shape in vendor.taskShapes {
                for rule in shape.required.flatMap({ $0 }) where rule.kind != .any {
                    var task = fewestFields(shape, forms: false)
                    task.put(.array([.array([])]), at: rule.path.split(separator: ".").map(String.init)[...])
                    if rule.kind == .list { task.put("x", at: [rule.path][...]) }
                    var caller = Caller(vendor)
                    let answer = caller.create(task)
                    #expect(answer.json["errorId"] != 0, "\(vendor) \(shape.type) \(rule.path): \(answer.text)")
                }
            }
        }
    }

    @Test("A type that needs a proxy is refused without, and each of the proxy's fields is looked at")
    func proxies() {
        for vendor in Vendor.allCases {
            for shape in vendor.taskShapes {
                guard case .required = shape.proxy else { continue }
                let task = fewestFields(shape, forms: false)
                for (name, wrong) in [
                    ("proxyAddress", JSONValue.null), ("proxyPort", "80"), ("proxyPort", 0), ("proxyLogin", 5),
                ] {
                    var broken = task
                    broken[name] = wrong
                    var caller = Caller(vendor)
                    #expect(caller.create(broken).json["errorId"] != 0, "\(vendor) \(shape.type) \(name)")
                }
            }
        }
    }
}
