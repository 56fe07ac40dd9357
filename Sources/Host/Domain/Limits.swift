/// Every wait, queue, size and retry of the host that is not the operator's to configure, with its unit.
///
/// Whatever grows has a bound here, and whatever waits has an end here.
public enum Limits {
    // MARK: Requests of clients

    /// The largest body of a request, in bytes. An image of 600 kB in base64 fits.
    public static let requestBodyBytes = 2 * 1024 * 1024
    /// Bytes of all header lines of a request, of one of them, and of its path.
    public static let requestHeaderBytes = 16 * 1024
    /// Bytes of a request's line: a picture of `pictureBytes` fits into its query, in base64 with escapes. A head
    /// that is larger than `requestHeaderBytes` counts among `heldBodyBytes`, its line twice.
    public static let requestLineBytes = 1024 * 1024
    /// Header lines of a request.
    public static let requestHeaderCount = 100
    /// Arrays and objects that may be open at once in a request's JSON.
    public static let jsonDepth = 32
    /// Bytes of all requests' bodies that are held at once; one of at most `smallBodyBytes` is not counted.
    public static let heldBodyBytes = 256 * 1024 * 1024
    public static let smallBodyBytes = 16 * 1024
    /// Seconds from a request's first byte to the end of its head.
    public static let requestHeadSeconds = 15
    /// Seconds from a request's head to the end of its body.
    public static let requestBodySeconds = 15
    /// Seconds that a connection may be silent.
    public static let connectionIdleSeconds = 75
    /// Client connections that are open at once; further ones wait in the kernel's backlog.
    public static let clientConnections = 8192
    /// Connections beyond those limits that are accepted to be told so. Further ones wait in the kernel's backlog.
    public static let refusedConnections = 64
    /// Seconds that a connection may be silent once three quarters of the connections are taken.
    public static let crowdedIdleSeconds = 5.0
    /// Connections that the kernel holds until they are accepted.
    public static let connectionBacklog = 1024
    /// Seconds for which a connection that is being closed still reads, so that its client gets the last answer.
    public static let connectionLingerSeconds = 2.0
    /// Seconds without accepting connections after the system had no descriptor or memory for one.
    public static let acceptPauseSeconds = 0.1
    /// Connections on the admin listener and on the control socket.
    public static let adminConnections = 64
    /// Characters of a task's `type`.
    public static let taskTypeCharacters = 64
    /// Parameters of a request's query, repeated ones counted.
    public static let queryParameters = 50
    /// Parameters of a request that is a form, files included.
    public static let formParameters = 200
    /// Bytes of the header lines of one part of a multipart form, and of the name of a field there.
    public static let formPartHeaderBytes = 4 * 1024
    public static let formNameBytes = 256
    /// Tasks that one request may ask about.
    public static let tasksPerRequest = 100
    /// Seconds that createTask waits for the end of a task of a kind that is solved at once: clients give up after 5.
    public static let instantAnswerSeconds = 3.0
    /// Seconds for which a provider is told what became of a solution, where it takes reports so long; providers told
    /// so at once, and seconds that one has to answer.
    public static let vendorReportSeconds = 900.0
    public static let vendorReportsAtOnce = 64
    public static let vendorReportAnswerSeconds = 20.0
    /// Bytes of the name of a provider that a client insists on.
    public static let providerNameBytes = 64
    /// Bytes of an address in a task, such as `websiteURL`.
    public static let taskAddressBytes = 8 * 1024
    /// Bytes of a picture or recording in a task: the fewest that can be one, and the most of each.
    public static let pictureBytesLeast = 100
    public static let pictureBytes = 600 * 1024
    public static let soundBytes = 1024 * 1024
    /// Bytes of the user and of the password of a client's proxy.
    public static let proxyTextBytes = 512

    // MARK: Access of clients

    /// Addresses and ranges that one API key may be allowed.
    public static let addressesPerKey = 10
    /// Addresses and ranges of proxies that are believed, and addresses of one request that are looked at for it.
    public static let trustedProxies = 100
    public static let forwardedAddresses = 32
    /// Requests of one address within a window, and the seconds of the window, unless the configuration says otherwise.
    public static let requestsPerWindow = 10_000
    public static let requestWindowSeconds = 10
    /// Addresses whose requests are counted. Beyond it those with the fewest requests are forgotten.
    public static let countedAddresses = 65_536

    /// Seconds between two looks at whether another certificate was put in the place of the one in use.
    public static let certificateLookSeconds = 2.0
    /// Bytes of a file with certificates or with a key.
    public static let certificateBytes = 256 * 1024
    /// Days before its end from which on the log says daily that a certificate ends.
    public static let certificateReminderDays = 14
    /// Days for which `tls init` makes a certificate, unless it is told otherwise, and an authority.
    public static let certificateDays = 820
    public static let authorityDays = 3650

