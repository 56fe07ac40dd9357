import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

@Suite("The command provider-simulator", .waitsForPrograms)
struct ProviderSimulatorTests {
    private let program = Repository.build.appending(path: "provider-simulator")

    @Test("It plays the vendors by a script from a file, with the keys that it is given")
    func script() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            #"{"multibot": {"solutions": {"imageToText": {"text": "told"}}}}"#, to: "script.json")
        let simulator = try SimulatorProcess(["--script", file.path, "--no-limits"])
        let multibot = try LoopbackHTTP(port: simulator.port(of: "multibot"))
        let picture = Data([0x89, 0x50, 0x4E, 0x47] + Array(repeating: UInt8(1), count: 120)).base64EncodedString()
        let body: JSONValue = ["key": .string(SimulatorProcess.key), "method": "universal", "body": .string(picture)]
        let form = body.object.map { $0.members.map { "\($0.name)=\(escaped($0.value.string ?? ""))" } } ?? []
        let taken = try multibot.send("POST", "/in.php", Array(form.joined(separator: "&").utf8)).text
        #expect(taken.hasPrefix("OK|"), "\(taken)")
        let path = "/res.php?key=\(SimulatorProcess.key)&id=\(taken.dropFirst(3))"
        #expect(try multibot.get(path).text == "OK|told")
        #expect(try simulator.control("/accounts?vendor=multibot")[SimulatorProcess.key]?["balance"] == "9")
        for _ in 0..<8 {
            #expect(try multibot.get("/res.php?key=wrong&action=userinfo").text == "ERROR_WRONG_USER_KEY")
        }
    }

    private func escaped(_ text: String) -> String {
        text.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
    }

    @Test("A key, a script or a port that is no good is refused in a sentence")
    func refusals() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(#"{"2captcha": {"latncy": 3}}"#, to: "script.json")
        for (arguments, words) in [
            (["--key", "nobody=k:1"], "nobody=k:1"), (["--key", "2captcha=k"], "VENDOR=KEY:BALANCE"),
            (["--script", file.path], "`latncy` is no setting"), (["--script", "/nowhere.json"], "cannot be read"),
        ] {
            let done = try run(program, ["--ports-from", "0", "--until-input-ends"] + arguments)
            #expect(done.status != 0 && done.errors.contains(words), "\(arguments): \(done.errors)")
        }
    }
}
