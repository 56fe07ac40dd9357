// swift-tools-version:6.2
import PackageDescription

// What the package of an integrator's plug-in depends on, and all of it: the contract's header and the Swift code
// around it. They name this folder by its path, and nothing has to be fetched. Package.swift at the top of the checkout
// builds the same files for the host and its bundled adapters.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // A plug-in that is built from here carries its own Swift runtime (-static-stdlib) and tells the host so.
    .define("UCAPTCHA_OWN_RUNTIME"),
]

let package = Package(
    name: "ProviderKit",
    products: [.library(name: "ProviderKit", targets: ["ProviderKit", "CProviderABI"])],
    targets: [
        .target(name: "CProviderABI", path: "ABI", exclude: ["exports.map", "MESSAGES.md"]),
        .target(
            name: "ProviderKit", dependencies: ["CProviderABI"], path: ".", exclude: ["ABI", "Conformance"],
            sources: ["Adapter", "Plugin"], swiftSettings: strict),
    ]
)
