import Domain
import NIOCore
import ProviderKit
import Tasks

/// The answers of the root dialect, written straight into the buffer that is sent.
enum RootAnswers {
    static func created(_ uuid: String) -> ServerResponse {
        var body = ByteBufferAllocator().buffer(capacity: 96)
        body.writeStaticString(#"{"errorId":0,"taskId":""#)
        body.writeString(uuid)
        body.writeStaticString(#"","status":"processing"}"#)
        return ServerResponse(body: body)
    }

    static func result(_ status: TaskStatus) -> ServerResponse {
        switch status {
        case .processing:
            return ServerResponse(body: processing)
        case .ready(let solution, let price, let seconds):
            let presented = SolutionShape.presented(solution)
            var body = ByteBufferAllocator().buffer(capacity: presented.count + 128)
            body.writeStaticString(#"{"errorId":0,"status":"ready","solution":"#)
            writeSolution(presented, to: &body)
            body.writeStaticString(#","cost":"#)
            body.writeString(price.description)
            body.writeStaticString(#","solveTime":"#)
            body.writeString(String(milliseconds(seconds)))
            body.writeStaticString("}")
            return ServerResponse(body: body)
        case .failed(let error):
            return failure(error, status: #""status":"failed","#)
        }
    }

    static func balance(_ balance: Money) -> ServerResponse {
        var body = ByteBufferAllocator().buffer(capacity: 64)
        body.writeStaticString(#"{"errorId":0,"balance":"#)
        body.writeString(balance.description)
        body.writeStaticString("}")
        return ServerResponse(body: body)
    }

    static func failure(_ error: ClientError) -> ServerResponse {
        failure(error, status: "")
    }

    private static let processing = ByteBuffer(staticString: #"{"errorId":0,"status":"processing"}"#)

    private static func failure(_ error: ClientError, status: StaticString) -> ServerResponse {
        var body = ByteBufferAllocator().buffer(capacity: 256)
        body.writeStaticString(#"{"errorId":1,"#)
        body.writeStaticString(status)
        body.writeStaticString(#""errorCode":""#)
        body.writeString(error.code.rawValue)
        body.writeStaticString(#"","errorDescription":"#)
        var text: [UInt8] = []
        JSONValue.write(error.description, to: &text)
        body.writeBytes(text)
        body.writeStaticString("}")
        return ServerResponse(body: body)
    }

    /// Writes a JSON object as it is, but for the word ERROR inside its strings, such as in a random token: some
    /// clients look for that word in the whole text and take such an answer for a failure. Its O is written as an
    /// escape, which reads as the same text. An O after an R is never part of another escape.
    private static func writeSolution(_ solution: [UInt8], to body: inout ByteBuffer) {
        let word = Array("ERROR".utf8)
        var written = 0
        var index = 0
        while index + word.count <= solution.count {
            guard solution[index] == word[0], solution[index..<index + word.count].elementsEqual(word) else {
                index += 1
                continue
            }
            body.writeBytes(solution[written..<index + 3])
            body.writeStaticString(#"\u004F"#)
            written = index + 4
            index += word.count
        }
        body.writeBytes(solution[written...])
    }

    private static func milliseconds(_ seconds: Double) -> Int64 {
        Int64(min(max(seconds.isNaN ? 0 : seconds, 0), 1e12) * 1000)
    }
}
