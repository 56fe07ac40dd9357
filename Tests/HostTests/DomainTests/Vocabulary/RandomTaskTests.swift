import Domain
import ProviderKit
import TestSupport
import Testing

/// Whatever a client sends is understood or refused; nothing traps, and what is understood is complete.
@Suite("Random tasks")
struct RandomTaskTests {
    private static let names: [String] = {
        var names: Set<String> = [
            "type", "proxy", "metadata", "initParameters", "class", "version", "mode", "isEnterprise",
        ]
        for form in TaskForm.all {
            for field in form.fields { names.formUnion([field.name] + field.synonyms + field.encodedSynonyms) }
        }
        names.formUnion([
            "proxyType", "proxyAddress", "proxyPort", "proxyLogin", "proxyPassword", "x", "", "cloudflareTaskType",
        ])
        return names.sorted()
    }()
    private static let types: [String] =
        TypeNameTests.names.flatMap(\.1) + ["CustomTask", "", "\u{0}", "é", "TURNSTILETASK", "x"]
    private static let texts = [
        "", " ", "x", "4", "-1", "1e400", "0.3", "true", "https://a.b", "http://", "a:b", "h:1:u:p", "http://u:p@h:1",
        "[::1]:1", "%zz@:", "%", "@", ":", "::::", "[", "]", "{}", "{\"a\":1}", "[1]", "[[[[", "data:", "data:;base64,",
        "QUJD", "====", "datadome", "altcha", "TenDI", "token", "cf_clearance", "wait_room", "rectangles",
        "\u{0}\u{1F600}",
        "ÄÖ", "\u{FFFD}", VocabularyFixture.picture, "99999999999999999999999",
    ]

    private func value(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 2 ? 8 : 11), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .number(JSONNumber(Int64.random(in: Int64.min...Int64.max, using: &random)))
        case 3: return .number(JSONNumber(Int.random(in: -2...5, using: &random)))
        case 4:
            return
                (try? JSONValue(
                    parsing: ["0.5", "1e999", "-1e-999", "80.0", "1E5"].randomElement(using: &random) ?? "")) ?? .null
        case 5, 6, 7: return .string(RandomTaskTests.texts.randomElement(using: &random) ?? "")
        case 8: return .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default: return .object(object(&random, depth: depth + 1))
        }
    }

    private func object(_ random: inout SeededGenerator, depth: Int) -> JSONObject {
        JSONObject(
            (0..<Int.random(in: 0..<8, using: &random)).map { _ in
                JSONObject.Member(
                    RandomTaskTests.names.randomElement(using: &random) ?? "", value(&random, depth: depth))
            })
    }

    @Test("Random JSON is understood or refused with a field of the task", arguments: 0..<8 as Range<UInt64>)
    func anything(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var refused = 0
        for _ in 0..<4_000 {
            var task = object(&random, depth: 0)
            if Int.random(in: 0..<10, using: &random) > 0 {
                task["type"] = .string(RandomTaskTests.types.randomElement(using: &random) ?? "")
            }
            check(task, &refused)
        }
        #expect(refused > 1_000)
    }

    @Test("A complete task with one member gone wild is understood or refused", arguments: 0..<8 as Range<UInt64>)
    func almostRight(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var refused = 0
        var tried = 0
        for (family, names) in TypeNameTests.names {
            for _ in 0..<60 {
                var task = try VocabularyFixture.task(names.randomElement(using: &random) ?? "", family)
                task[RandomTaskTests.names.randomElement(using: &random) ?? ""] = value(&random, depth: 0)
                check(task, &refused)
                tried += 1
            }
        }
        #expect(refused < tried / 2, "most single members do not spoil a task")
        #expect(refused > 0)
    }

    private func check(_ task: JSONObject, _ refused: inout Int) {
        do {
            let understood = try TaskVocabulary.understand(task)
            guard let form = TaskForm.all.first(where: { $0.family == understood.family }) else {
                Issue.record("A family without a form: \(understood.family)")
                return
            }
            let fields = understood.fields
            #expect(fields["type"] == nil && fields["proxy"] == nil)
            for field in form.fields where field.isRequired { #expect(fields[field.name]?.isNull == false) }
            let proxy = ["proxyType", "proxyAddress", "proxyPort"].filter { fields[$0] != nil }
            #expect(proxy.isEmpty || proxy.count == 3)
            #expect(form.proxy != .needed || proxy.count == 3)
            #expect(form.proxy != .never || proxy.isEmpty)
        } catch {
            refused += 1
            #expect(error.field?.hasPrefix("task.") == true, "\(error)")
            #expect(error.code.httpStatus == 400)
        }
    }
}
