import Domain
import NIOCore
import ProviderKit
import Tasks

/// The answers of the JSON dialects, written straight into the buffer that is sent.
struct TaskAnswers: Sendable {
    let shape: AnswerShape

    /// - Parameter dialect: nil: of what belongs to no dialect.
    init(_ dialect: ClientDialect?) {
        self.init(shape: AnswerShape(dialect))
    }

    private init(shape: AnswerShape) {
        self.shape = shape
    }

    /// Of what belongs to no dialect: errors with status 200 and the catalogue's codes.
    static let automatic = TaskAnswers(shape: .automatic)

    /// A task that was taken.
    ///
    /// - Parameter ended: the task, if it has ended already.
    func created(_ id: TaskID, _ ids: any TaskIDCipher, ended: ClientTask? = nil) -> ServerResponse {
        var body = ByteBufferAllocator().buffer(capacity: 256)
        switch ended?.status {
        case .failed(let error)?:
            body.writeString(#"{"errorId":\#(shape.failureIsError ? 1 : 0),"taskId":"#)
            write(id, ids, to: &body)
            body.writeStaticString(#","status":"failed","#)
            write(error, to: &body)
        case .ready(let solution, let price, let seconds)?:
            body.writeStaticString(#"{"errorId":0,"taskId":"#)
            write(id, ids, to: &body)
            body.writeStaticString(#","status":"ready","solution":"#)
            HarmlessJSON.write(SolutionShape.presented(solution), to: &body)
            if let ended { writeFacts(ended, price, seconds, nil, to: &body) }
        case .processing?, nil:
            body.writeStaticString(#"{"errorId":0,"taskId":"#)
            write(id, ids, to: &body)
            if shape.createdHasStatus { body.writeStaticString(#","status":"processing""#) }
        }
        body.writeStaticString("}")
        return ServerResponse(body: body)
    }

    /// How a task stands.
    ///
    /// - Parameter address: where the question comes from.
    func result(_ task: ClientTask, _ ids: any TaskIDCipher, to address: IPAddress? = nil) -> ServerResponse {
        switch task.status {
        case .processing:
            guard shape.resultHasName else { return ServerResponse(body: TaskAnswers.processing) }
            var body = begun(task.id, ids, capacity: 96)
            body.writeStaticString(#""status":"processing"}"#)
            return ServerResponse(body: body)
        case .ready(let solution, let price, let seconds):
            let presented = SolutionShape.presented(solution)
            var body = begun(task.id, ids, capacity: presented.count + 192)
            body.writeStaticString(#""status":"ready","solution":"#)
            HarmlessJSON.write(presented, to: &body)
            writeFacts(task, price, seconds, address, to: &body)
            body.writeStaticString("}")
            return ServerResponse(body: body)
        case .failed(let error):
            return failure(error, status: #""status":"failed","#, errorID: shape.failureIsError ? 1 : 0)
        }
    }

    func balance(_ balance: Money) -> ServerResponse {
        var body = ByteBufferAllocator().buffer(capacity: 64)
        body.writeStaticString(#"{"errorId":0,"balance":"#)
        body.writeString(balance.description)
        body.writeStaticString("}")
        return ServerResponse(body: body)
    }

    /// To `feedbackTask`.
    func feedback() -> ServerResponse {
        ServerResponse(bytes: JSONValue.object(["errorId": 0, "message": .string(shape.feedbackMessage)]).bytes)
    }

    /// To `reportIncorrect...` and `reportCorrect...`.
    func reported() -> ServerResponse {
        ServerResponse(body: ByteBuffer(staticString: #"{"errorId":0,"status":"success"}"#))
    }

    /// To `getQueueStats`, which has no `errorId`.
    func queue(_ figures: QueueFigures) -> ServerResponse {
        let load = Double(figures.most - figures.free) / Double(max(figures.most, 1)) * 100
        let json: JSONObject = [
            "waiting": .number(JSONNumber(figures.free)), "load": JSONNumber(load).map { .number($0) } ?? 0,
            "bid": figures.price.json, "speed": JSONNumber(figures.seconds).map { .number($0) } ?? 0,
            "total": .number(JSONNumber(figures.most)),
        ]
        return ServerResponse(bytes: JSONValue.object(json).bytes)
    }

    func failure(_ error: ClientError) -> ServerResponse {
        var response = failure(error, status: "", errorID: 1)
        if shape.hasStatuses { response.status = error.code.httpStatus }
        return response
    }

    private static let processing = ByteBuffer(staticString: #"{"errorId":0,"status":"processing"}"#)

    private func begun(_ id: TaskID, _ ids: any TaskIDCipher, capacity: Int) -> ByteBuffer {
        var body = ByteBufferAllocator().buffer(capacity: capacity)
        body.writeStaticString(#"{"errorId":0,"#)
        if shape.resultHasName {
            body.writeStaticString(#""taskId":"#)
            write(id, ids, to: &body)
            body.writeStaticString(",")
        }
        return body
    }

    private func write(_ id: TaskID, _ ids: any TaskIDCipher, to body: inout ByteBuffer) {
        switch shape.name {
        case .number: body.writeString(id.description)
        case .uuid:
            body.writeStaticString("\"")
            body.writeString(ids.uuid(of: id))
            body.writeStaticString("\"")
        }
    }

    private func writeFacts(
        _ task: ClientTask, _ price: Money, _ seconds: Double, _ address: IPAddress?, to body: inout ByteBuffer
    ) {
        guard shape.facts != .nothing else { return }
        body.writeStaticString(#","cost":"#)
        body.writeString(shape.costIsText ? "\"\(price)\"" : price.description)
        if shape.facts == .charge {
            body.writeStaticString(#","solveTime":"#)
            body.writeString(String(TaskAnswers.milliseconds(seconds)))
        } else {
            if let address { body.writeString(#","ip":"\#(address)""#) }
            body.writeStaticString(#","createTime":"#)
            body.writeString(String(task.createdAt.milliseconds / 1000))
            body.writeStaticString(#","endTime":"#)
            body.writeString(String((task.endedAt ?? task.createdAt).milliseconds / 1000))
            body.writeStaticString(#","solveCount":1"#)
        }
    }

    private func failure(_ error: ClientError, status: StaticString, errorID: Int) -> ServerResponse {
        var body = ByteBufferAllocator().buffer(capacity: 256)
        body.writeString(#"{"errorId":\#(errorID),"#)
        body.writeStaticString(status)
        write(error, to: &body)
        body.writeStaticString("}")
        return ServerResponse(body: body)
    }

    private func write(_ error: ClientError, to body: inout ByteBuffer) {
        body.writeStaticString(#""errorCode":""#)
        body.writeString(shape.code(error))
        body.writeStaticString(#"","errorDescription":"#)
        var text: [UInt8] = []
        JSONValue.write(error.description, to: &text)
        body.writeBytes(text)
    }

    private static func milliseconds(_ seconds: Double) -> Int64 {
        Int64(min(max(seconds.isNaN ? 0 : seconds, 0), 1e12) * 1000)
    }
}
