import Domain
import Foundation
import ProviderKit
import TestSupport
import Testing

@testable import API

@Suite("The documentation of the dialects")
struct DialectDocumentationTests {
    private let page: String
    /// What stands between back ticks.
    private let words: Set<String>

    init() throws {
        page = try String(
            decoding: Data(contentsOf: Repository.root.appending(path: "docs/dialects.md")), as: UTF8.self)
        words = Set(page.split(separator: "`", omittingEmptySubsequences: false).map(String.init))
    }

    @Test("names every code, method and action of in.php and res.php")
    func form() {
        for code in InPHPCode.allCases { #expect(words.contains(code.rawValue), "\(code)") }
        for method in InPHPMethod.byName.keys { #expect(words.contains(method), "\(method)") }
        for method in ["userrecaptcha", "post", "base64"] { #expect(words.contains(method)) }
    }

    @Test("names every dialect with its codes and its own words for fields")
    func shapes() {
        for dialect in ClientDialect.allCases {
            #expect(words.contains(dialect.rawValue))
            let shape = AnswerShape(dialect)
            for code in shape.codes.values { #expect(words.contains(code), "\(dialect): \(code)") }
            for code in shape.fieldCodes.values { #expect(words.contains(code), "\(dialect): \(code)") }
        }
    }

    @Test("names every type, status and word of Death By Captcha's dialect")
    func deathByCaptcha() {
        for params in DeathByCaptchaKind.byNumber.values.compactMap(\.params) {
            #expect(words.contains(params), "\(params)")
        }
        for code in ErrorCode.allCases {
            let error = DeathByCaptchaError(code)
            #expect(words.contains(error.word), "\(error.word)")
            #expect(page.contains("\(error.status)"), "\(error.status)")
        }
    }
}