    // MARK: Tasks

    /// Seconds from the acceptance of a task to its failure, unless the configuration says otherwise.
    public static let taskDeadlineSeconds = 300
    /// Tasks that are accepted and not yet ended, of all accounts. Beyond it createTask is refused.
    public static let openTasks = 500_000
    /// Attempts at one task. There may be as many keys: each gets its try.
    public static let attemptsPerTask = 256
    /// Of them, attempts with keys that had the task before that may have cost something without a result, those that
    /// a crash cut off included. The first such attempt with each key is not counted: there are no more of them than
    /// keys.
    public static let lostRepeatsPerTask = 8
    /// The last of them, which are spread over the task's time.
    public static let lostRepeatsSpread = 3
    /// Seconds before a provider that is unwell for the moment gets a task again, doubled with each pause of the task;
    /// and how many pauses as long as the next one the time to its deadline is to have room for.
    public static let momentPauseSeconds = 1.0
    public static let pausesAhead = 16.0
    /// Seconds between two looks whether another provider has a place for a task that stands in line for one.
    public static let lineLookSeconds = 10.0
    /// The part of its time that a task which has stood in line has to have left to be sent.
    public static let leastShareToSend = 0.02
    /// The part of its time that a task which waits for a place has left, at most, when it lets the others go first.
    public static let lateShare = 1.0 / 3
    /// Seconds that a provider can have no task for a task to leave it that has moved very often.
    public static let longWaitSeconds = 2.5
    /// Times that a task is handed over anew to a provider which has solved later tasks while it took too long with
    /// this one.
    public static let overtakenPerTask = 2
    /// With each so many pauses a task goes to one of the providers that took too long with it.
    public static let pausesPerSlowOne = 3
    /// Seconds for which a result can be fetched, unless the operator says otherwise.
    public static let resultSeconds = 3_600
    /// Seconds between two rounds of erasing the content of older tasks, and how many are looked at in one commit.
    public static let contentErasureSeconds = 15.0
    public static let contentErasurePage = 500
    /// Seconds between tries to store what could not be stored, such as with a full disk.
    public static let storeRetrySeconds = 1.0
    /// Seconds until a settlement that was handed to the store and got no answer is handed over again.
    public static let settleAnswerSeconds = 60.0
    /// Open tasks that are read at once after a start, and how many of them are taken up in a second.
    public static let recoveryPage = 1_000
    public static let recoveriesPerSecond = 2_000.0
    /// Seconds that a host which was told to stop waits for the calls under way.
    public static let drainSeconds = 10.0
    /// Seconds beyond the drain that everything else of a stop may take.
    public static let stopMarginSeconds = 20.0

    // MARK: Storage

    /// Operations that wait for the writer. Beyond it an operation is refused at once.
    public static let waitingWrites = 20_000
    /// Operations that share one commit.
    public static let operationsPerCommit = 512
    /// Bytes of payloads and solutions that wait for the writer.
    public static let waitingWriteBytes = 128 * 1024 * 1024
    /// Reads that wait for the reader.
    public static let waitingReads = 20_000
    /// Backups and verifications that wait for their turn.
    public static let waitingLongReads = 16
    /// Milliseconds that SQLite waits for another process's lock.
    public static let databaseBusyMilliseconds = 5_000
    /// Seconds until SQLite's log, which still has what was erased, is tried to be emptied once more while it is read.
    public static let erasureRetrySeconds = 10.0
    /// Checked API keys that are remembered, and for how many seconds.
    public static let rememberedKeys = 10_000
    public static let rememberedKeySeconds = 1.0
    /// Explanations of routes that the store remembers to have written, so that it writes each once.
    public static let rememberedExplanations = 1_024

    /// Seconds after a failed commit during which the host counts as not ready.
    public static let storageDoubtSeconds = 5.0

    // MARK: Plug-ins

