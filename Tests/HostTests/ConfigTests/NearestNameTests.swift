import Testing

@testable import Config

@Suite("Guessing a mistyped name")
struct NearestNameTests {
    @Test(
        "A name that is nearly right is recognised",
        arguments: [
            ("prot", "port"), ("hots", "host"), ("prices ", "prices"), ("ENABLED", "enabled"), ("plug-in", "plugin"),
            ("sha_256", "sha256"), ("endpont", "endpoint"), ("price", "prices"), ("enable", "enabled"),
        ])
    func recognised(typed: String, meant: String) {
        let names = ["host", "port", "enabled", "plugin", "endpoint", "keys", "prices", "sha256"]
        #expect(NearestName.of(typed, among: names) == meant)
    }

    @Test(
        "A name that is something else is not guessed at", arguments: ["", "x", "timeout", "pool", "secret", "region"])
    func notGuessed(typed: String) {
        #expect(NearestName.of(typed, among: ["host", "port", "keys", "enabled"]) == nil)
    }

    @Test("No candidates, no guess; and a very long name is not compared")
    func limits() {
        #expect(NearestName.of("port", among: []) == nil)
        #expect(NearestName.of(String(repeating: "p", count: 100_000), among: ["port"]) == nil)
    }
}
