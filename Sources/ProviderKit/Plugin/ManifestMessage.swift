extension Manifest {
    /// The manifest as the plug-in's table hands it out.
    public var bytes: [UInt8] {
        var object: JSONObject = [
            "id": .string(id), "displayName": .string(displayName), "version": .string(version),
            "offers": .array(
                offers.map { offer in
                    var object: JSONObject = ["family": .string(offer.family.rawValue)]
                    object["listPrice"] = offer.listPrice.map { .string($0) }
                    object["pollPlan"] = offer.pollPlan?.message
                    return .object(object)
                }),
            "balanceUnit": .string(balanceUnit),
            "pollPlan": pollPlan.message,
            "reportsCost": .bool(reportsCost), "chargesUnsolvable": .bool(chargesUnsolvable),
            "origins": .array(origins.map { .string($0) }),
            "addressFields": .array(addressFields.map { .string($0) }),
            "concurrentSubmits": .number(JSONNumber(concurrentSubmits)),
            "submitSeconds": JSONValue(seconds: submitSeconds),
        ]
        object["resultLifetimeSeconds"] = resultLifetimeSeconds.map { JSONValue(seconds: $0) }
        object["reportWindow"] = reportWindow.map {
            ["seconds": JSONValue(seconds: $0.seconds), "from": .string($0.start.rawValue)]
        }
        object["key"] = key.map { key in
            [
                "description": .string(key.description), "prefixes": .array(key.prefixes.map { .string($0) }),
                "shortest": .number(JSONNumber(key.length.lowerBound)),
                "longest": .number(JSONNumber(key.length.upperBound)), "hexadecimal": .bool(key.hexadecimal),
                "onlyWithEndpoint": .bool(key.onlyWithEndpoint),
            ]
        }
        return JSONValue.object(object).bytes
    }

    /// Reads and checks a manifest.
    ///
    /// - Throws: `MessageError` with a sentence that names the member which is wrong.
    public init(parsing bytes: some Sequence<UInt8>) throws(MessageError) {
        let value = try JSONValue(crossing: bytes)
        self.init(
            id: try value.text("id"), displayName: try value.text("displayName"), version: try value.text("version"),
            key: try value.member("key").map(KeyFormat.init(crossing:)),
            offers: try Manifest.offers(value), balanceUnit: try value.text("balanceUnit"),
            pollPlan: try PollPlan(crossing: value["pollPlan"].required("pollPlan")),
            resultLifetimeSeconds: try value.member("resultLifetimeSeconds").map { _ throws(MessageError) in
                try value.seconds("resultLifetimeSeconds", 0...1e9)
            },
            reportWindow: try value.member("reportWindow").map(ReportWindow.init(crossing:)),
            reportsCost: try (value["reportsCost"]?.bool).required("reportsCost"),
            chargesUnsolvable: try (value["chargesUnsolvable"]?.bool).required("chargesUnsolvable"),
            origins: try value.texts("origins"), addressFields: try value.texts("addressFields"),
            concurrentSubmits: try value.count("concurrentSubmits", 1...4096),
            submitSeconds: try value.seconds("submitSeconds", 1...600))
        try check()
    }

    private static func offers(_ value: JSONValue) throws(MessageError) -> [Offer] {
        var offers: [Offer] = []
        for entry in try (value["offers"]?.array).required("offers") {
            guard let family = (entry["family"]?.string).flatMap(TaskFamily.init(rawValue:)) else {
                throw MessageError("offers: a family's name is missing or malformed")
            }
            let listPrice = try entry.member("listPrice").map { price throws(MessageError) in
                try price.string.required("offers: listPrice")
            }
            let pollPlan = try entry.member("pollPlan").map { plan throws(MessageError) in
                do throws(MessageError) {
                    return try PollPlan(crossing: plan)
                } catch {
                    throw MessageError("offers: \(family): pollPlan: \(error.description)")
                }
            }
            offers.append(Offer(family, listPrice: listPrice, pollPlan: pollPlan))
        }
        return offers
    }

    private func check() throws(MessageError) {
        let plain = id.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        guard plain, (1...32).contains(id.utf8.count) else {
            throw MessageError("id has to be 1 to 32 lower-case letters, digits and hyphens")
        }
        guard !offers.isEmpty else { throw MessageError("offers is empty") }
        guard Set(offers.map(\.family)).count == offers.count else { throw MessageError("offers names a family twice") }
        for origin in origins where !origin.hasPrefix("https://") && !origin.hasPrefix("http://") {
            throw MessageError("origins: \(origin) is no http or https origin")
        }
    }
}

extension Manifest.KeyFormat {
    init(crossing value: JSONValue) throws(MessageError) {
        let shortest = try value.count("shortest", 1...4096)
        let longest = try value.count("longest", 1...4096)
        guard shortest <= longest else { throw MessageError("key: shortest is above longest") }
        self.init(
            description: try value.text("description"), prefixes: try value.texts("prefixes"),
            length: shortest...longest, hexadecimal: try (value["hexadecimal"]?.bool).required("key.hexadecimal"),
            onlyWithEndpoint: try value.member("onlyWithEndpoint").map { flag throws(MessageError) in
                try flag.bool.required("key.onlyWithEndpoint")
            } ?? false)
    }
}

extension Manifest.ReportWindow {
    init(crossing value: JSONValue) throws(MessageError) {
        let start = (value["from"]?.string).flatMap(Start.init(rawValue:))
        self.init(
            seconds: try value.seconds("seconds", 0...1e9), from: try start.required("reportWindow.from"))
    }
}

extension Manifest.PollPlan {
    fileprivate var message: JSONValue {
        [
            "first": JSONValue(seconds: first), "interval": JSONValue(seconds: interval),
            "most": .number(JSONNumber(most)),
        ]
    }

    init(crossing value: JSONValue) throws(MessageError) {
        self.init(
            first: try value.seconds("first", 0...3600), interval: try value.seconds("interval", 0.05...3600),
            most: try value.count("most", 1...100_000))
    }
}

extension JSONValue {
    fileprivate func text(_ name: String) throws(MessageError) -> String {
        let text = try (self[name]?.string).required(name)
        guard !text.isEmpty, text.utf8.count <= 200 else { throw MessageError("\(name) is empty or too long") }
        return text
    }

    fileprivate func texts(_ name: String) throws(MessageError) -> [String] {
        var texts: [String] = []
        for element in try (self[name]?.array).required(name) { texts.append(try element.string.required(name)) }
        return texts
    }

    fileprivate func count(_ name: String, _ range: ClosedRange<Int64>) throws(MessageError) -> Int {
        let number = try (self[name]?.integer).required(name)
        guard range.contains(number) else { throw MessageError("\(name) is outside \(range)") }
        return Int(number)
    }

    fileprivate func seconds(_ name: String, _ range: ClosedRange<Double>) throws(MessageError) -> Double {
        let number = try (self[name]?.double).required(name)
        guard range.contains(number) else { throw MessageError("\(name) is outside \(range)") }
        return number
    }
}
