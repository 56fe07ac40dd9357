import ProviderKit
import Testing

@testable import Multibot

@Suite("Multibot's answers in all their forms")
struct ReplyTests {
    @Test(
        "A task that is being worked on is pending, however the word is spelled or wrapped",
        arguments: [
            "CAPCHA_NOT_READY", "CAPTCHA_NOT_READY", "capcha_not_ready\n", #""CAPCHA_NOT_READY""#,
            #"{"status":0,"request":"CAPCHA_NOT_READY"}"#, #"{"status":0,"request":"CAPTCHA_NOT_READY"}"#,
            #"{"status":1,"request":"CAPCHA_NOT_READY"}"#, #"{"request":"CAPCHA_NOT_READY"}"#,
            "OK|CAPCHA_NOT_READY",
        ])
    func pending(body: String) async throws {
        #expect(try await MultibotAdapter.usual.poll(.turnstile, ScriptedCall(body)) == .pending)
    }

    @Test(
        "An answer is taken whole, bars, digits and blanks included",
        arguments: [
            ("OK|a|b|c", "a|b|c"), ("ok|x", "x"), ("OK|OK|x", "OK|x"), (" OK|x \r\n", "x"), ("\u{FEFF}OK|x", "x"),
            (#"{"status":1,"request":"a|b"}"#, "a|b"),
            (#"{"status":1,"request":1234567890123456789012}"#, "1234567890123456789012"),
            (#"{"status":true,"request":"x"}"#, "x"), (#"{"status":"1","request":"two words"}"#, "two words"),
            (#"{"status":1,"request":"{\"a\":1}"}"#, #"{"a":1}"#),
        ])
    func answers(body: String, answer: String) async throws {
        let solution = Solution(["text": .string(answer)])
        #expect(try await MultibotAdapter.usual.poll(.imageToText, ScriptedCall(body)) == .solved(solution))
    }

    @Test("A task's ID may be text or a number", arguments: ["OK|123", #"{"status":1,"request":123}"#])
    func ids(body: String) async throws {
        #expect(
            try await MultibotAdapter.usual.submit(.turnstile, site, ScriptedCall(body)) == .pending(id: "123"))
    }

    @Test(
        "What makes no sense is a fault of the provider, and none of it is repeated",
        arguments: [
            "", "   ", "<html><body>Bad <b>gateway</b></body></html>", "<!DOCTYPE html>", #"{"status":1,"requ"#,
            #"{"status":1,"request":""}"#, "OK|", "OK", "[]", "5", "null", "true", "{}",
            #"{"status":1,"request":{"a":1}}"#, #"{"status":1}"#, #"{"status":0,"request":null}"#, "\u{0}\u{1}",
        ])
    func nonsense(body: String) async throws {
        for status in [200, 302, 403] {
            let polled = await fault {
                _ = try await MultibotAdapter.usual.poll(.turnstile, ScriptedCall(body, status: status))
            }
            let submitted = await fault {
                _ = try await MultibotAdapter.usual.submit(.turnstile, site, ScriptedCall(body, status: status))
            }
            #expect(polled?.kind == .protocolError && submitted?.kind == .protocolError)
            #expect(polled?.message.contains("<") == false)
        }
    }

    @Test("Bytes that are no text make no sense")
    func noText() async throws {
        let call = ScriptedCall(.success(HTTPResponse(status: 200, body: [0x4F, 0x4B, 0x7C, 0xFF])))
        #expect(await fault { _ = try await MultibotAdapter.usual.poll(.turnstile, call) }?.kind == .protocolError)
    }

    @Test("Waiting is no answer to a submit")
    func pendingSubmit() async throws {
        let fault = await fault {
            _ = try await MultibotAdapter.usual.submit(.turnstile, site, ScriptedCall("CAPCHA_NOT_READY"))
        }
        #expect(fault?.kind == .protocolError)
    }

    @Test("HTTP 5xx is a broken exchange unless it has a word of the table", arguments: [500, 502, 503, 599])
    func serverErrors(status: Int) async throws {
        for body in ["", "<html>", "OK|x", #"{"status":1,"request":"x"}"#, "Service Unavailable"] {
            let call = ScriptedCall(body, status: status)
            #expect(await fault { _ = try await MultibotAdapter.usual.poll(.turnstile, call) }?.kind == .transport)
        }
        let call = ScriptedCall("ERROR_WRONG_USER_KEY", status: status)
        #expect(await fault { _ = try await MultibotAdapter.usual.poll(.turnstile, call) }?.kind == .invalidKey)
    }

    @Test(
        "HTTP 429 is a limit, with the wait that the vendor asks for",
        arguments: [("7", 7.0), ("-1", 0), ("99999999", 3600), ("soon", nil), (nil, nil)] as [(String?, Double?)])
    func tooMany(header: String?, seconds: Double?) async throws {
        let headers = header.map { [HTTPRequest.Header("Retry-After", $0)] } ?? []
        let call = ScriptedCall("<html>", status: 429, headers: headers)
        let fault = await fault { _ = try await MultibotAdapter.usual.submit(.turnstile, site, call) }
        #expect(fault?.kind == .rateLimited(.provider, retryAfterSeconds: seconds))
    }

    @Test("An exchange that failed is the host's to judge")
    func failure() async throws {
        let failure = HTTPFailure(.timeout, sent: .maybe, "too slow")
        await #expect(throws: failure) {
            try await MultibotAdapter.usual.submit(.turnstile, site, ScriptedCall(.failure(failure)))
        }
    }
}

@Suite("Multibot's balance and the checking of keys")
struct BalanceTests {
    @Test("A key is any text of the usual length")
    func keyFormat() throws {
        let format = try #require(try Manifest(parsing: MultibotAdapter.manifest.bytes).key)
        #expect(format.prefixes.isEmpty && !format.hexadecimal && format.length.contains(30...32))
    }

    @Test(
        "The balance is taken as it is written, in the vendor's unit",
        arguments: [
            (#"{"balance":1000}"#, "1000"), (#"{"balance":4.8925}"#, "4.8925"), (#"{"balance":"12.50"}"#, "12.50"),
            (#"{"balance":0}"#, "0"), (#"{"balance":1e3,"tokens":"x"}"#, "1e3"), (#"{"balance":-1}"#, "-1"),
            (#"{"status":1,"request":"ok","balance":"3"}"#, "3"),
        ])
    func balance(body: String, amount: String) async throws {
        let call = ScriptedCall(body)
        #expect(try await MultibotAdapter.usual.balance(of: credential, call: call) == Balance(amount: amount))
        #expect(
            call.requests
                == [
                    HTTPRequest(
                        url: "https://api.multibot.cloud/res.php?action=userinfo&key=\(credential.placeholder)")
                ])
        #expect(
            try await MultibotAdapter.usual.validate(credential, call: ScriptedCall(body))
                == ValidKey(balance: Balance(amount: amount)))
    }

    @Test(
        "An answer without a number says nothing about the key",
        arguments: [
            "{}", #"{"balance":null}"#, #"{"balance":""}"#, #"{"balance":"lots"}"#, #"{"balance":"1,000"}"#,
            #"{"balance":[1]}"#, #"{"balance":true}"#, #"{"username":"x"}"#, "OK|5", "5", "[]", "<html>", "",
            #"{"balance":"NaN"}"#, #"{"balance":"0x10"}"#, "CAPCHA_NOT_READY",
        ])
    func indeterminate(body: String) async throws {
        let fault = await fault {
            _ = try await MultibotAdapter.usual.validate(credential, call: ScriptedCall(body))
        }
        #expect(fault?.kind == .protocolError)
    }

    @Test(
        "A word in it does, wherever it stands",
        arguments: [
            #"{"balance":"ERROR_WRONG_USER_KEY"}"#, #"{"error":"ERROR_WRONG_USER_KEY"}"#,
            #"{"status":0,"message":"error_wrong_user_key"}"#, "ERROR_WRONG_USER_KEY",
        ])
    func badKey(body: String) async throws {
        let fault = await fault {
            _ = try await MultibotAdapter.usual.validate(credential, call: ScriptedCall(body))
        }
        #expect(fault?.kind == .invalidKey)
    }

    @Test("A broken exchange says nothing about the key")
    func unwell() async throws {
        let fault = await fault {
            _ = try await MultibotAdapter.usual.validate(credential, call: ScriptedCall("<html>", status: 503))
        }
        #expect(fault?.kind == .transport)
    }
}
