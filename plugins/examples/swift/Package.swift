// swift-tools-version:6.2
import PackageDescription

/// The folder of ProviderKit in a checkout of ucaptcha. Nothing has to be fetched.
let kit = Context.environment["UCAPTCHA_PROVIDERKIT"] ?? "../../../Sources/ProviderKit"

// `make` builds the plug-in: it adds the options that `swift build` alone would leave out.
let package = Package(
    name: "example",
    products: [.library(name: "example", type: .dynamic, targets: ["ExamplePlugin"])],
    dependencies: [.package(name: "ProviderKit", path: kit)],
    targets: [
        .target(
            name: "ExamplePlugin", dependencies: [.product(name: "ProviderKit", package: "ProviderKit")],
            swiftSettings: [.swiftLanguageMode(.v6)]),
        .testTarget(
            name: "ExamplePluginTests", dependencies: ["ExamplePlugin"],
            swiftSettings: [.swiftLanguageMode(.v6)]),
    ]
)
