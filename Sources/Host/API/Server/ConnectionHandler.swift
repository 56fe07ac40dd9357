import Domain
import NIOCore
import NIOHTTP1
import Observability

/// One connection's requests, one after the other: gathers a request, has it answered, writes the answer.
///
/// All of it runs on the connection's event loop but for the responder, which runs in a task of its own.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case waiting, receiving, responding, closing
    }

    private let server: ServerContext
    private let heads: RequestHeads
    private let deadlines: ConnectionDeadlines
    private var state = State.waiting
    private var head: HTTPRequestHead?
    private var body: ByteBuffer?
    private var account: BodyAccount
    private var inputClosed = false
    private var isWriting = false
    /// The other end of the connection.
    private var peer: IPAddress?
    /// Where the request comes from, and how that address stands with it.
    private var caller: IPAddress?
    private var standing: RateStanding?
    /// Whether the client sends nothing any more. One that has closed looks like one that has only sent its last
    /// request: for neither is anything waited for, and what is there is answered.
    private var isLast = false
    /// Answers the request at hand. It is cancelled when the client may have gone.
    private var answering: Task<Void, Never>?
    /// Whether it was answered at once, before its task was known.
    private var isAnswered = false
    /// Whether the client offers to go on in another protocol. That is never taken up, but the decoder reads nothing
    /// behind such a request.
    private var offersUpgrade = false
    /// Whether the server had all the connections that it serves when this one came.
    private var isOneTooMany = false

    init(server: ServerContext, heads: RequestHeads, deadlines: ConnectionDeadlines) {
        self.server = server
        self.heads = heads
        self.deadlines = deadlines
        account = BodyAccount(server: server)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        server.connections.add(1)
        isOneTooMany = server.isFull
        peer = IPAddress(context.channel.remoteAddress)
        deadlines.onSlowBody = { [unowned self] in self.refuse(ClientError(.requestTimeout), context) }
        deadlines.onInputClosed = { [unowned self] in
            isLast = true
            answering?.cancel()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        server.connections.add(-1)
        answering?.cancel()
        deadlines.onSlowBody = nil
        deadlines.onInputClosed = nil
        forgetRequest()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closing
        answering?.cancel()
        forgetRequest()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .waiting): begin(head, context)
        case (.body(let part), .receiving): append(part, context)
        case (.end, .receiving): respond(context)
        default: break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed {
            inputClosed = true
            if state != .responding { context.close(promise: nil) }
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard state != .closing else { return }
        switch error {
        case HTTPParserError.headerOverflow: refuse(heads.refusal ?? .tooManyHeaderLines, context)
        case HTTPParserError.invalidEOFState: context.close(promise: nil)
        case is HTTPParserError: write(ServerResponse(status: 400, text: "This is no HTTP request.\n"), true, context)
        default: context.close(promise: nil)
        }
    }

    // MARK: A request

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        state = .receiving
        self.head = head
        deadlines.enter(.body)
        caller = CallerAddress.of(
            peer: peer, forwarded: { head.headers["x-forwarded-for"] }, trusted: server.access.trustedProxies)
        standing = server.count(caller)
        if isOneTooMany { return refuse(ClientError(.overloaded), context) }
        offersUpgrade = head.method == .CONNECT
        var expectsContinue = false
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 14 where name.lowercased() == "content-length":
                if ContentLength.bytes(value).map({ $0 > server.limits.bodyBytes }) ?? true {
                    return refuse(limitError ?? .tooLarge(server.limits), context)
                }
            case 6 where name.lowercased() == "expect": expectsContinue = value.lowercased() == "100-continue"
            case 7 where name.lowercased() == "upgrade": offersUpgrade = true
            default: break
            }
        }
        if expectsContinue, let limitError { return refuse(limitError, context) }
        if expectsContinue, head.version == .http1_1 {
            let go = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(go)), promise: nil)
        }
    }

    private func append(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
        // Taken out while it grows, so that its storage has one owner and is not copied.
        var whole = part
        if var begun = body {
            body = nil
            begun.writeImmutableBuffer(part)
            whole = begun
        }
        if let error = account.grow(to: whole.readableBytes) { return refuse(limitError ?? error, context) }
        body = whole
    }

    private func respond(_ context: ChannelHandlerContext) {
        guard let head else { return }
        let path = RequestPath(head.uri)
        state = .responding
        deadlines.enter(.responding)
        let request = ServerRequest(head: head, path: path, body: body ?? ByteBuffer(), address: caller)
        let connection = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let (responder, eventLoop) = (server.responder, context.eventLoop)
        let refusal = limitError
        // A waiting request is handed in while the answer before it is being written. It starts after that, or else a
        // long pipeline of requests that are answered at once would end in a deep recursion.
        guard !isWriting else {
            return eventLoop.execute { Self.start(request, refusal, responder, connection, eventLoop) }
        }
        Self.start(request, refusal, responder, connection, eventLoop)
    }

    /// Runs the responder at once, on the event loop, until it has to wait for something; an answer that needs no
    /// waiting is written without a change of thread.
    private static func start(
        _ request: ServerRequest, _ refusal: ClientError?, _ responder: any RequestResponder,
        _ connection: NIOLoopBound<(ConnectionHandler, ChannelHandlerContext)>, _ eventLoop: any EventLoop
    ) {
        // The connection goes on: another one would cost more than the answer.
        if let refusal {
            return connection.value.0.finish(responder.refuse(refusal, request), connection.value.1)
        }
        let handler = connection.value.0
        handler.isAnswered = false
        let answering = Task.immediate {
            let response = await responder.respond(to: request)
            if eventLoop.inEventLoop {
                connection.value.0.finish(response, connection.value.1)
            } else {
                eventLoop.execute { connection.value.0.finish(response, connection.value.1) }
            }
        }
        guard !handler.isAnswered else { return }
        handler.answering = answering
        if handler.isLast { answering.cancel() }
    }

    private func finish(_ response: ServerResponse, _ context: ChannelHandlerContext) {
        isAnswered = true
        answering = nil
        guard state == .responding else { return }
        write(response, response.closesConnection, context)
    }

    private func refuse(_ error: ClientError, _ context: ChannelHandlerContext) {
        let request = head.map { head in
            ServerRequest(head: head, path: RequestPath(head.uri), body: ByteBuffer(), address: caller)
        }
        write(server.responder.refuse(error, request ?? heads.request), true, context)
    }

    // MARK: An answer

    private func write(_ response: ServerResponse, _ closes: Bool, _ context: ChannelHandlerContext) {
        let keeps = !closes && !inputClosed && !offersUpgrade && head?.isKeepAlive ?? false
        let hasBody = head?.method != .HEAD
        var lines = [
            ("content-type", response.contentType), ("content-length", String(response.body.readableBytes)),
        ]
        lines.reserveCapacity(8 + response.headers.count)
        for header in response.headers { lines.append((header.name, header.value)) }
        if !response.allowedMethods.isEmpty {
            lines.append(("allow", response.allowedMethods.joined(separator: ", ")))
        }
        // What was refused before it was a request counts as one.
        (standing ?? server.count(peer))?.write(to: &lines)
        if !keeps {
            lines.append(("connection", "close"))
        } else if head?.version == .http1_0 {
            lines.append(("connection", "keep-alive"))
        }
        let status = HTTPResponseStatus(statusCode: response.status)
        let answer = HTTPResponseHead(version: .http1_1, status: status, headers: HTTPHeaders(lines))
        // The state is right before the end is written: that may hand in the next request at once.
        state = keeps ? .waiting : .closing
        forgetRequest()
        deadlines.enter(keeps ? .idle : .lingering)
        isWriting = true
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        if hasBody { context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil) }
        if keeps {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        } else {
            let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
            written.assumeIsolated().whenComplete { _ in self.close(context) }
        }
        isWriting = false
        deadlines.settle()
    }

    /// Closes so that the client can still read the answer: a socket closed with unread bytes in it would throw the
    /// answer away. What it sends until it closes too, or `lingerSeconds` are over, is dropped.
    private func close(_ context: ChannelHandlerContext) {
        if inputClosed {
            context.close(promise: nil)
        } else {
            context.close(mode: .output, promise: nil)
        }
    }

    /// What a request is answered of which the address has sent too many; nil for others.
    private var limitError: ClientError? { standing?.isOver == true ? ClientError(.tooManyRequests) : nil }

    private func forgetRequest() {
        head = nil
        caller = nil
        standing = nil
        body = nil
        account.clear()
        heads.release()
    }
}
