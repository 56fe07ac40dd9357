import Foundation
@testable import Native
import ProviderKit
import TestTraits
import Testing

@Suite("Reading plain images of text", .computesLong, .enabled(if: !Build.isMinimal))
struct ImageToTextTests {
    private func solve(_ fields: JSONObject) async throws -> Solution {
        try await adapter().solve(fields, family: .imageToText)
    }

    @Test("Most random texts are read right, in every style and format", .timeLimit(.minutes(20)))
    func accuracy() async throws {
        let count = ProcessInfo.processInfo.environment["UCAPTCHA_SOAK"] == nil ? 12 : 100
        var exact: [String: Int] = [:]
        var inEitherCase = 0
        let images = try await TextDrawer.random(count, seed: 3)
        let adapter = adapter()
        for image in images {
            let fields: JSONObject = ["body": .string(image.body), "numeric": image.numeric, "case": true]
            let text = try? await adapter.solve(fields, family: .imageToText).fields["text"]?.string
            if text == image.text { exact[image.style, default: 0] += 1 }
            if text?.lowercased() == image.text.lowercased() { inEitherCase += 1 }
        }
        let all = exact.values.reduce(0, +)
        #expect(Double(all) >= 0.82 * Double(images.count), "\(all) of \(images.count): \(exact)")
        #expect(Double(inEitherCase) >= 0.88 * Double(images.count), "\(inEitherCase) of \(images.count)")
        for style in TextDrawer.styles {
            #expect(Double(exact[style] ?? 0) >= 0.6 * Double(count), "\(style): \(exact[style] ?? 0) of \(count)")
        }
    }

    @Test("The same text is read from every variant of the three formats")
    func variants() async throws {
        for image in try await TextDrawer.variants("48213") {
            let solution = try await solve(["body": .string(image.body), "numeric": 1])
            #expect(solution.fields["text"] == "48213", "\(image.style)")
            let confidence = try #require(solution.fields["confidence"]?.double, "\(image.style)")
            #expect((0.4...1).contains(confidence), "\(image.style): \(confidence)")
            #expect(solution.cost == nil)
        }
    }

    @Test("A body is understood with a prefix, in lines, and without padding")
    func spellings() async throws {
        let image = try #require(try await TextDrawer.variants("48213").first)
        let file = image.file
        let lines = Data(file).base64EncodedString(options: [.lineLength64Characters, .endLineWithCarriageReturn])
        for body in [image.body, "data:image/png;base64," + image.body, "DATA:;BASE64," + lines, " \(lines)\r\n"] {
            #expect(try ImageSolver.bytes(of: .string(body)) == file)
        }
        for count in 1...6 {
            let bytes = Array(file.prefix(count))
            let text = Data(bytes).base64EncodedString().filter { $0 != "=" }
            #expect(try ImageSolver.bytes(of: .string(text)) == bytes)
        }
    }

    /// A header that promises 2.5 gigapixels, and nothing behind it.
    private static let hugePNG = Data(
        PNGFile.signature + [0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50, 8, 0, 0, 0, 0]
            + [0, 0, 0, 0, 0, 0, 0, 0] + Array("IEND".utf8) + [0, 0, 0, 0]
    ).base64EncodedString()

    @Test(
        "A body that holds no image is refused with its field",
        arguments: [
            (nil, "Send the image"), ("", "Send the image"), (5, "Send the image"), ("%%%", "not base64"),
            ("A", "not base64"), ("AB=C", "not base64"), ("====", "not base64"), ("data:image/png,x", "in base64"),
            ("data:image/png;base64", "in base64"), ("data:;base64,", "not base64"), ("AAAA", "no PNG, JPEG or GIF"),
            (.string(String(repeating: "A", count: 1_600_000)), "larger than 1048576 bytes"),
            (.string("iVBORw0KGgo" + String(repeating: "A", count: 1_420_000)), "larger than 1048576 bytes"),
            (.string(hugePNG), "has 50000 x 50000 pixels"),
        ] as [(JSONValue, String)])
    func refused(_ body: JSONValue, _ says: String) async {
        let fault = await adapter().fault(["body": body], family: .imageToText)
        #expect(fault?.kind == .badTask(field: "body"))
        #expect(fault?.message.contains(says) == true, "\(fault?.message ?? "")")
    }

