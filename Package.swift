// swift-tools-version:6.2
import Foundation
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A part of the host: one folder, one target, so that the compiler keeps the arrows of ARCHITECTURE.md.
func host(_ name: String, at folder: String? = nil, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/Host/\(folder ?? name)", swiftSettings: strict)
}

func tests(
    _ name: String, at path: String, _ dependencies: [Target.Dependency], excluding: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestTraits"], path: "Tests/\(path)", exclude: excluding,
        swiftSettings: strict)
}

/// A library that the adapter Native does without where it is not installed, then offering less. With
/// UCAPTCHA_NATIVE_MINIMAL=1 it does without all of them.
struct OptionalLibrary {
    let module: String
    let define: String
    let isThere: Bool

    /// - Parameter headers: files that have to be in a folder where the compiler looks for headers.
    init(_ module: String, define: String, headers: [String]) {
        self.module = module
        self.define = define
        let named = Context.environment["C_INCLUDE_PATH"]?.split(separator: ":").map(String.init) ?? []
        let isWanted = Context.environment["UCAPTCHA_NATIVE_MINIMAL"] != "1"
        isThere =
            isWanted
            && headers.allSatisfy { header in
                (named + ["/usr/local/include", "/usr/include"]).contains {
                    FileManager.default.fileExists(atPath: "\($0)/\(header)")
                }
            }
    }

    static let installed = [
        OptionalLibrary("CArgon2", define: "UCAPTCHA_ARGON2", headers: ["argon2.h"]),
        OptionalLibrary(
            "CTesseract", define: "UCAPTCHA_TESSERACT", headers: ["tesseract/capi.h", "leptonica/allheaders.h"]),
    ].filter(\.isThere)
}

/// A bundled adapter: its code, and the dynamic library around it that exports the one symbol of the plug-in contract.
func provider(
    _ name: String, _ dependencies: [Target.Dependency] = [], libraries: [OptionalLibrary] = []
) -> [Target] {
    libraries.map { .systemLibrary(name: $0.module, path: "Sources/System/\($0.module)") } + [
        .target(
            name: name,
            dependencies: ["ProviderKit"] + dependencies + libraries.map { .target(name: $0.module) },
            path: "Sources/Providers/\(name)", exclude: ["Entry"],
            swiftSettings: strict + libraries.map { .define($0.define) }),
        .target(
            name: "\(name)Plugin", dependencies: ["CProviderABI", "ProviderKit", .target(name: name)],
            path: "Sources/Providers/\(name)/Entry", swiftSettings: strict,
            linkerSettings: [
                .unsafeFlags([
                    "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/ProviderKit/ABI/exports.map",
                ])
            ]),
    ]
}

