extension Configuration {
    /// The vendor that an adapter's keys are of: its plug-in. Adapters of one vendor share its keys, whatever they are
    /// called and by whichever address they reach it: a vendor has several, and an operator's proxy is one more.
    public func vendor(of adapter: String) -> String {
        adapters.first { $0.name == adapter }?.plugin ?? adapter
    }
}
