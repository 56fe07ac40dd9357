import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import TestSupport
import Testing

@Suite("What the host understands of a recorded task")
struct DialectTests {
    @Test("Our own names for it are understood as its canonical fields", arguments: ComparedVendor.all)
    func ownNames(_ vendor: ComparedVendor) throws {
        for recorded in try vendor.recorded() {
            let (family, fields) = try Way.client.task(recorded)
            #expect(family.rawValue == recorded.family, "\(recorded)")
            #expect(JSONValue.object(fields).sorted == JSONValue.object(recorded.task).sorted, "\(recorded)")
        }
    }

    /// Canonical fields that are not there when the vendor's library has sent the task, and why.
    static let lost: [String: [String: (fields: Set<String>, reason: String)]] = [
        "anticaptcha": [
            "cloudflareToken": (["userAgent"], "The vendor takes none."),
            "cloudflareToken.proxy": (["userAgent"], "The vendor takes none."),
        ],
        "capmonster": [
            "datadome": (["cookies"], "The one cookie that counts has a field of its own, datadomeCookie."),
            "grid": (
                ["body", "comment", "rows", "columns", "question"],
                "Who sends a ComplexImageTask wants its answer, so that it stays one."
            ),
            "imageToText.options": (["module"], "CapMonster's modules are others than CapSolver's: capMonsterModule."),
        ],
    ]

    @Test("The library's names for it are understood as its canonical fields", arguments: ComparedVendor.all)
    func libraryNames(_ vendor: ComparedVendor) throws {
        var lost: [String: Set<String>] = [:]
        for recorded in try vendor.recorded() {
            let (_, fields) = try Way.library.task(recorded)
            let missing = recorded.task.members.filter { !says(fields[$0.name], $0.value) }
            if !missing.isEmpty { lost[recorded.name] = Set(missing.map(\.name)) }
        }
        #expect(lost == Self.lost[vendor.description, default: [:]].mapValues(\.fields))
    }

    /// Whether two values say the same; an object may come as its text.
    private func says(_ given: JSONValue?, _ wanted: JSONValue) -> Bool {
        guard let given else { return false }
        guard wanted.object != nil else { return given == wanted }
        return ValueForm.object.convert(given)?.sorted == wanted.sorted
    }
}