/// The adapters of the vendors that speak the createTask dialect, and what they share.
let jsonProviders: [Target] =
    [
        .target(
            name: "CreateTaskAPI", dependencies: ["ProviderKit"], path: "Sources/Providers/CreateTaskAPI",
            swiftSettings: strict)
    ]
    + provider("TwoCaptcha", ["CreateTaskAPI"]) + provider("CapSolver", ["CreateTaskAPI"])
    + provider("AntiCaptcha", ["CreateTaskAPI"]) + provider("CapMonster", ["CreateTaskAPI"])

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
/// SQLite's C functions, as the package of GRDB has them.
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioParts: [Target.Dependency] = ["NIOHTTP1", "NIOPosix"].map { .product(name: $0, package: "swift-nio") }
/// Locks for what all tasks share: Swift's own `Mutex` hands over to the thread that waits longest, and with more
/// threads than cores each turn then costs a switch of threads.
let locks: Target.Dependency = .product(name: "NIOConcurrencyHelpers", package: "swift-nio")
/// TLS for the server.
let tls: [Target.Dependency] = [
    .product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "NIOTLS", package: "swift-nio"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let collections: Target.Dependency = .product(name: "Collections", package: "swift-collections")

let package = Package(
    name: "ucaptcha",
    products: [
        .executable(name: "ucaptcha", targets: ["Command"]),
        .library(name: "ProviderKit", targets: ["ProviderKit"]),
        .library(name: "ProviderConformance", targets: ["ProviderConformance"]),
        .library(name: "native", type: .dynamic, targets: ["NativePlugin"]),
        .library(name: "multibot", type: .dynamic, targets: ["MultibotPlugin"]),
        .library(name: "2captcha", type: .dynamic, targets: ["TwoCaptchaPlugin"]),
        .library(name: "capsolver", type: .dynamic, targets: ["CapSolverPlugin"]),
        .library(name: "anticaptcha", type: .dynamic, targets: ["AntiCaptchaPlugin"]),
        .library(name: "capmonster", type: .dynamic, targets: ["CapMonsterPlugin"]),
    ],
    dependencies: [
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibcurl", path: "Sources/System/CLibcurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CLibcrypto", path: "Sources/System/CLibcrypto", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]),

        .systemLibrary(name: "CLinux", path: "Sources/System/CLinux"),
        .systemLibrary(name: "CSQLiteSettings", path: "Sources/System/CSQLiteSettings"),
        .target(name: "CChildProcess", path: "Sources/System/CChildProcess"),

        .target(name: "CProviderABI", path: "Sources/ProviderKit/ABI", exclude: ["exports.map", "MESSAGES.md"]),
        .target(
            name: "ProviderKit", dependencies: ["CProviderABI"],
            path: "Sources/ProviderKit", exclude: ["ABI", "Conformance", "Package.swift"],
            sources: ["Adapter", "Plugin"],
            swiftSettings: strict),

        .target(
            name: "ProviderConformance", dependencies: ["CProviderABI", "ProviderKit"],
            path: "Sources/ProviderKit/Conformance", swiftSettings: strict),

        host("Domain", ["ProviderKit"]),
        host("Observability", [locks]),
        host("Vault", ["Domain", "CLibcrypto"]),
        host("Storage", ["CLinux", "CSQLiteSettings", "Domain", "ProviderKit", "Vault", grdb, sqlite]),
        // Not named after its folder: a module `Network` would answer other packages' `canImport(Network)`.
        host(
            "OutboundHTTP", at: "Network",
            ["Domain", "CLibcurl", "CLibcrypto", "ProviderKit", "Observability", logging]),
        host(
            "Plugins",
            ["CChildProcess", "CLinux", "Domain", "ProviderKit", "CProviderABI", "Vault", "Observability", logging]),
        host("Routing", ["Domain", "ProviderKit"]),
        host("KeyPool", ["Domain", "ProviderKit"]),
        host("Tasks", ["CLinux", "Domain", "KeyPool", "Routing", "ProviderKit", logging, collections, locks]),
        host(
            "API",
            ["Domain", "Tasks", "Observability", "ProviderKit", hummingbirdCore, lifecycle, locks, logging, nio]
                + nioParts
                + tls),
        host("Certificates", ["Domain", "CLibcrypto"]),
        host("Config", ["Domain", "ProviderKit", .product(name: "Yams", package: "Yams")]),
        .executableTarget(
            name: "Command",
            dependencies: [
                "API", "Certificates", "CLinux", "CProviderABI", "Config", "Domain", "Observability", "OutboundHTTP",
                "Plugins",
                "ProviderConformance", "ProviderKit", "Routing", "Storage", "Tasks", "Vault", locks, logging,
                nio,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Sources/Host/Command", swiftSettings: strict),
    ] + provider("Native", ["CLibcrypto"], libraries: OptionalLibrary.installed) + provider("Multibot") + jsonProviders
        + [
            .target(
                name: "TestSupport", dependencies: ["Domain", "ProviderKit"], path: "Tests/Support",
                exclude: ["ErrorTexts.tsv", "Plugins", "PowerCut/powercut.c", "Resolver", "SDKRequests"],
                swiftSettings: strict),
            // Apart from TestSupport because it needs the testing library, which programs must not.
            .target(name: "TestTraits", path: "Tests/Traits", swiftSettings: strict),
            // The vendors, as documented, for tests and for trying things out.
            .target(
                name: "ProviderSimulator",
                dependencies: ["Domain", "ProviderKit", "TestSupport", "Vault", nio] + nioParts,
                path: "Tests/Simulator", exclude: ["Command"], swiftSettings: strict),
            .executableTarget(
                name: "provider-simulator",
                dependencies: [
                    "Domain", "ProviderKit", "ProviderSimulator",
                    .product(name: "ArgumentParser", package: "swift-argument-parser"),
                ],
                path: "Tests/Simulator/Command", swiftSettings: strict),
            .executableTarget(
                name: "bench-baseline", dependencies: [hummingbird, logging], path: "Tests/Bench/Baseline",
                swiftSettings: strict),
            .executableTarget(
                name: "bench-boundary", dependencies: ["Plugins", "ProviderKit", logging],
                path: "Tests/Bench/Boundary", swiftSettings: strict),
            // A simulated day between providers, in which policies of routing are compared.
            .target(
                name: "MarketModel", dependencies: ["Domain", "Routing", "TestSupport"],
                path: "Tests/Bench/MarketModel",
                swiftSettings: strict),
            .executableTarget(
                name: "bench-market", dependencies: ["Domain", "MarketModel"], path: "Tests/Bench/Market",
                swiftSettings: strict),
            // How long a choice among many keys takes.
            .executableTarget(
                name: "bench-choice", dependencies: ["Domain", "ProviderKit", "Routing"], path: "Tests/Bench/Choice",
                swiftSettings: strict),
            // What tests and bench measure the schedules of polls with.
            .target(
                name: "PollingModel", dependencies: ["Domain", "ProviderKit", "Routing", "TestSupport"],
                path: "Tests/Bench/PollingModel", swiftSettings: strict),
            .executableTarget(
                name: "bench-polling", dependencies: ["Domain", "PollingModel", "ProviderKit", "Routing"],
                path: "Tests/Bench/Polling", swiftSettings: strict),
            tests("ProviderKitTests", at: "ProviderKitTests", ["ProviderKit", "TestSupport"]),
            tests("NativeTests", at: "ProviderTests/NativeTests", ["Native", "ProviderKit", "TestSupport"]),
            tests("MultibotTests", at: "ProviderTests/MultibotTests", ["Multibot", "ProviderKit"]),
            .target(
                name: "CreateTaskTestSupport", dependencies: ["CreateTaskAPI", "ProviderKit"],
                path: "Tests/ProviderTests/Support", swiftSettings: strict),
            tests(
                "CreateTaskAPITests", at: "ProviderTests/CreateTaskAPITests",
                ["CreateTaskAPI", "CreateTaskTestSupport", "ProviderKit"]),
            tests(
                "TwoCaptchaTests", at: "ProviderTests/TwoCaptchaTests",
                ["TwoCaptcha", "CreateTaskAPI", "CreateTaskTestSupport", "ProviderKit"]),
            tests(
                "CapSolverTests", at: "ProviderTests/CapSolverTests",
                ["CapSolver", "CreateTaskAPI", "CreateTaskTestSupport", "ProviderKit"]),
            tests(
                "AntiCaptchaTests", at: "ProviderTests/AntiCaptchaTests",
                ["AntiCaptcha", "CreateTaskAPI", "CreateTaskTestSupport", "ProviderKit"]),
            tests(
                "CapMonsterTests", at: "ProviderTests/CapMonsterTests",
                ["CapMonster", "CreateTaskAPI", "CreateTaskTestSupport", "ProviderKit"]),
            tests(
                "SDKComparisonTests", at: "ProviderTests/SDKComparisonTests",
                [
                    "AntiCaptcha", "CapMonster", "CapSolver", "CreateTaskAPI", "CreateTaskTestSupport", "Domain",
                    "Multibot", "ProviderKit", "ProviderSimulator", "TestSupport", "TwoCaptcha",
                ]),
            tests("DomainTests", at: "HostTests/DomainTests", ["Domain", "ProviderKit", "TestSupport"]),
            tests(
                "NetworkTests", at: "HostTests/NetworkTests",
                ["OutboundHTTP", "Domain", "ProviderKit", "Observability", "TestSupport"]),
            tests(
                "RoutingTests", at: "HostTests/RoutingTests",
                ["Routing", "Domain", "MarketModel", "PollingModel", "ProviderKit", "TestSupport"]),
            tests("KeyPoolTests", at: "HostTests/KeyPoolTests", ["KeyPool", "Domain", "TestSupport"]),
            tests(
                "StorageTests", at: "HostTests/StorageTests",
                ["Storage", "Vault", "Domain", "ProviderKit", "TestSupport", grdb, logging]),
            tests(
                "VaultTests", at: "HostTests/VaultTests", ["Vault", "Domain", "TestSupport"],
                excluding: ["gcm256.rsp"]),
            tests(
                "PluginsTests", at: "HostTests/PluginsTests",
                ["Plugins", "Domain", "CProviderABI", "ProviderKit", "Observability", "TestSupport", logging]),
            tests(
                "TasksTests", at: "HostTests/TasksTests",
                [
                    "Tasks", "KeyPool", "OutboundHTTP", "Storage", "Routing", "Domain", "ProviderKit", "TestSupport",
                    "Vault", logging, collections,
                ]),
            tests(
                "APITests", at: "HostTests/APITests",
                [
                    "API", "Certificates", "Tasks", "Domain", "ProviderKit", "Observability", "TestSupport", lifecycle,
                    logging, nio,
                ] + nioParts + tls
                    + [.product(name: "NIOEmbedded", package: "swift-nio")]),
            tests(
                "CertificatesTests", at: "HostTests/CertificatesTests",
                ["Certificates", "Domain", "TestSupport"] + tls),
            tests("ConfigTests", at: "HostTests/ConfigTests", ["Config", "Domain", "ProviderKit", "TestSupport"]),
            tests(
                "SimulatorTests", at: "SimulatorTests",
                ["ProviderSimulator", "Domain", "ProviderKit", "TestSupport", "Vault"]),
            tests("TidyTests", at: "TidyTests", ["TestSupport"]),
            tests(
                "EndToEndTests", at: "EndToEndTests", ["Domain", "ProviderKit", "ProviderSimulator", "TestSupport"],
                excluding: ["Clients"]),
        ]
)
