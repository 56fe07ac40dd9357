import FoundationEssentials
import ProviderKit

/// Solves tasks of the family `imageToText`: reads the text of a plain image.
struct ImageSolver {
    let pool: WorkPool

    /// - Throws: `Fault`, or `CancellationError` when the surrounding `Task` was cancelled.
    func solve(_ task: TaskRequest) async throws -> Solution {
        guard ImageReading.isPossible else {
            throw Fault(.unsupportedTask, "This adapter is without tesseract or its English data, and reads no images.")
        }
        let rules = try TextRules(task.fields)
        let image: ImageFile
        do {
            image = try ImageFile(try Self.bytes(of: task.fields["body"] ?? .null))
        } catch let problem as ImageProblem {
            throw Self.refusal(problem)
        }
        let seconds = min(task.secondsLeft, NativeLimits.imageSeconds)
        switch try await pool.run(ImageReading(image: image, rules: rules), seconds: seconds) {
        case .found(.text(let text, let confidence)):
            return Solution(["text": .string(text), "confidence": Self.fraction(confidence)])
        case .found(.damaged): throw Self.refusal(ImageProblem("is damaged and cannot be decoded"))
        case .found(.nothing), .exhausted:
            throw Fault(.unsolvable(charged: false), "No text that the task allows can be read in the image.")
        case .late: throw Fault(.unsolvable(charged: false), "The time for the task ran out before the image was read.")
        case .cancelled: throw CancellationError()
        case .failed: throw Fault(.overloaded, "The machine has no memory left for reading images.")
        }
    }

    private static func refusal(_ problem: ImageProblem) -> Fault {
        Fault(.badTask(field: "body"), "The image \(problem.clause).")
    }

    /// The file in `body`: base64, in lines or not, with or without a prefix such as `data:image/png;base64,`.
    static func bytes(of body: JSONValue) throws -> [UInt8] {
        guard let text = body.string, !text.isEmpty else {
            throw Fault(.badTask(field: "body"), "Send the image as body, in base64.")
        }
        // Four characters are three bytes; a prefix and line ends take some more.
        guard text.utf8.count <= NativeLimits.imageBytes * 3 / 2 else {
            throw ImageProblem("is larger than \(NativeLimits.imageBytes) bytes")
        }
        var base64 = text[...]
        if text.prefix(5).lowercased() == "data:" {
            guard let comma = text.firstIndex(of: ","), text[..<comma].lowercased().hasSuffix(";base64") else {
                throw Fault(.badTask(field: "body"), "The data URL in body has to be in base64.")
            }
            base64 = text[text.index(after: comma)...]
        }
        var digits = base64.utf8.filter { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }
        for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        let isWhole = digits.count % 4 != 1 && !digits.contains(UInt8(ascii: "="))
        digits += repeatElement(UInt8(ascii: "="), count: (4 - digits.count % 4) % 4)
        guard isWhole, !digits.isEmpty, let data = Data(base64Encoded: Data(digits)) else {
            throw Fault(.badTask(field: "body"), "body is not base64.")
        }
        return [UInt8](data)
    }

    /// Hundredths as a JSON number from 0 to 1.
    private static func fraction(_ hundredths: Int) -> JSONValue {
        let digits = String(min(max(hundredths, 0), 100) + 1000).dropFirst()
        let text = "\(digits.prefix(1)).\(digits.dropFirst())"
        return (try? JSONValue(parsing: text)) ?? .null
    }
}
