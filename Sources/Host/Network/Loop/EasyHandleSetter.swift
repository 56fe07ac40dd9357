internal import CLibcurl
internal import Domain

/// Sets options on an easy handle and remembers whether all of them were taken: a rule that libcurl doesn't know must
/// stop the request and not be left out.
struct EasyHandleSetter {
    private let easy: UnsafeMutableRawPointer
    private(set) var isComplete = true

    init(_ easy: UnsafeMutableRawPointer) {
        self.easy = easy
    }

    mutating func set(_ option: CURLoption, _ value: Int) {
        note(curl_set_long(easy, option, value))
    }

    mutating func set(_ option: CURLoption, _ flag: Bool) {
        note(curl_set_long(easy, option, flag ? 1 : 0))
    }

    mutating func set(_ option: CURLoption, text: String) {
        note(curl_set_text(easy, option, text))
    }

    mutating func set(_ option: CURLoption, pointer: UnsafeRawPointer?) {
        note(curl_set_pointer(easy, option, pointer))
    }

    private mutating func note(_ code: CURLcode) {
        isComplete = isComplete && code == CURLE_OK
    }

    /// What holds for every exchange of every transport.
    mutating func setCommonRules() {
        set(CURLOPT_NOSIGNAL, true)
        set(CURLOPT_PROTOCOLS_STR, text: "http,https")
        set(CURLOPT_FOLLOWLOCATION, false)
        set(CURLOPT_HTTP09_ALLOWED, false)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        set(CURLOPT_SSL_VERIFYPEER, true)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_ACCEPT_ENCODING, text: "gzip, deflate")
        set(CURLOPT_TCP_KEEPALIVE, true)
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(Limits.connectSeconds * 1000))
        // A name that resolves slowly must not hold up the thread when its exchange ends before.
        set(CURLOPT_QUICK_EXIT, true)
    }

    mutating func setConnection(_ options: TransferOptions, scheme: String) {
        // Both are always set: left out, libcurl would look into the environment itself.
        set(CURLOPT_PROXY, text: options.proxies.proxy(for: scheme))
        set(CURLOPT_NOPROXY, text: options.proxies.exceptions)
        if let path = options.unixSocketPath { set(CURLOPT_UNIX_SOCKET_PATH, text: path) }
        if let caFile = options.caFile {
            set(CURLOPT_CAINFO, text: caFile)
            set(CURLOPT_CAPATH, pointer: nil)
        }
        if options.reusesConnections {
            set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
            // Before another connection is opened, see whether the one that is being made can be shared. Without TLS
            // that would only be known after the first response.
            set(CURLOPT_PIPEWAIT, scheme == "https")
            set(CURLOPT_MAXAGE_CONN, Limits.idleConnectionSeconds)
            set(CURLOPT_MAXLIFETIME_CONN, Limits.connectionLifetimeSeconds)
        } else {
            set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
            set(CURLOPT_FRESH_CONNECT, true)
            set(CURLOPT_FORBID_REUSE, true)
            set(CURLOPT_SSL_SESSIONID_CACHE, false)
            set(CURLOPT_DNS_CACHE_TIMEOUT, 0)
        }
    }

    mutating func setMethod(_ request: CheckedRequest) {
        switch request.method {
        case .get: set(CURLOPT_HTTPGET, true)
        case .head: set(CURLOPT_NOBODY, true)
        case .delete where request.body.isEmpty: set(CURLOPT_CUSTOMREQUEST, text: request.method.rawValue)
        case .post, .put, .patch, .delete:
            set(CURLOPT_POST, true)
            note(curl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
            if request.body.isEmpty {
                set(CURLOPT_COPYPOSTFIELDS, text: "")
            } else {
                request.body.withUnsafeBytes { set(CURLOPT_COPYPOSTFIELDS, pointer: $0.baseAddress) }
            }
            if request.method != .post { set(CURLOPT_CUSTOMREQUEST, text: request.method.rawValue) }
        }
    }

    /// `context` is the `Transfer`, which outlives its stay on the handle.
    mutating func setCallbacks(_ context: UnsafeMutableRawPointer, policed: Bool) {
        note(
            curl_set_bytes_function(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                let data = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return transfer(context)?.receive(header: data) == true ? data.count : 0
            })
        note(
            curl_set_bytes_function(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                let data = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return transfer(context)?.receive(body: data) == true ? data.count : 0
            })
        note(
            curl_set_prereq_function(easy) { context, _, _, _, _ in
                transfer(context)?.mayHandOver() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            })
        set(CURLOPT_HEADERDATA, pointer: context)
        set(CURLOPT_WRITEDATA, pointer: context)
        set(CURLOPT_PREREQDATA, pointer: context)
        guard policed else { return }
        note(
            curl_set_opensocket_function(easy) { context, _, address in
                guard let transfer = transfer(context), let address else { return CURL_SOCKET_BAD }
                return transfer.openSocket(address)
            })
        set(CURLOPT_OPENSOCKETDATA, pointer: context)
    }
}

private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}
