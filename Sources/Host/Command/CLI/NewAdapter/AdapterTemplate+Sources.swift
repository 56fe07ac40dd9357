/// The code of a new plug-in. See `AdapterTemplate` for what stands between braces.
extension AdapterTemplate {
    /// `Package.swift`
    static let packageManifest = ##"""
        // swift-tools-version:6.2
        import PackageDescription

        /// The folder of ProviderKit in a checkout of ucaptcha. Nothing has to be fetched.
        let kit = Context.environment["UCAPTCHA_PROVIDERKIT"] ?? "{{kit}}"

        // `make` builds the plug-in: it adds the options that `swift build` alone would leave out.
        let package = Package(
            name: "{{id}}",
            products: [.library(name: "{{id}}", type: .dynamic, targets: ["{{Name}}Plugin"])],
            dependencies: [.package(name: "ProviderKit", path: kit)],
            targets: [
                .target(
                    name: "{{Name}}Plugin", dependencies: [.product(name: "ProviderKit", package: "ProviderKit")],
                    swiftSettings: [.swiftLanguageMode(.v6)]),
                .testTarget(
                    name: "{{Name}}PluginTests", dependencies: ["{{Name}}Plugin"],
                    swiftSettings: [.swiftLanguageMode(.v6)]),
            ]
        )

        """##

    /// `Entry.swift`
    static let entry = ##"""
        import CProviderABI
        import ProviderKit

        /// The one symbol that the plug-in exports. There is nothing to change here.
        @_cdecl("ucaptcha_provider_v1")
        public func entry() -> UnsafePointer<ucaptcha_plugin> { PluginTable.of({{Name}}Adapter.self) }

        """##

    /// `Manifest.swift`
    static let manifest = ##"""
        import ProviderKit

        extension {{Name}}Adapter {
            /// Where the vendor is, unless the operator names another `endpoint`.
            static let usualEndpoint = "https://api.example.com"

            /// What the adapter says of itself, from the vendor's documentation: the host plans with every number.
            static let manifest = Manifest(
                id: "{{id}}", displayName: "{{Name}}", version: "1.0",
                // A key that cannot be one is refused before it is sent anywhere.
                key: Manifest.KeyFormat(description: "32 hexadecimal digits", length: 32...32, hexadecimal: true),
                offers: TaskKind.all.map { Manifest.Offer($0.family, listPrice: $0.listPrice) },
                balanceUnit: "USD",
                pollPlan: Manifest.PollPlan(first: 5, interval: 3, most: 60),
                resultLifetimeSeconds: 300,
                reportsCost: true, chargesUnsolvable: false,
                // Requests to any other place are refused by the host, and so no key can go there.
                origins: [usualEndpoint])
        }

        /// A kind of task that the vendor sells: what the host calls it and its fields, and what the vendor does.
        struct TaskKind {
            let family: TaskFamily
            /// The vendor's name of the kind.
            let type: String
            /// USD for one task, as text: money is never a floating-point number.
            let listPrice: String
            /// The task's fields by their canonical names. This vendor has the same; another needs pairs of names here.
            let required: [String]
            let optional: [String]
            /// The solution's field.
            let answer: String

            static let all = [
                TaskKind(
                    family: .recaptchaV2, type: "RecaptchaV2Task", listPrice: "0.002",
                    required: ["websiteURL", "websiteKey"], optional: ["isInvisible"], answer: "gRecaptchaResponse"),
                TaskKind(
                    family: .turnstile, type: "TurnstileTask", listPrice: "0.0015",
                    required: ["websiteURL", "websiteKey"], optional: ["action", "cData"], answer: "token"),
                TaskKind(
                    family: .imageToText, type: "ImageToTextTask", listPrice: "0.0005",
                    required: ["body"], optional: ["case", "numeric", "minLength", "maxLength"], answer: "text"),
            ]

            /// - Throws: `unsupportedTask` for a family that is not in the table.
            static func of(_ family: TaskFamily) throws(Fault) -> TaskKind {
                guard let kind = all.first(where: { $0.family == family }) else {
                    throw Fault(.unsupportedTask, "{{Name}} does not sell \(family).")
                }
                return kind
            }
        }

        """##

    /// `Adapter.swift`
    static let adapter = ##"""
        import ProviderKit

        /// {{Name}}, a vendor that takes a task with `createTask` and tells its solution with `getTaskResult`.
        ///
        /// An adapter translates: the host's task into the vendor's request, the vendor's answer into a solution or a
        /// `Fault`. It keeps no state, tries nothing twice and never sees a key. Many of its operations run at once.
        struct {{Name}}Adapter: TaskSolving, KeyValidating, BalanceReading {
            /// Where the vendor is, without a slash at the end.
            private let endpoint: String

            init(settings: AdapterSettings) {
                endpoint = settings.endpoint ?? Self.usualEndpoint
            }

            // MARK: Keys

            /// The vendor has no call that only looks at a key. Asking for the balance costs nothing and tells as much.
            func validate(_ credential: Credential, call: any Call) async throws -> ValidKey {
                ValidKey(balance: try await balance(of: credential, call: call))
            }

            func balance(of credential: Credential, call: any Call) async throws -> Balance {
                let answer = try await ask("getBalance", credential, call: call)
                guard let amount = answer["balance"]?.decimal else {
                    throw Fault(.protocolError, "The answer to getBalance has no balance.")
                }
                return Balance(amount: amount)
            }

            // MARK: Tasks

