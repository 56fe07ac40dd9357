import Domain
import Testing

@testable import API

@Suite("What stands behind the question mark")
struct QueryParametersTests {
    @Test(
        "Values are decoded as forms write them",
        arguments: [
            ("a=1", "1"), ("a=x+y%20z", "x y z"), ("a=%e2%82%AC", "€"), ("%61=1", "1"), ("a=1=2", "1=2"),
            ("&&a=1&", "1"), ("b=2&a=1", "1"), ("a=%2B%26%3d", "+&="), ("a=&a=1", "1"),
        ])
    func values(query: String, value: String) throws {
        #expect(try QueryParameters(query, names: ["a", "b"]).one("a") == value)
    }

    @Test("A missing and an empty value are none", arguments: ["", "a", "a=", "b=1", "&", "a&a="])
    func none(query: String) throws {
        let parameters = try QueryParameters(query, names: ["a", "b"])
        #expect(try parameters.one("a") == nil && parameters.list("a").isEmpty)
    }

    @Test("A list is several values, with commas between or each by itself")
    func lists() throws {
        #expect(try QueryParameters("a=x,y&a=z&a=,,&a=%2Cv", names: ["a"]).list("a") == ["x", "y", "z", "v"])
    }

    @Test(
        "What cannot be read is refused with the parameter's name",
        arguments: ["a=%", "a=%4", "a=%zz", "a=%4%31", "a=%ff", "a=%c3%28", "a=%+1", "a=1&a=2", "a=1&a=1"])
    func unreadable(query: String) {
        let error = #expect(throws: ClientError.self) { try QueryParameters(query, names: ["a"]).one("a") }
        #expect(error?.code == .badParameters && error?.field == "a")
    }

    @Test("A name that the call does not know is refused, without showing it", arguments: ["c=1", "A=1", "%ff=1", "c"])
    func unknown(query: String) {
        let error = #expect(throws: ClientError.self) { try QueryParameters(query, names: ["a", "b"]) }
        #expect(
            error?.description
                == "The query has a parameter that this call does not know. Those it knows: a, b.")
    }

    @Test("There is a bound of parameters")
    func many() throws {
        let most = Limits.queryParameters
        let fine = try QueryParameters(String(repeating: "a=1&", count: most), names: ["a"])
        #expect(fine.list("a").count == most)
        #expect(throws: ClientError(.badParameters, "The query has at most \(most) parameters.")) {
            try QueryParameters(String(repeating: "a=1&", count: most + 1), names: ["a"])
        }
    }

    @Test("A number is whole and within its bounds", arguments: ["0", "11", "-1", "+1", "1.5", "x", "1%20", "1e1"])
    func numbers(value: String) throws {
        #expect(try QueryParameters("a=10", names: ["a"]).number("a", in: 1...10) == 10)
        #expect(throws: ClientError(.badParameters, field: "a", "It has to be a whole number from 1 to 10.")) {
            try QueryParameters("a=\(value)", names: ["a"]).number("a", in: 1...10)
        }
    }

    @Test("A day stands for its begin, or for the begin of the next where an end is meant")
    func times() throws {
        let day = try QueryParameters("a=2023-11-14", names: ["a"])
        #expect(try day.time("a", endOfDay: false)?.utc == "2023-11-14T00:00:00Z")
        #expect(try day.time("a", endOfDay: true)?.utc == "2023-11-15T00:00:00Z")
        let time = try QueryParameters("a=2023-11-14T22:13:20.5%2B00:00", names: ["a"])
        for endOfDay in [false, true] {
            #expect(try time.time("a", endOfDay: endOfDay)?.utcMilliseconds == "2023-11-14T22:13:20.500Z")
        }
        #expect(throws: ClientError.self) { try time.day("a") }
    }

    @Test(
        "The header Accept asks for CSV where it names it, and not JSON as much",
        arguments: [
            ("text/csv", true), ("TEXT/CSV; charset=utf-8", true), ("text/csv, application/json", true),
            ("application/json, text/csv", false), ("application/json;q=0.5 , text/csv;q=0.9", true),
            ("text/csv;q=0.1, application/json", false), ("text/csv;q=0", false), ("*/*", false), ("text/*", false),
            ("", false), ("text/csv;q=x", false), ("text/html, text/csv;q=0.8, */*", true),
        ])
    func accept(header: String, isTable: Bool) async throws {
        try await withClientServer { server in
            let response = try await server.send(
                "GET", "/v1/usage", key: FakeService.manageKey, headers: "Accept: \(header)\r\n")
            #expect(response.headers["content-type"]?.hasPrefix(isTable ? "text/csv" : "application/json") == true)
        }
    }
}
