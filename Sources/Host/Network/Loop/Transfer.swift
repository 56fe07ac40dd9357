internal import CLibcurl
internal import Domain
internal import Glibc
internal import ProviderKit

/// One request and what is known of its exchange, while it is on an easy handle.
///
/// Made on the caller's thread and handed to the thread that runs libcurl; from then on only that thread touches it,
/// which is why it may cross although it is mutable.
final class Transfer: @unchecked Sendable {
    let request: CheckedRequest
    let options: TransferOptions
    /// Set from just before the first byte of the request may leave.
    private(set) var wasHandedOver = false
    private(set) var body: [UInt8] = []
    private(set) var isOverLimit = false
    /// The status of the response, once its header lines are complete.
    private(set) var status: Int?
    private var bodyBytes = 0
    private var announced: Int?
    private(set) var refusedAddresses = 0
    private(set) var openedSockets = 0
    private var headerBytes = 0
    private var headerList: UnsafeMutablePointer<curl_slist>?

    init(_ request: CheckedRequest, _ options: TransferOptions) {
        self.request = request
        self.options = options
    }

    deinit {
        curl_slist_free_all(headerList)
    }

    var sent: HTTPFailure.Sent { wasHandedOver ? .maybe : .no }

    /// Puts the request and every rule of the transport on an easy handle that is in its initial state.
    func configure(_ easy: UnsafeMutableRawPointer) throws(HTTPFailure) {
        for line in request.headerLines {
            guard let list = curl_slist_append(headerList, line) else {
                throw HTTPFailure(.overloaded, sent: .no, "There is no memory for another request.")
            }
            headerList = list
        }
        var handle = EasyHandleSetter(easy)
        let context = Unmanaged.passUnretained(self).toOpaque()
        handle.set(CURLOPT_PRIVATE, pointer: context)
        handle.set(CURLOPT_CURLU, pointer: UnsafeRawPointer(request.url.handle))
        handle.set(CURLOPT_HTTPHEADER, pointer: headerList)
        handle.setCommonRules()
        handle.setConnection(options, scheme: request.origin.scheme)
        handle.setMethod(request)
        handle.setCallbacks(context, policed: options.unixSocketPath == nil)
        guard handle.isComplete else {
            throw HTTPFailure(.refused, sent: .no, "This libcurl lacks an option that the host needs.")
        }
    }

    // MARK: What libcurl calls

    func receive(header bytes: UnsafeRawBufferPointer) -> Bool {
        headerBytes += bytes.count
        isOverLimit = isOverLimit || headerBytes > Limits.responseHeaderBytes
        if !isOverLimit, options.takesStatusAlone { note(bytes) }
        return !isOverLimit
    }

    /// Looks for the status, and for the empty line behind the last header line of what is no interim response.
    private func note(_ line: UnsafeRawBufferPointer) {
        if line.starts(with: "HTTP/".utf8) {
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
            announced = words.count > 1 ? Int(String(decoding: words[1].prefix(3), as: UTF8.self)) : nil
        } else if line.allSatisfy({ $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }) {
            status = announced.flatMap { $0 >= 200 ? $0 : nil }
        }
    }

    func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
        bodyBytes += bytes.count
        isOverLimit = isOverLimit || bodyBytes > options.bodyBytes
        if !isOverLimit, !options.takesStatusAlone { body.append(contentsOf: bytes) }
        return !isOverLimit
    }

    /// False when the request was given to a connection before: libcurl would then repeat it, because the connection
    /// broke off without an answer. The peer may have acted on the first, so that repeating is the caller's decision.
    func mayHandOver() -> Bool {
        defer { wasHandedOver = true }
        return !wasHandedOver
    }

    func openSocket(_ address: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
        let bytes = UnsafeRawBufferPointer(
            start: curl_address_bytes(address), count: Int(address.pointee.addrlen))
        guard let target = IPAddress(socketAddress: bytes), options.addressPolicy.allows(target) else {
            refusedAddresses += 1
            return CURL_SOCKET_BAD
        }
        openedSockets += 1
        // Closed on exec, so that no child process inherits a connection.
        let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return socket(address.pointee.family, type, address.pointee.protocol)
    }
}
