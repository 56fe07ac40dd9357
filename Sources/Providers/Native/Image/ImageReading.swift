/// Reads an image in a few ways and lets them vote, on one thread.
struct ImageReading: Search {
    /// What came of it.
    enum Outcome: Sendable, Equatable {
        /// The text, and how sure it is, in hundredths.
        case text(String, confidence: Int)
        /// Nothing was read that can be the answer.
        case nothing
        /// The decoder could not make sense of the file.
        case damaged
    }

    var image: ImageFile
    var rules: TextRules

    var candidates: UInt64 { 1 }
    var slice: UInt64 { 1 }

    /// A text as it was read in one way.
    struct Reading: Equatable {
        var text: String
        /// Hundredths.
        var confidence: Int
    }

    /// How often a text was read, and how sure it was at best. Agreement counts beside certainty.
    static func best(of readings: [Reading], _ rules: TextRules) -> Reading? {
        var weights: [String: Int] = [:]
        var best: Reading?
        for reading in readings where rules.allow(reading.text) {
            weights[reading.text, default: 0] += reading.confidence + NativeLimits.agreement
        }
        for reading in readings {
            guard let weight = weights[reading.text] else { continue }
            let isSame = best?.text == reading.text
            if isSame ? reading.confidence > (best?.confidence ?? 0) : weight > weights[best?.text ?? ""] ?? 0 {
                best = reading
            }
        }
        return best.flatMap { $0.confidence >= NativeLimits.leastConfidence ? $0 : nil }
    }

    #if UCAPTCHA_TESSERACT
        /// Whether images can be read: the libraries are linked, and the English data is where tesseract looks for it.
        static let isPossible = TextReader.shelf.canMake

        func find(in range: Range<UInt64>, _ stop: borrowing StopSign) throws(LibraryFailure) -> Outcome? {
            guard let picture = try Picture(image) else { return .damaged }
            let text = try picture.croppedToText()
            let reader = try TextReader.shelf.take()
            defer { TextReader.shelf.putBack(reader) }
            var readings: [Reading] = []
            for (index, recipe) in Picture.recipes.enumerated() {
                if stop.isUp { return nil }
                // Two ways that agree are enough.
                if index == 2, readings[0].text == readings[1].text, rules.allow(readings[0].text) { break }
                let (line, confidence) = try reader.read(text.prepared(recipe), rules.alphabet, stop)
                readings.append(Reading(text: rules.tidied(line), confidence: confidence))
            }
            if stop.isUp { return nil }
            return Self.best(of: readings, rules).map { .text($0.text, confidence: $0.confidence) } ?? .nothing
        }
    #else
        static let isPossible = false

        func find(in range: Range<UInt64>, _ stop: borrowing StopSign) throws(LibraryFailure) -> Outcome? {
            throw LibraryFailure()
        }
    #endif
}
