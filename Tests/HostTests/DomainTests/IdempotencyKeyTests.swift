import Domain
import ProviderKit
import Testing

@Suite("What a request asks for")
struct IdempotencyKeyTests {
    private func text(_ json: String) throws -> String {
        let task = try #require(try JSONValue(parsing: Array(json.utf8)).object)
        let bytes = IdempotencyKey.request(task: task, provider: nil, selectionMode: nil, keyPoolMode: nil)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("It is written in one way, whatever the order and the white space of its members")
    func canonical() throws {
        let first = try text(#"{"type":"X","b":[{"d":1,"c":null}],"a":"é"}"#)
        #expect(
            first == #"{"keyPoolMode":null,"provider":null,"selectionMode":null,"#
                + #""task":{"a":"é","b":[{"c":null,"d":1}],"type":"X"}}"#)
        #expect(try text(#" { "a":"\u00e9", "type":"X", "b" : [ {"c":null,"d":1} ] } "#) == first)
    }

    @Test("Of several members of the same name the last counts, as elsewhere")
    func doubled() throws {
        #expect(try text(#"{"type":"X","a":1,"a":2}"#) == text(#"{"a":2,"type":"X"}"#))
    }

    @Test(
        "Another value, name, number, order of elements or missing member is another request",
        arguments: [
            #"{"type":"X","a":[1,3]}"#, #"{"type":"X","b":[1,2]}"#, #"{"type":"X","a":[1.0,2]}"#,
            #"{"type":"X","a":[2,1]}"#, #"{"type":"X"}"#, #"{"type":"x","a":[1,2]}"#,
            #"{"type":"X","a":[1,2],"c":null}"#,
        ])
    func others(_ json: String) throws {
        #expect(try text(json) != text(#"{"type":"X","a":[1,2]}"#))
    }

    @Test("Provider, mode of selection and pool of keys are part of it, each in its place")
    func companions() {
        let task: JSONObject = ["type": "X"]
        let requests = [
            IdempotencyKey.request(task: task, provider: nil, selectionMode: nil, keyPoolMode: nil),
            IdempotencyKey.request(task: task, provider: "all", selectionMode: nil, keyPoolMode: nil),
            IdempotencyKey.request(task: task, provider: nil, selectionMode: .priority, keyPoolMode: nil),
            IdempotencyKey.request(task: task, provider: nil, selectionMode: .autoFastest, keyPoolMode: nil),
            IdempotencyKey.request(task: task, provider: nil, selectionMode: nil, keyPoolMode: .all),
            IdempotencyKey.request(task: task, provider: nil, selectionMode: nil, keyPoolMode: .platformOnly),
        ]
        #expect(Set(requests).count == requests.count)
    }
}
