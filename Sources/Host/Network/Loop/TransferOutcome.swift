internal import CLibcurl
internal import Domain
internal import ProviderKit

/// What libcurl's verdict on a transfer means to the caller.
extension Transfer {
    /// Reads the result off the easy handle, before that is reset. `peer` names the other side in sentences.
    func outcome(_ code: CURLcode, on easy: UnsafeMutableRawPointer) -> Result<HTTPResponse, HTTPFailure> {
        guard code == CURLE_OK else { return statusAlone.map { .success($0) } ?? .failure(failure(code)) }
        let status = curl_get_long(easy, CURLINFO_RESPONSE_CODE)
        return .success(HTTPResponse(status: status, headers: headers(on: easy), body: body))
    }

    /// What an exchange that the host itself ended came to.
    func result(endedBy kind: HTTPFailure.Kind) -> Result<HTTPResponse, HTTPFailure> {
        statusAlone.map { .success($0) } ?? .failure(ended(kind))
    }

    /// The response, where its status is all that is asked for and has come.
    private var statusAlone: HTTPResponse? { status.map { HTTPResponse(status: $0, headers: [], body: []) } }

    /// The failure for an exchange that the host itself ended.
    func ended(_ kind: HTTPFailure.Kind) -> HTTPFailure {
        let sentence =
            switch kind {
            case .timeout: "\(peer) did not answer within \(Self.text(request.timeoutSeconds)) seconds."
            case .cancelled: "The exchange with \(peer) was cancelled."
            default: "The exchange with \(peer) broke off before the response was complete."
            }
        return HTTPFailure(kind, sent: sent, sentence)
    }

    private var peer: String { options.unixSocketPath ?? request.origin.host }

    private func failure(_ code: CURLcode) -> HTTPFailure {
        if isOverLimit {
            return HTTPFailure(
                .tooLarge, sent: sent,
                "The response of \(peer) is larger than \(options.bodyBytes) bytes, or its headers than "
                    + "\(Limits.responseHeaderBytes).")
        }
        if refusedAddresses > 0 && openedSockets == 0 {
            return HTTPFailure(.refused, sent: .no, "\(peer) has no address that the host may connect to.")
        }
        switch code {
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT:
            return HTTPFailure(.refused, sent: sent, "The URL can't be read; give an absolute http or https URL.")
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            return HTTPFailure(.connect, sent: sent, "The name \(peer), or its proxy's, can't be resolved.")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED:
            return HTTPFailure(.tls, sent: sent, "No TLS connection to \(peer): \(Self.reason(code)).")
        case CURLE_OPERATION_TIMEDOUT where wasHandedOver:
            return ended(.timeout)
        case CURLE_OPERATION_TIMEDOUT:
            return HTTPFailure(
                .connect, sent: .no, "No connection to \(peer) within \(Self.text(Limits.connectSeconds)) seconds.")
        default:
            guard wasHandedOver else {
                return HTTPFailure(.connect, sent: .no, "No connection to \(peer): \(Self.reason(code)).")
            }
            return ended(.interrupted)
        }
    }

    /// libcurl's own words for the code, which are the same for every request.
    private static func reason(_ code: CURLcode) -> String {
        String(cString: curl_easy_strerror(code))
    }

    private static func text(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? String(Int(seconds)) : String((seconds * 10).rounded() / 10)
    }

    /// The headers of the final response. Those that describe the bytes on the wire are left out when the body was
    /// decompressed, since they no longer fit it.
    private func headers(on easy: UnsafeMutableRawPointer) -> [HTTPRequest.Header] {
        var headers: [HTTPRequest.Header] = []
        var position: UnsafeMutablePointer<curl_header>?
        while let next = curl_easy_nextheader(easy, UInt32(CURLH_HEADER), -1, position) {
            headers.append(
                HTTPRequest.Header(String(cString: next.pointee.name), String(cString: next.pointee.value)))
            position = next
        }
        guard headers.contains(where: { $0.name.lowercased() == "content-encoding" }) else { return headers }
        return headers.filter { !["content-encoding", "content-length"].contains($0.name.lowercased()) }
    }
}
