extension Limits {
    /// Seconds for which a key counts as good after the provider has taken something from it: a task, or a question
    /// about it. Until it has, only as many attempts are under way as may all find their keys wrong.
    public static let provenKeySeconds = 600.0
    /// Seconds for which a provider that says to tasks that there is nothing on a key is believed although it tells a
    /// balance: `depletedKeySeconds`, doubled each time, and at most this.
    public static let longestEmptiedSeconds = 24.0 * 3600
    /// Changes that are kept of what a recycled key has been through: the first and the latest.
    public static let keptKeyChanges = 200
    /// Seconds for which it is kept what has come together against a key that nobody claims any more, unless it was
    /// suspended for it: that is kept until the key is handed over again and resumed.
    public static let keptDriftSeconds = 90.0 * 24 * 3600
    /// Recycled keys, or changes of one, in a page without a limit of its own, and at most.
    public static let usualKeysPerPage = 100
    public static let keysPerPage = 1000
}
