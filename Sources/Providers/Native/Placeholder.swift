public import ProviderKit
public struct NativeAdapter: ProviderAdapter {
    public static let manifest = Manifest(
        id: "native", displayName: "Native", version: "1", key: nil, offers: [.init(.altcha, listPrice: "0.0002")])
    public init(settings: AdapterSettings) throws {}
}
