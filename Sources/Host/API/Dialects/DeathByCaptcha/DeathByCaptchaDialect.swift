import Domain
import Foundation
import ProviderKit
import Tasks

/// Death By Captcha's dialect: `POST /api` or `/api/captcha`, `GET /api/captcha/ID`, `POST /api/captcha/ID/report`,
/// `/api/user` or `GET /api`, and `GET /api/status`.
///
/// Its clients ask for results without saying who they are. So tasks have numbers here that nobody can guess, and
/// whoever has one is told of its task. A request that brings a key as well is told of its own account's tasks alone,
/// and may name them by their UUIDs too.
struct DeathByCaptchaDialect: Dialect {
    let service: any ClientService
    let feedback: any FeedbackUseCases
    let ids: any TaskIDCipher

    func call(_ method: String?, at path: String) -> APICall? {
        guard path == "/api" || path.hasPrefix("/api/") else { return nil }
        return DeathByCaptchaCall(method, path: path)?.call ?? .other
    }

    func respond(to request: ServerRequest, _ call: APICall) async -> DialectAnswer {
        let answers = DeathByCaptchaAnswers(request)
        do throws(ClientError) {
            guard let named = DeathByCaptchaCall(request.method, path: request.path) else {
                throw ClientError(.noSuchMethod)
            }
            guard named.methods.contains(request.method) else {
                let methods = DeathByCaptchaCall.methods(at: request.path).joined(separator: " or ")
                throw ClientError(.methodNotAllowed, "This call needs another HTTP method. Use \(methods).")
            }
            return DialectAnswer(call, try await answer(named, request, answers))
        } catch {
            var response = answers.failure(error)
            if error.code == .methodNotAllowed {
                response.allowedMethods = DeathByCaptchaCall.methods(at: request.path)
            }
            return DialectAnswer(call, response, error)
        }
    }

    func answer(_ error: ClientError, to request: ServerRequest) -> ServerResponse {
        DeathByCaptchaAnswers(request).failure(error)
    }

    private func answer(
        _ call: DeathByCaptchaCall, _ request: ServerRequest, _ answers: DeathByCaptchaAnswers
    ) async throws(ClientError) -> ServerResponse {
        let form = try RequestForm(request)
        let key = DeathByCaptchaKey.text(form, request)
        switch call {
        case .submit:
            let holder = try await service.authenticate(key ?? "", for: .solve, from: request.address)
            let id: TaskID
            do throws(ClientError) {
                id = try await service.createTask(
                    CreateRequest(try DeathByCaptchaTask.task(form), idempotencyKey: try request.idempotencyKey()),
                    by: holder)
            } catch {
                throw DeathByCaptchaTask.named(error, form)
            }
            return answers.created(.number(JSONNumber(ids.secretNumber(of: id))))
        case .user:
            return try await user(key ?? "", request.address, answers)
        case .service: return answers.service(service.queue(of: .imageToText))
        case .result(let name):
            return try await result(name, key, request.address, answers)
        case .report(let name):
            let holder = try await service.authenticate(key ?? "", for: .solve, from: request.address)
            guard let id = id(name) else { throw ClientError(.wrongTaskID) }
            try await feedback.report(id, isGood: false, refunding: true, by: holder)
            return answers.reported(DeathByCaptchaDialect.json(name))
        }
    }

    private func user(
        _ key: String, _ address: IPAddress?, _ answers: DeathByCaptchaAnswers
    ) async throws(ClientError) -> ServerResponse {
        let holder: KeyHolder
        do {
            holder = try await service.authenticate(key, for: .solve, from: address)
        } catch {
            // Such an account can use nothing of what it has.
            guard error.code == .accountSuspended else { throw error }
            return answers.user(balance: .zero, isBanned: true)
        }
        return answers.user(balance: try await service.balance(of: holder))
    }

    private func result(
        _ name: String, _ key: String?, _ address: IPAddress?, _ answers: DeathByCaptchaAnswers
    ) async throws(ClientError) -> ServerResponse {
        var holder: KeyHolder?
        if let key { holder = try await service.authenticate(key, for: .solve, from: address) }
        let shown = DeathByCaptchaDialect.json(name)
        // A UUID stands where others see it. Without a key only a secret number opens a result.
        let isNamed = holder != nil || DeathByCaptchaDialect.number(name) != nil
        guard isNamed, let id = id(name) else { return answers.unknown(shown) }
        do {
            return answers.task(shown, try await service.task(id, for: holder))
        } catch {
            guard error.code == .wrongTaskID else { throw error }
            return answers.unknown(shown)
        }
    }

    /// The task behind a name: a secret number, or a UUID. A task's plain number is no secret and names none here.
    private func id(_ name: String) -> TaskID? {
        DeathByCaptchaDialect.number(name).map { ids.id(ofSecretNumber: $0) } ?? ids.id(ofUUID: name)
    }

    /// A name as the client has written it: a number as one.
    private static func json(_ name: String) -> JSONValue {
        number(name).map { .number(JSONNumber($0)) } ?? .string(name)
    }

    private static func number(_ text: String) -> Int64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }
}

/// Where the key is: clients have a token, or a name and a password, of which either may hold it.
enum DeathByCaptchaKey {
    /// The first that can be a key, else the first that there is; nil without any.
    static func text(_ form: RequestForm, _ request: ServerRequest) -> String? {
        let basic = basic(request)
        let places = [
            form.text("authtoken"), form.text("password"), form.text("username"), basic?.password, basic?.user,
            request.bearer,
        ].compactMap(\.self).filter { !$0.isEmpty }
        return places.first { APIKeyText($0) != nil } ?? places.first
    }

    private static func basic(_ request: ServerRequest) -> (user: String, password: String)? {
        let parts = (request.header("authorization") ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic",
            let bytes = Data(base64Encoded: parts[1].drop { $0 == " " }.description)
        else { return nil }
        let sides = String(decoding: bytes, as: UTF8.self).split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(sides[0]), sides.count > 1 ? String(sides[1]) : "")
    }
}
