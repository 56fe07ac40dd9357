import Domain
import NIOCore
import NIOHTTP1

/// Looks at requests on their way to the decoder: bounds their lines and header lines, and knows the line of a request
/// whose head is not complete, so that it can be refused as its client expects.
///
/// A request's line may be much longer than a header line, since some clients send pictures in the query. A head that
/// is larger than the bound of header lines is booked with the bytes of bodies until its request is over.
final class RequestHeads: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let server: ServerContext
    private var framing = RequestFraming()
    /// The line of the request whose head is not complete, as far as it has come.
    private var line = ByteBuffer()
    private var headerBytes = 0
    private var held: HeldBytes
    /// What the decoder has told and the framing has not come to: bodies of heads, and how many requests have ended.
    private var bodies = CircularBuffer<RequestFraming.Body>(initialCapacity: 1)
    private var ends = 0
    /// Whether nothing more is let through: what came is refused, or the decoder has stopped.
    private var isDeaf = false
    /// Whether the decoder is ahead, and what it found wrong meanwhile.
    private var isBehind = false
    private var failure: (any Error)?
    /// Why a request was refused here. It comes to the connection as an overflow, behind the requests before it.
    private(set) var refusal: ClientError?

    init(server: ServerContext) {
        self.server = server
        held = HeldBytes(server: server)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDeaf else { return }
        var rest = unwrapInboundIn(data)
        // What is small breaks no bound, whatever of it belongs to heads. So nearly all goes on in one piece.
        let isPassed = 2 * (line.readableBytes + rest.readableBytes) + headerBytes <= server.limits.headerBytes
        if isPassed {
            isBehind = true
            context.fireChannelRead(data)
            isBehind = false
        }
        var seen = 0
        while seen < rest.readableBytes, !isDeaf {
            let segment = rest.withUnsafeReadableBytes {
                framing.next(UnsafeRawBufferPointer(rebasing: $0[seen...]))
            }
            if let error = count(segment, of: rest, at: rest.readerIndex + seen) { return refuse(error, context) }
            seen += segment.count
            guard segment.isEnd, segment.part != .line else { continue }
            if !isPassed {
                pass(&rest, seen, context)
                seen = 0
            }
            guard goOn() else {
                // Either it is refused by now, or what follows cannot be told from this request's body.
                isDeaf = true
                return context.fireErrorCaught(failure ?? HTTPParserError.unknown)
            }
        }
        if !isDeaf, !isPassed { pass(&rest, seen, context) }
        guard let failure, !isDeaf else { return }
        isDeaf = true
        context.fireErrorCaught(failure)
    }

    /// Follows what the decoder has told of a head, or of a request, that has ended.
    ///
    /// - Returns: false when it has told nothing of it.
    private func goOn() -> Bool {
        if framing.awaitsBody {
            guard let body = bodies.popFirst() else { return false }
            line = ByteBuffer()
            if !framing.follow(body) { return true }
        }
        guard ends > 0 else { return false }
        ends -= 1
        return true
    }

    /// The request whose head is not complete, without header lines; nil before its method and a part of its target
    /// have come.
    var request: ServerRequest? {
        // Where they lie: the line may be long.
        let found = line.withUnsafeReadableBytes { bytes -> (method: String, uri: String)? in
            let method = bytes.prefix { (0x41...0x5A).contains($0) || $0 == UInt8(ascii: "-") }
            let rest = UnsafeRawBufferPointer(rebasing: bytes[method.endIndex...])
            guard !method.isEmpty, let blank = rest.first, blank <= 0x20,
                let start = rest.firstIndex(where: { $0 > 0x20 })
            else { return nil }
            let target = UnsafeRawBufferPointer(rebasing: rest[start...])
            let end = target.firstIndex { $0 <= 0x20 } ?? target.count
            return (
                String(decoding: method, as: UTF8.self),
                String(decoding: UnsafeRawBufferPointer(rebasing: target[..<end]), as: UTF8.self)
            )
        }
        guard let (method, uri) = found else { return nil }
        return ServerRequest(
            head: HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: uri),
            path: RequestPath(uri), body: ByteBuffer())
    }

    /// The request whose line was long is over.
    func release() { held.clear() }

    // MARK: What the decoder tells

    func began(_ head: HTTPRequestHead) {
        if head.headers.contains(name: "transfer-encoding") {
            bodies.append(.chunked)
        } else {
            let length = head.headers.first(name: "content-length").flatMap(ContentLength.bytes)
            bodies.append(.bytes(length ?? 0))
        }
    }

    func ended() { ends += 1 }

    /// - Returns: whether the error is kept until the line of its request is known, which says how to answer.
    func keeps(_ error: any Error) -> Bool {
        guard isBehind else { return false }
        if failure == nil { failure = error }
        return true
    }

    // MARK: Parts

    private func pass(_ bytes: inout ByteBuffer, _ count: Int, _ context: ChannelHandlerContext) {
        guard count > 0, let part = bytes.readSlice(length: count) else { return }
        context.fireChannelRead(wrapInboundOut(part))
    }

    /// Counts what has come of a head.
    ///
    /// - Returns: the reason to refuse it.
    private func count(
        _ segment: RequestFraming.Segment, of bytes: ByteBuffer, at index: Int
    ) -> ClientError? {
        switch segment.part {
        case .blank, .body: return nil
        case .headers:
            headerBytes += segment.count
            return headerBytes > server.limits.headerBytes ? .tooManyHeaderLines : holdError()
        case .line:
            headerBytes = 0
            if var part = bytes.getSlice(at: index, length: segment.count) {
                if line.readableBytes == 0 { line = part } else { line.writeBuffer(&part) }
            }
            return lineError() ?? holdError()
        }
    }

    private func lineError() -> ClientError? {
        let (limits, length) = (server.limits, line.readableBytes)
        guard length > limits.headerBytes else { return nil }
        guard line.readableBytesView.prefix(limits.headerBytes).contains(UInt8(ascii: "?")) else {
            return ClientError(.requestTooLarge, "The path may have \(limits.headerBytes) bytes at most.")
        }
        guard length > limits.lineBytes else { return nil }
        return ClientError(.requestTooLarge, "The address with its query may have \(limits.lineBytes) bytes at most.")
    }

    private func holdError() -> ClientError? {
        // The line is held twice: here, and in the decoder.
        let bytes = 2 * line.readableBytes + headerBytes
        guard bytes > server.limits.headerBytes else { return nil }
        return held.grow(to: bytes) ? nil : ClientError(.overloaded)
    }

    private func refuse(_ error: ClientError, _ context: ChannelHandlerContext) {
        refusal = error
        isDeaf = true
        context.fireErrorCaught(HTTPParserError.headerOverflow)
    }
}

/// Tells `RequestHeads` of what the decoder has found, before a pipeline of requests is put in order.
final class DecodedParts: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private let heads: RequestHeads

    init(_ heads: RequestHeads) {
        self.heads = heads
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): heads.began(head)
        case .body: break
        case .end: heads.ended()
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !heads.keeps(error) else { return }
        context.fireErrorCaught(error)
    }
}

extension ClientError {
    /// More header lines, or more in them, than a request may have.
    static let tooManyHeaderLines = ClientError(.requestTooLarge, "The header lines are too large or too many.")
}

/// The header line of that name.
enum ContentLength {
    /// Its number; nil for what is none. The decoder leaves the blanks behind it, which mean nothing.
    static func bytes(_ value: String) -> Int? {
        guard value.utf8.last == 0x20 || value.utf8.last == 0x09 else { return Int(value) }
        return value.split { $0 == " " || $0 == "\t" }.first.flatMap { Int($0) }
    }
}
