import ProviderKit

/// Where a request goes.
struct Route {
    let interface: Interface
    let call: Call
    /// The path's last part: `createTask`, `in.php`.
    let name: String
    /// The parameters, of forms.
    var parameters: [String: String] = [:]

    enum Interface {
        case json, forms
        /// A page with a fixed content.
        case page(SimulatedAnswer)
    }

    init(_ vendor: Vendor, _ request: SimulatedRequest) {
        let path = request.plainPath
        name = String(path.dropFirst())
        if let page = Route.page(vendor, path) {
            (interface, call) = (.page(page), .other)
        } else if vendor != .capSolver, path == "/in.php" || path == "/res.php" {
            parameters = FormText.parameters(of: request)
            interface = .forms
            call = path == "/in.php" ? .submit : Route.formCall(parameters["action"], vendor)
        } else if vendor == .multibot {
            (interface, call) = (.page(.text("404 page not found", status: 404)), .other)
        } else {
            interface = .json
            call = Route.jsonCall(name)
        }
    }

    private static func jsonCall(_ name: String) -> Call {
        switch name {
        case "createTask": .submit
        case "getTaskResult": .poll
        case "getBalance": .balance
        case "feedbackTask": .report
        default: name.hasPrefix("report") ? .report : .other
        }
    }

    private static func formCall(_ action: String?, _ vendor: Vendor) -> Call {
        switch action {
        case "get", "get2": .poll
        case "getbalance", "userinfo": .balance
        case "reportgood", "reportbad": .report
        case nil, "": vendor == .multibot ? .poll : .other
        default: .other
        }
    }

    /// Pages beside the interfaces, at CapMonster on hosts of their own.
    private static func page(_ vendor: Vendor, _ path: String) -> SimulatedAnswer? {
        guard vendor == .capMonster else { return nil }
        switch path {
        case "/api/useragent/actual":
            return SimulatedAnswer(200, "text/plain", Array(Maker.agent.utf8))
        case "/api/prices":
            let prices: [JSONValue] = CapMonsterShapes.all.enumerated().map { index, shape in
                [
                    "Id": .number(JSONNumber(index + 1)), "Name": .string(shape.type),
                    "Price": .decimal(shape.price.thousandfold), "SuccessRate": 99, "Speed": 3, "ResultType": "Token",
                    "SubType": .string(shape.family), "LinkKey": .string(shape.type),
                ]
            }
            return .json(["PricesV2": .array(prices)])
        default: return nil
        }
    }
}