    @Test("A file that the decoder gives up on is the task's fault")
    func damaged() async throws {
        let image = try #require(try await TextDrawer.variants("48213").first)
        var file = image.file
        // Into the compressed data.
        for index in 50..<90 { file[index] = 0 }
        let fault = await adapter().fault(
            ["body": .string(Data(file).base64EncodedString())], family: .imageToText)
        #expect(fault == Fault(.badTask(field: "body"), "The image is damaged and cannot be decoded."))
    }

    @Test("A text that breaks the task's rules is not given out, and costs nothing")
    func unsolvable() async throws {
        let image = try #require(try await TextDrawer.variants("48213").first)
        for rules in [["minLength": 6], ["maxLength": 4], ["phrase": true]] as [JSONObject] {
            var fields = rules
            fields["body"] = .string(image.body)
            let fault = await adapter().fault(fields, family: .imageToText)
            #expect(fault?.kind == .unsolvable(charged: false))
        }
        let blank = try #require(try await TextDrawer.variants(" ").first)
        let fault = await adapter().fault(["body": .string(blank.body)], family: .imageToText)
        #expect(fault?.kind == .unsolvable(charged: false))
    }

    @Test(
        "Images at the bounds are worked through, and no line of them is beyond the decoder", .timeLimit(.minutes(20)))
    func extremes() async throws {
        for image in try await TextDrawer.extremes() {
            do {
                let solution = try await solve(["body": .string(image.body), "phrase": true])
                #expect(solution.fields["text"]?.string?.isEmpty == false, "\(image.style)")
            } catch let fault as Fault {
                #expect(fault.kind == .unsolvable(charged: false), "\(image.style): \(fault)")
            }
        }
    }

    @Test("Words keep their blanks in a phrase alone")
    func phrase() async throws {
        let image = try #require(try await TextDrawer.variants("green river").first)
        let body = JSONValue.string(image.body)
        #expect(try await solve(["body": body, "phrase": true]).fields["text"] == "green river")
        #expect(try await solve(["body": body]).fields["text"] == "greenriver")
    }

    @Test("Work that is no longer wanted is not done, and a cancelled task ends")
    func stopped() async throws {
        let image = try #require(try await TextDrawer.variants("48213").first)
        let reading = ImageReading(image: try ImageFile(image.file), rules: try TextRules([:]))
        let job = WorkJob(reading, seconds: 60)
        guard case .text("48213", _) = try reading.find(in: 0..<1, StopSign(job)) else {
            Issue.record("The image is not read while it is wanted.")
            return
        }
        job.stop()
        #expect(try reading.find(in: 0..<1, StopSign(job)) == nil)
        let fault = await adapter().fault(["body": .string(image.body)], family: .imageToText, secondsLeft: 0)
        #expect(fault?.kind == .unsolvable(charged: false))
        #expect(fault?.message.contains("ran out") == true)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await solve(["body": .string(image.body)])
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("Images that are read at once get their own texts")
    func concurrent() async throws {
        let images = try await TextDrawer.random(2, seed: 5).filter { $0.style == "clean" || $0.style == "coloured" }
        let adapter = adapter(threads: 3, openTasks: 64)
        try await withThrowingTaskGroup(of: (String?, String?).self) { group in
            for image in images + images + images {
                group.addTask {
                    let fields: JSONObject = ["body": .string(image.body), "numeric": image.numeric]
                    let text = try? await adapter.solve(fields, family: .imageToText).fields["text"]?.string
                    return (image.body, text)
                }
            }
            var texts: [String: Set<String>] = [:]
            for try await (body, text) in group { texts[body ?? "", default: []].insert(text ?? "") }
            #expect(texts.values.allSatisfy { $0.count == 1 }, "\(texts.values)")
            #expect(Set(texts.values).count >= images.count - 1)
        }
    }
}