            /// Hands the task over, once. Whether and when to try again is the host's to decide.
            func submit(_ task: TaskRequest, call: any Call) async throws -> SubmitResult {
                let order = try order(for: task)
                let answer = try await ask("createTask", task.credential, ["task": .object(order)], call: call)
                // Vendors write an ID as text or as a number. It stays text here: a long number would lose digits.
                guard let id = answer["taskId"]?.string ?? answer["taskId"]?.numberText, !id.isEmpty else {
                    throw Fault(.protocolError, "The answer to createTask has no taskId.")
                }
                return .pending(id: id)
            }

            /// Asks for the solution, once.
            func poll(_ ticket: Ticket, call: any Call) async throws -> PollResult {
                let kind = try TaskKind.of(ticket.family)
                let answer = try await ask(
                    "getTaskResult", ticket.credential, ["taskId": .string(ticket.id)], call: call)
                switch answer["status"]?.string {
                case "processing": return .pending
                case "ready":
                    guard let text = answer["solution"]?[kind.answer]?.string, !text.isEmpty else {
                        throw Fault(.protocolError, "The solution has no \(kind.answer).")
                    }
                    return .solved(Solution([kind.answer: .string(text)], cost: answer["cost"]?.decimal))
                default: throw Fault(.protocolError, "The answer to getTaskResult has no status that is known.")
                }
            }

            /// The task in the vendor's words. What would be solved in vain is refused here, before it costs anything.
            private func order(for task: TaskRequest) throws(Fault) -> JSONObject {
                let kind = try TaskKind.of(task.family)
                if task.fields["proxyAddress"]?.string != nil {
                    throw Fault(.unsupportedTask, "{{Name}} does not use a client's proxy.")
                }
                var order: JSONObject = ["type": .string(kind.type)]
                for name in kind.required {
                    guard let text = task.fields[name]?.string, !text.isEmpty else {
                        throw Fault(.badTask(field: name), "\(name) has to be a text that is not empty.")
                    }
                    order[name] = .string(text)
                }
                for name in kind.optional {
                    if let value = task.fields[name], !value.isNull { order[name] = value }
                }
                return order
            }

            // MARK: The vendor's API

            /// One question to the vendor. The host puts the key where the placeholder is when it sends the request.
            ///
            /// - Throws: `Fault` for what is no good answer; `HTTPFailure` when none came, which the host understands.
            private func ask(
                _ method: String, _ credential: Credential?, _ members: JSONObject = [:], call: any Call
            ) async throws -> JSONObject {
                guard let credential else { throw Fault(.invalidKey, "{{Name}} needs a key.") }
                var body: JSONObject = ["clientKey": .string(credential.placeholder)]
                for member in members.members { body[member.name] = member.value }
                let response = try await call.http(.post("\(endpoint)/\(method)", json: .object(body)))
                return try Fault.check(response)
            }
        }

        extension JSONValue {
            /// An amount of money as the vendor wrote it, digit by digit: a number or a text with one.
            var decimal: String? { numberText ?? string }
        }

        """##

    /// `Faults.swift`
    static let faults = ##"""
        import ProviderKit

        extension Fault {
            /// The answer's JSON object when all is well.
            ///
            /// A page of HTML or a status alone never blames the key: only the vendor's own words do.
            static func check(_ response: HTTPResponse) throws(Fault) -> JSONObject {
                if response.status >= 500 { throw Fault(.transport, "HTTP \(response.status)") }
                if response.status == 429 {
                    let seconds = response.header("retry-after").flatMap { Double($0) }
                    throw Fault(.rateLimited(.key, retryAfterSeconds: seconds), "HTTP 429")
                }
                // Errors come with HTTP 200, 400 or 401; what counts is the object.
                guard let answer = (try? JSONValue(parsing: response.body))?.object else {
                    throw Fault(.protocolError, "HTTP \(response.status) with an answer that is no JSON object.")
                }
                if answer["errorId"]?.integer == 0 { return answer }
                guard let code = answer["errorCode"]?.string else {
                    throw Fault(.protocolError, "HTTP \(response.status) with an error that has no code.")
                }
                // A code that is not in the table is new to this adapter: it blames nobody's key and nobody's task.
                throw Fault(kinds[code] ?? .protocolError, "\(code): \(answer["errorDescription"]?.string ?? "")")
            }

            /// All error codes of the vendor's documentation. The kind decides what the host does next: the guide has a
            /// table of faults and their blame.
            static let kinds: [String: Kind] = [
                "ERROR_KEY_DOES_NOT_EXIST": .invalidKey,
                "ERROR_KEY_SUSPENDED": .keyDisabled,
                "ERROR_ZERO_BALANCE": .noFunds,
                "ERROR_IP_NOT_ALLOWED": .ipNotAllowed,
                "ERROR_IP_BANNED": .banned(.provider, untilUnixSeconds: nil),
                "ERROR_TOO_MANY_REQUESTS": .rateLimited(.key, retryAfterSeconds: nil),
                "ERROR_NO_SLOT_AVAILABLE": .overloaded,
                "ERROR_TASK_NOT_SUPPORTED": .unsupportedTask,
                "ERROR_BAD_SITEKEY": .badTask(field: "websiteKey"),
                "ERROR_BAD_PARAMETERS": .badTask(field: nil),
                "ERROR_CAPTCHA_UNSOLVABLE": .unsolvable(charged: false),
                "ERROR_NO_SUCH_TASK": .taskNotFound,
            ]
        }

        """##
}
