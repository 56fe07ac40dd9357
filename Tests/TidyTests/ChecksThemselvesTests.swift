import TestTraits
import Testing

/// Each check on a text that breaks its rule and on one that keeps it: a check that cannot fail is none.
@Suite("The checks of the house rules", .computesLong)
struct ChecksThemselvesTests {
    private func source(_ text: String, at path: String = "Sources/Host/Tasks/Sample.swift") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    @Test("A file of 401 lines is found, one of 400 is not")
    func fileLength() {
        #expect(LengthChecks.longFiles(source(String(repeating: "\n", count: 400))).isEmpty)
        #expect(
            LengthChecks.longFiles(source(String(repeating: "\n", count: 401))) == [
                "Sources/Host/Tasks/Sample.swift: 401 lines, 400 at most. Split it by idea."
            ])
        #expect(LengthChecks.longFiles(source(String(repeating: "\n", count: 401), at: "a.md")).isEmpty)
    }

    @Test("A line of 121 columns is found, one of 120 is not")
    func lineLength() {
        let text = String(repeating: "é", count: 120) + "\n" + String(repeating: "a", count: 121)
        #expect(
            LengthChecks.longLines(source(text)) == ["Sources/Host/Tasks/Sample.swift:2: 121 columns, 120 at most."])
    }

    @Test(
        "A function of 71 lines is found, one of 70 is not",
        arguments: [
            "func f() {", "init?(\n    x: Int = { 3 }()\n) throws {", "deinit {", "subscript(i: Int) -> Int {",
            "var x: Int {",
            "func <(a: Int, b: Int) -> Bool where A: B {",
        ])
    func functionLength(opening: String) {
        let head = opening.split(separator: "\n").count
        func text(_ lines: Int) -> String {
            "struct S {\n" + opening + "\n"
                + String(repeating: "  let a = \"}\" // }\n", count: lines - head - 1) + "}\nfunc g() {}\n}"
        }
        #expect(LengthChecks.longFunctions(source(text(70))).isEmpty)
        let findings = LengthChecks.longFunctions(source(text(71)))
        #expect(findings.count == 1 && findings[0].hasPrefix("Sources/Host/Tasks/Sample.swift:2: "), "\(findings)")
        #expect(findings[0].contains("has 71 lines, 70 at most"))
    }

    @Test("Declarations without a body and calls of initialisers are no functions")
    func noFunctions() {
        let text = """
            protocol P {
                func a(_ x: Int) throws
                init(y: Int)
                var z: Int { get }
            }
            func b() -> P? { .init(y: 2) }
            """
        let functions = FunctionScanner(text).functions()
        #expect(functions == [.init(name: "b", line: 6, lines: 1)])
    }

    @Test("A long function in C is found")
    func functionLengthInC() {
        let text = "static int f(int a)\n{\n" + String(repeating: "    a++;\n", count: 70) + "}\n"
        let findings = LengthChecks.longFunctions(source(text, at: "Sources/ProviderKit/ABI/a.c"))
        #expect(findings.count == 1 && findings[0].contains("`f` has 73 lines"), "\(findings)")
    }

    @Test(
        "What ends the process or prints is found",
        arguments: [
            "let a = try! f()", "x as! Int", "fatalError(\"x\")", "preconditionFailure()", "let b = a!", "f()!.x",
            "a[0]!",
            "let c: Int!", "\"\"!", "print(1)", "  debugPrint(1)", "NSLog(\"\")", "\"\\(a!)\"",
            "let s = #\"\\#(f()!)\"#",
        ])
    func bannedConstructs(text: String) throws {
        #expect(try WordChecks.bannedInSources(source("let ok = 1\n\(text)")).count == 1, "\(text)")
        #expect(try WordChecks.bannedInSources(source(text, at: "Tests/A.swift")).isEmpty)
    }

    @Test(
        "What only looks like it is not found",
        arguments: [
            "// print(1), a!", "/* try! /* a! */ b! */", "\"print(1) a! try! \"",
            "\"\"\"\nfatalError( a! \"x\"!\n\"\"\"",
            "if a != b || !c {}", "#\"a!\"b!\"#", "log.print(1)", "blueprint(1)", "a! = b".replacing("!", with: ""),
            "try? f() as? Int", "\"\\\"a!\"", "f(!a)", "\"\\(g(\"x!\"))!\"", "a !== b",
        ])
    func notBanned(text: String) throws {
        #expect(try WordChecks.bannedInSources(source(text)).isEmpty, "\(text)")
    }

    @Test("The command line may print, and still not crash")
    func commandPrints() throws {
        #expect(try WordChecks.bannedInSources(source("print(1)", at: "Sources/Host/Command/A.swift")).isEmpty)
        #expect(try WordChecks.bannedInSources(source("a!", at: "Sources/Host/Command/A.swift")).count == 1)
    }

    @Test("Floating point near money is found, elsewhere it is not")
    func money() throws {
        for path in ["Sources/Host/Domain/Money/A.swift", "Sources/Host/Domain/Ledger/A.swift"] {
            #expect(try WordChecks.floatingPointMoney(source("let a: Double = 1", at: path)).count == 1)
            #expect(try WordChecks.floatingPointMoney(source("let a: Float32 = 1", at: path)).count == 1)
            #expect(try WordChecks.floatingPointMoney(source("// no Double\nlet aDouble: Int", at: path)).isEmpty)
        }
        #expect(try WordChecks.floatingPointMoney(source("let a: Double = 1")).isEmpty)
    }

    @Test(
        "A sleeping test is found",
        arguments: ["try await Task.sleep(for: .x)", "Thread.sleep(1)", "usleep(1)", "sleep(1)", "nanosleep(&a, nil)"])
    func sleeping(text: String) throws {
        #expect(try WordChecks.sleepingTests(source(text, at: "Tests/A.swift")).count == 1)
        #expect(try WordChecks.sleepingTests(source("// \(text)", at: "Tests/A.swift")).isEmpty)
        #expect(try WordChecks.sleepingTests(source("clock.sleep(1); asleep(1)", at: "Tests/A.swift")).isEmpty)
    }

    @Test("What was left to do is found, in comments too", arguments: ["TO" + "DO", "FIX" + "ME", "XX" + "X"])
    func leftovers(word: String) throws {
        #expect(try WordChecks.leftovers(source("// \(word): later", at: "README.md")).count == 1)
        #expect(try WordChecks.leftovers(source("mktemp a.XX\(word)")).isEmpty)
    }

    @Test("Paths and hosts of one machine are found", arguments: ["work", "root", "opt"])
    func machinePaths(folder: String) throws {
        #expect(try WordChecks.machinePaths(source("see \"/\(folder)/x\"", at: "a.md")).count == 1)
        #expect(try WordChecks.machinePaths(source("see net\(folder)/x, a/\(folder)/b", at: "a.md")).isEmpty)
        #expect(try WordChecks.machinePaths(source("https://py" + "pi.org/simple", at: "Makefile")).count == 1)
    }

    @Test(
        "Words on how the project is made are found",
        arguments: ["Cla" + "ude", "open" + "AI", "iss" + "ue 2", "iss" + "ues #12"])
    func makingOf(word: String) throws {
        #expect(try WordChecks.makingOf(source("As \(word) says", at: "README.md")).count == 1)
        #expect(try WordChecks.makingOf(source("The issue is User-Agent, 2 of them", at: "README.md")).isEmpty)
    }

    @Test("Built and binary files are found")
    func builtFiles() {
        let built = ["plugins/native.so", "Package.resolved", "a/.build/b", "x.o", "t/__pycache__/a"]
        #expect(WordChecks.builtFiles(paths: built + ["a.swift", "some.h"], binaries: ["logo.bin"]).count == 6)
        #expect(WordChecks.builtFiles(paths: ["a.swift", "Sources/build/a.c"], binaries: []).isEmpty)
    }
}
