import Domain
import NIOCore
import ProviderKit

/// What anybody may read without a key: the description of the calls, and the page made of it.
struct PublicDocuments: Sendable {
    /// Made once, for all servers.
    static let shared = PublicDocuments()

    private let pages: [String: ServerResponse]

    private init() {
        let document = OpenAPIDocument.value
        var description = ServerResponse(bytes: document.bytes)
        description.headers = PublicDocuments.headers + [("access-control-allow-origin", "*")]
        var page = ServerResponse(
            contentType: "text/html; charset=utf-8", body: ByteBuffer(string: ReferencePage(document: document).html))
        page.headers = PublicDocuments.headers + [("content-security-policy", PublicDocuments.policy)]
        var style = ServerResponse(
            contentType: "text/css; charset=utf-8", body: ByteBuffer(string: ReferenceStyle.css))
        style.headers = PublicDocuments.headers
        pages = ["/openapi.json": description, "/reference": page, "/reference.css": style]
    }

    /// The answer, or nil when the path is none of them.
    func answer(_ request: ServerRequest) -> ServerResponse? {
        guard let page = pages[request.path] else { return nil }
        guard request.method == "GET" || request.method == "HEAD" else { return .readOnly }
        return page
    }

    /// They stay as they are until the host is replaced by another version.
    private static let headers = [("cache-control", "public, max-age=300"), ("x-content-type-options", "nosniff")]

    /// Nothing but the page's own style is loaded, and nothing runs.
    private static let policy =
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
