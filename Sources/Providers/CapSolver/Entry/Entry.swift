public import CProviderABI
import ProviderKit
import CapSolver

/// The plug-in contract's one symbol.
@_cdecl("ucaptcha_provider_v1")
public func entry() -> UnsafePointer<ucaptcha_plugin> { PluginTable.of(CapSolverAdapter.self) }