    /// Milliseconds within which a function of a plug-in has to return before its thread counts as blocked.
    public static let pluginReturnMilliseconds = 2_000
    /// Threads of one adapter that may be blocked before it gets no more calls.
    public static let blockedThreadsPerAdapter = 4
    /// Seconds that a poll may take; a submit's time is in the manifest.
    public static let pollSeconds = 20.0
    /// Calls of one adapter that are under way or wait for its thread.
    public static let callsPerAdapter = 8_192
    /// Seconds for loading and creating one plug-in.
    public static let pluginLoadSeconds = 20.0
    /// Bytes of one message from an adapter.
    public static let pluginMessageBytes = 8 * 1024 * 1024
    /// Bytes of one log line from an adapter, and lines in a second.
    public static let pluginLogBytes = 2_000
    public static let pluginLogLinesPerSecond = 50
    /// Bytes of the message of one fault from an adapter.
    public static let pluginFaultBytes = 300
    /// HTTP exchanges, and waits, that one call of an adapter may have open at once.
    public static let exchangesPerPluginCall = 32
    public static let waitsPerPluginCall = 32
    /// Answers of the host that wait for one adapter's thread.
    public static let waitingPluginAnswers = 65_536

    /// Seconds without a word after which `adapter check` gives a plug-in up.
    public static let adapterCheckQuietSeconds = 60.0

    // MARK: Adapters with a process of their own

    /// Bytes of memory that the process of an adapter may have before it is ended. It cannot allocate twice as much.
    public static let isolatedMemoryBytes = 1024 * 1024 * 1024
    /// Bytes of addresses beyond that memory: its libraries, and what allocators set aside without using it.
    public static let isolatedAddressBytes = 8 * 1024 * 1024 * 1024
    /// Descriptors that it may have open.
    public static let isolatedOpenFiles = 256
    /// How much it steps back when the processors are busy: 0...19.
    public static let isolatedNiceness = 5
    /// When it has taken more than one part in so many of that memory it steps back as far as a process can, and
    /// computes in slices of so many nanoseconds, longer than usual, so that whoever wakes comes first.
    public static let isolatedModestShare = 16
    public static let isolatedGreedyNiceness = 19
    public static let isolatedGreedySliceNanoseconds: UInt64 = 100_000_000
    /// Nanoseconds of a processor that it uses between two looks of its own at its memory.
    public static let isolatedAlarmNanoseconds: UInt64 = 10_000_000
    /// Seconds between two looks at the process.
    public static let isolatedWatchSeconds = 0.25
    /// Seconds within which it has to give a sign of life.
    public static let isolatedAnswerSeconds = 5.0
    /// Seconds for which it may, with no call open, keep a processor busy or owe the ends of calls that were given up.
    public static let isolatedIdleSeconds = 30.0
    /// Ends of given-up calls that it may owe for more than `isolatedAnswerSeconds` in any case.
    public static let isolatedOwedCalls = 256
    /// Seconds before it is started for the second time in a row, doubled each time, and the longest such pause. The
    /// first time is at once.
    public static let isolatedRestartSeconds = 0.25
    public static let isolatedLongestRestartSeconds = 30.0
    /// Seconds that it has to live for its next end to count as the first.
    public static let isolatedSteadySeconds = 60.0
    /// Bytes that wait for it to be read before it gets no more calls; at twice as many it is ended.
    public static let isolatedOutboxBytes = 64 * 1024 * 1024
    /// Ends of an adapter's process during calls about one task, after which the task does not go there again.
    public static let crashesPerTask = 2

    // MARK: Outbound HTTP

    /// Exchanges with one origin at once, and how many more may wait.
    public static let exchangesPerOrigin = 64
    public static let waitingExchangesPerOrigin = 4_096
    /// Exchanges with all vendors at once, and how many more may wait.
    public static let exchanges = 512
    public static let waitingExchanges = 16_384
    /// Exchanges on the transport for addresses that clients name: all, those with one origin, and those that wait.
    public static let clientAddressExchanges = 64
    public static let clientAddressExchangesPerOrigin = 8
    public static let clientAddressWaitingExchanges = 1_024
    /// Bytes of the requests that are under way or wait on one transport, together.
    public static let outboundRequestBytes = 128 * 1024 * 1024
    /// Bytes of one request's body, URL and headers, and header lines.
    public static let outboundBodyBytes = 8 * 1024 * 1024
    public static let outboundURLBytes = 16 * 1024
    public static let outboundHeaderBytes = 32 * 1024
    public static let outboundHeaderCount = 100
    /// Connections that are kept open for reuse on one transport.
    public static let keptConnections = 256
    /// Seconds that a connection may be idle and still be reused, and its age after which it isn't.
    public static let idleConnectionSeconds = 60
    public static let connectionLifetimeSeconds = 900
    /// Seconds for making a connection.
    public static let connectSeconds = 10.0
    /// Seconds for one exchange at most, whatever is asked for.
    public static let exchangeSeconds = 120.0
    /// Bytes of a response's body, from vendors and from addresses that clients name.
    public static let responseBodyBytes = 4 * 1024 * 1024
    public static let clientAddressBodyBytes = 256 * 1024
    /// Bytes of a response's headers.
    public static let responseHeaderBytes = 64 * 1024

