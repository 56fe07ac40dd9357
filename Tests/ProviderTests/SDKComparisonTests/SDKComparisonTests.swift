import ProviderKit
import TestSupport
import Testing

@Suite("Each adapter's request, held against the one of the vendor's own library")
struct SDKComparisonTests {
    @Test("A task is sent as the library sends it, whichever way it came", arguments: ComparedVendor.all, Way.allCases)
    func same(_ vendor: ComparedVendor, _ way: Way) async throws {
        for recorded in try vendor.recorded() {
            let quirks = vendor.quirks.filter { $0.isAbout(recorded, way) }
            let wanted = quirks.reduce(into: [:]) { $0.merge($1.adapter) { first, _ in first } }
            do {
                let (family, fields) = try way.task(recorded)
                #expect(family.rawValue == quirks.compactMap(\.family).first ?? recorded.family, "\(recorded)")
                let body = try await vendor.request(family, fields)
                #expect(recorded.differences(from: body, allowing: Set(wanted.keys)) == [], "\(recorded)")
                for (field, value) in wanted {
                    #expect(body["task"]?[field] ?? .null == value, "\(field) of \(recorded)")
                }
            } catch {
                Issue.record("\(recorded) is refused: \(error)")
            }
        }
    }

    @Test("Every quirk is of a recorded request and needed in each of its ways", arguments: ComparedVendor.all)
    func needed(_ vendor: ComparedVendor) async throws {
        let all = try vendor.recorded()
        for quirk in vendor.quirks {
            #expect(quirk.files.isSubset(of: all.map(\.name)), "\(quirk)")
            for recorded in all where quirk.files.contains(recorded.name) {
                for way in quirk.ways {
                    let (family, fields) = try way.task(recorded)
                    if let other = quirk.family { #expect(other != recorded.family, "\(quirk)") }
                    let body = try await vendor.request(family, fields)
                    let differing = recorded.differences(from: body).map { String($0.prefix { $0 != " " }) }
                    #expect(Set(quirk.adapter.keys).isSubset(of: differing), "\(quirk) \(recorded) by way of \(way)")
                }
            }
        }
    }

    /// Families that are sold and that the vendor's library has no words for.
    static let unrecorded: [String: [String: String]] = [
        "anticaptcha": [
            "cloudflareClearance": "an AntiBotCookieTask, which is recorded as antiBotCookie",
            "datadome": "an AntiBotCookieTask, which is recorded as antiBotCookie",
        ],
        "capmonster": [
            "audio": "a module of ComplexImageTask, which is recorded as complexImage",
            "coordinates": "a module of ComplexImageTask, which is recorded as complexImage",
            "rotate": "a module of ComplexImageTask, which is recorded as complexImage",
        ],
    ]

    @Test("Every family that is sold has a recorded request, and the other way round", arguments: ComparedVendor.all)
    func covered(_ vendor: ComparedVendor) throws {
        let recorded = Set(try SDKRequest.all(of: vendor.description).map(\.family))
        let unrecorded = Set(Self.unrecorded[vendor.description, default: [:]].keys)
        #expect(vendor.families.subtracting(recorded) == unrecorded)
        #expect(recorded.subtracting(vendor.families) == [])
    }

    @Test("A family without a recorded request is asked for as the one that it is", arguments: ComparedVendor.all)
    func unrecordedTypes(_ vendor: ComparedVendor) async throws {
        for family in Self.unrecorded[vendor.description, default: [:]].keys.sorted() {
            let like = vendor.description == "anticaptcha" ? "antiBotCookie" : "complexImage"
            let recorded = try #require(vendor.recorded().first { $0.name == like })
            var fields = recorded.task
            if like == "complexImage" { fields = ["body": recorded.task["imagesBase64"]?.array?.first ?? .null] }
            let asked = try #require(TaskFamily(rawValue: family))
            let body = try await vendor.request(asked, fields)
            let modules: Set<String> = like == "complexImage" ? ["metadata"] : []
            #expect(recorded.differences(from: body, allowing: modules) == [], "\(family)")
        }
    }
}
