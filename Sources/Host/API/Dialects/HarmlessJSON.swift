import NIOCore

/// JSON of a success in which the word ERROR does not stand, such as in a random token: some clients look for that word
/// in the whole text and take such an answer for a failure.
enum HarmlessJSON {
    /// Writes a JSON object as it is, but for that word inside its strings. Its O is written as an escape, which reads
    /// as the same text. An O after an R is never part of another escape.
    static func write(_ json: [UInt8], to body: inout ByteBuffer) {
        let word = Array("ERROR".utf8)
        var written = 0
        var index = 0
        while index + word.count <= json.count {
            guard json[index] == word[0], json[index..<index + word.count].elementsEqual(word) else {
                index += 1
                continue
            }
            body.writeBytes(json[written..<index + 3])
            body.writeStaticString(#"\u004F"#)
            written = index + 4
            index += word.count
        }
        body.writeBytes(json[written...])
    }
}
