import CProviderABI
import ProviderKit

/// The one symbol that the plug-in exports. There is nothing to change here.
@_cdecl("ucaptcha_provider_v1")
public func entry() -> UnsafePointer<ucaptcha_plugin> { PluginTable.of(ExampleAdapter.self) }