    // MARK: Money

    /// The balance beyond which an account takes no deposit, in 10^-9 USD: half of what an amount can be, so that what
    /// is credited for recycled keys never meets a bound.
    public static let depositedBalanceNanos = Money.bound / 2
    /// What a provider can say that one attempt has cost, in 10^-9 USD: a thousand dollars. More is a mistake, and the
    /// price that was snapshotted counts.
    public static let reportedCostNanos: Int64 = 1_000_000_000_000

    // MARK: Recycled keys

    /// Seconds within which `keySubmissionsPerHour` are counted.
    public static let keySubmissionSeconds = 3600.0
    /// Recycled keys of one account that are not REMOVED, and how many an account may hand over within an hour.
    public static let recycledKeysPerAccount = 200
    public static let keySubmissionsPerHour = 20
    /// Checks of one recycled key that its owner may ask for within an hour.
    public static let keyChecksPerHour = 20
    /// Recycled keys of which it is remembered how often their owners have asked within the hour. Beyond it nobody can
    /// ask for a check of another. And seconds between two looks at which of them can be forgotten.
    public static let rememberedKeyChecks = 20_000
    public static let keyCheckSweepSeconds = 10.0
    /// Answers of a provider that a key is wrong, of all keys together, before no further key is asked about, and the
    /// seconds within which they count: five wrong ones get an address locked out at some.
    public static let wrongKeyAnswers = 3
    public static let wrongKeySeconds = 600.0
    /// Seconds for which it is stored when a provider said that a key is no good.
    public static let keptRefusalSeconds = 24.0 * 3600
    /// Seconds between two syncs of a key's balance.
    public static let balanceSyncSeconds = 300.0
    /// Seconds between the beginnings of two checks at one provider, and checks at one that may be under way at once.
    public static let keyCheckSpacingSeconds = 0.25
    public static let keyChecksPerProvider = 4
    /// Seconds after which a key that could not be found out about is asked about again, doubled each time, and the
    /// longest such pause.
    public static let unclearKeySeconds = 15.0
    public static let longestUnclearKeySeconds = 3600.0
    /// Seconds between two looks at whether money has come back to a DEPLETED key.
    public static let depletedKeySeconds = 1800.0
    /// Seconds that a submission waits for the provider's answer before it answers PENDING.
    public static let submissionAnswerSeconds = 15.0
    /// Seconds that a host which was told to stop waits for the checks under way: what they tell counts.
    public static let keyDrainSeconds = 5.0
    /// Seconds between two looks at whether the tasks of a REMOVED key have ended.
    public static let drainLookSeconds = 2.0
    /// Keys of a provider that are looked at for one choice; with more, others come in their turn.
    public static let keysPerChoice = 32

    // MARK: Accounts' histories

    /// Bytes of a client's idempotency key, and seconds for which it stands for its task.
    public static let idempotencyKeyBytes = 255
    public static let idempotencySeconds = 24.0 * 3600
    /// Idempotency keys that are erased, when their time is over, for each one that is stored.
    public static let idempotencyErasures = 4
    /// Transactions on one page, and days of usage in one answer.
    public static let transactionsPerPage = 1_000
    public static let usageDays = 366
    /// The same where a request does not say.
    public static let usualTransactionsPerPage = 100
    public static let usualUsageDays = 30

    // MARK: Operators

    /// Seconds that a command, or a host that starts, waits for another command to let go of the database.
    public static let lockSeconds = 5.0

    /// Seconds that one question about a key may take at its provider, of at most two for each key, and seconds after
    /// which no further key is asked about: the command line waits for `controlSeconds`.
    public static let keyCheckSeconds = 30.0
    public static let keyChecksSeconds = 50.0
    /// Keys that a provider may refuse in one check of all keys before no more of its keys are asked about: five wrong
    /// ones get an address locked out at some.
    public static let refusedKeyChecks = 3

    /// Bytes of a name that an operator gives to something, and of a deposit's reference.
    public static let nameBytes = 200

    // MARK: Configuration

    /// Bytes of the configuration file.
    public static let configurationBytes = 256 * 1024
    /// Brackets of the configuration file that may be open at once.
    public static let configurationDepth = 64
    /// Blanks or dashes that may begin a line of the configuration file.
    public static let configurationIndentation = 200
    /// Bytes of a secret that the configuration refers to.
    public static let secretBytes = 4096

    // MARK: Control socket

    /// Seconds that the command line waits for the host.
    public static let controlSeconds = 120.0
    /// Bytes of the host's answer to it.
    public static let controlResponseBytes = 32 * 1024 * 1024
}
