import Yams

/// Takes the settings out of a document and gathers what is wrong with it.
struct ConfigurationReader {
    private let document: ConfigurationDocument
    private let folder: String
    private var problems: [ConfigurationError.Problem] = []
    /// The adapters of the document, those with names that cannot be used left out, in the order of their names.
    private(set) var adapterNames: [String] = []

    init(_ document: ConfigurationDocument, folder: String) {
        self.document = document
        self.folder = folder
        guard let root = document.root else { return }
        checkNames(in: Place(node: root, path: [], folder: folder), known: [])
        adapterNames.sort()
    }

    /// The value of a setting, or what holds without it; that too when it cannot be used, which is then a problem.
    mutating func value<Value>(_ setting: Setting<Value>, of name: String? = nil) -> Value {
        let path = setting.key.components(name)
        guard let node = document.node(at: path) else { return setting.fallback(folder) }
        switch setting.type.read(Place(node: node, path: path, folder: folder)) {
        case .success(let value): return value
        case .failure(let refusal):
            problems += refusal.problems
            return setting.fallback(folder)
        }
    }

    /// Adds a problem of values that do not go together.
    mutating func refuse<Value>(_ setting: Setting<Value>, _ sentence: String) {
        let path = setting.key.components(nil)
        let node = document.node(at: path) ?? document.root
        guard let node else { return problems.append(.init(key: setting.key.path, sentence)) }
        problems.append(Place(node: node, path: path, folder: folder).problem(sentence))
    }

    /// - Throws: `ConfigurationError` when anything was wrong.
    func finish() throws(ConfigurationError) {
        if !problems.isEmpty { throw ConfigurationError(file: document.file, problems: problems) }
    }

    /// Goes through the names of a mapping and those below it. `known` is the mapping's path in the schema.
    private mutating func checkNames(in place: Place, known: [String]) {
        if place.isEmpty { return }
        let children = ConfigurationKey.children(of: known)
        guard let mapping = place.node.mapping else {
            let expected = children.first == ConfigurationKey.anyName ? "adapters by name" : list(children)
            problems.append(
                place.problem("Expected a mapping with \(expected), found \(place.kind). Indent the keys under it."))
            return
        }
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                problems.append(place.problem(at: key, "A key has to be a name, not a list or a mapping."))
                continue
            }
            let named = place.child(name, key)
            if children.contains(name) {
                if !ConfigurationKey.children(of: known + [name]).isEmpty {
                    checkNames(in: place.child(name, value), known: known + [name])
                }
            } else if children == [ConfigurationKey.anyName] {
                guard ValueType<String>.isAdapterName(name) else {
                    problems.append(
                        named.problem(
                            "An adapter's name is 1 to 32 lower-case letters, digits and hyphens. Rename it."))
                    continue
                }
                adapterNames.append(name)
                checkNames(in: place.child(name, value), known: known + [ConfigurationKey.anyName])
            } else {
                problems.append(named.problem(advice(on: name, among: children)))
            }
        }
    }

    private func advice(on name: String, among children: [String]) -> String {
        if let near = NearestName.of(name, among: children) {
            return "There is no such key. Did you mean `\(near)`?"
        }
        let elsewhere = ConfigurationKey.all.map { $0.components(nil) }.filter { $0.last == name }
        if !elsewhere.isEmpty {
            let paths = elsewhere.map { "`\($0.joined(separator: "."))`" }.joined(separator: " or ")
            return "There is no such key here. Did you mean \(paths)?"
        }
        return "There is no such key. Remove it; known here: \(list(children))."
    }

    private func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
}
