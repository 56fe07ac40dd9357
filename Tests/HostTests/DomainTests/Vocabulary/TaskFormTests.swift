import Domain
import ProviderKit
import Testing

@Suite("The forms of tasks")
struct TaskFormTests {
    @Test("There is one form for each family, in the order of the families")
    func families() {
        #expect(TaskForm.all.map(\.family) == TaskFamily.all)
    }

    @Test("A family's name is one that a family can have, and no two share one")
    func names() {
        for family in TaskFamily.all { #expect(TaskFamily(rawValue: family.rawValue) == family) }
        #expect(Set(TaskFamily.all).count == TaskFamily.all.count)
    }

    @Test("A form's fields have names of their own, and are few enough for the reader's bits")
    func fields() {
        for form in TaskForm.all {
            var seen: Set<String> = []
            for field in form.fields {
                for name in [field.name] + field.synonyms + field.encodedSynonyms {
                    let known = seen.insert(name.lowercased()).inserted
                    #expect(known, "\(form.family): \(name)")
                }
            }
            #expect(form.fields.count <= 64)
            #expect(!form.fields.contains { $0.name.hasPrefix("proxy") })
        }
    }

    @Test("A complete task is understood as it is, and without any one required field it is refused with its name")
    func required() throws {
        for form in TaskForm.all {
            guard let name = TypeNameTests.names.first(where: { $0.0 == form.family })?.1.first else { continue }
            let fields = VocabularyFixture.fields(form)
            let understood = try TaskVocabulary.understand(VocabularyFixture.task(name, form.family))
            #expect(understood.family == form.family)
            #expect(understood.fields == fields)
            for field in form.fields where field.isRequired {
                for empty in [JSONValue?.none, .some(.null), "", "  "] {
                    var task = fields
                    task[field.name] = empty
                    task["type"] = .string(name)
                    VocabularyFixture.expectRefusal(task, .badParameters, "task.\(field.name)")
                }
            }
            if form.proxy == .needed {
                let task = try VocabularyFixture.task(name, form.family, ["proxyAddress": nil])
                VocabularyFixture.expectRefusal(task, .badParameters, "task.proxyAddress")
            }
        }
    }

    @Test("Every field is understood by every one of its names, and refused with the name that was sent")
    func everySynonym() throws {
        for form in TaskForm.all {
            guard let type = TypeNameTests.names.first(where: { $0.0 == form.family })?.1.first else { continue }
            for field in form.fields {
                let value = VocabularyFixture.value(of: field.kind)
                for name in [field.name] + field.synonyms {
                    if form.family == .coordinates, field.name == "mode" { continue }
                    if field.name == "cloudflareTaskType" { continue }
                    for spelling in [name, name.lowercased(), name.uppercased()] {
                        let task = try VocabularyFixture.task(type, form.family, [field.name: nil, spelling: value])
                        let fields = try TaskVocabulary.understand(task).fields
                        #expect(fields[field.name] == value, "\(form.family): \(spelling)")
                        let isGone = fields[spelling] == nil
                        #expect(isGone == (spelling != field.name), "\(form.family): \(spelling)")
                    }
                    let wrong: JSONValue = field.kind == .cookies ? true : [["a": [true]]]
                    if field.kind == .array || field.kind == .json { continue }
                    let task = try VocabularyFixture.task(type, form.family, [field.name: nil, name: wrong])
                    VocabularyFixture.expectRefusal(task, .badParameters, "task.\(name)")
                }
            }
        }
    }
}
