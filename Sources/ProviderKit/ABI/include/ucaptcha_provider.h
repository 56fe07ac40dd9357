/*
 * The provider plug-in contract, version 1.
 *
 * A plug-in is a shared object that exports one symbol, `ucaptcha_provider_v1`. Everything else is reached from the
 * table which that function returns. What crosses the boundary is UTF-8 JSON in the shapes of MESSAGES.md, so that an
 * adapter can be written in any language that makes a shared object.
 *
 * Rules that hold for every function below:
 *  - Bytes handed over are borrowed. A request's bytes live until its call completes; a reply's bytes, a log message
 *    and an HTTP request are read before the function they are passed to returns.
 *  - A call is completed exactly once, also after it was cancelled. A second completion is counted and ignored.
 *  - A call id is never used twice by a process, so whatever arrives late for it is ignored.
 *  - A struct of this header never grows. What is added later is found by a new string ID.
 *  - Nothing is ever unloaded: a plug-in, its instances and the host's tables live as long as the process.
 *  - No exception, no longjmp and no signal crosses the boundary in either direction.
 */
#ifndef UCAPTCHA_PROVIDER_H
#define UCAPTCHA_PROVIDER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this contract. Host and plug-in must state the same number. */
#define UCAPTCHA_PROVIDER_ABI_VERSION 1u

/* A borrowed run of bytes; `data` may be NULL when `count` is 0. Not NUL-terminated. */
typedef struct ucaptcha_bytes {
    const uint8_t *data;
    size_t count;
} ucaptcha_bytes;

/* ---- What the host lends ------------------------------------------------------------------------------------- */

/*
 * Service "ucaptcha.http.v1": one HTTP exchange on behalf of a running call.
 *
 * Threads: `send` may be called from any thread while `call` is running. `done` is called exactly once, on a thread
 * of the host, possibly before `send` returns; it must not block. When the call completes or is cancelled the
 * exchange is abandoned and `done` is told so. `user` is the plug-in's and is passed back untouched.
 */
typedef struct ucaptcha_http_service {
    void (*send)(void *host_context, uint64_t call, ucaptcha_bytes request, void *user,
                 void (*done)(void *user, ucaptcha_bytes reply));
} ucaptcha_http_service;

/* Levels of the log service. */
enum { UCAPTCHA_LOG_DEBUG = 0, UCAPTCHA_LOG_INFO = 1, UCAPTCHA_LOG_WARNING = 2, UCAPTCHA_LOG_ERROR = 3 };

/*
 * Service "ucaptcha.log.v1": one line in the host's log, marked with the adapter's name. Any thread. The host cuts
 * long lines, limits their rate and removes whatever looks like a key.
 */
typedef struct ucaptcha_log_service {
    void (*write)(void *host_context, int32_t level, ucaptcha_bytes message);
} ucaptcha_log_service;

/*
 * Service "ucaptcha.time.v1". Any thread. `monotonic_nanoseconds` never goes back; `unix_milliseconds` is wall time.
 * `after` calls `fire` exactly once on a thread of the host, when the delay has passed or `call` has ended, whichever
 * is first; `fire` must not block.
 */
typedef struct ucaptcha_time_service {
    uint64_t (*monotonic_nanoseconds)(void *host_context);
    int64_t (*unix_milliseconds)(void *host_context);
    void (*after)(void *host_context, uint64_t call, uint64_t delay_nanoseconds, void *user, void (*fire)(void *user));
} ucaptcha_time_service;

/*
 * The host, as one instance of one plug-in sees it. Lives as long as the process; may be used from any thread.
 * `context` is passed back as the first argument of every function of the table and of its services.
 */
typedef struct ucaptcha_host {
    uint32_t abi_version;
    void *context;
    /*
     * Ends `call` with `reply`. Any thread, also from inside the function that started the call. The bytes are read
     * before it returns.
     */
    void (*complete)(void *context, uint64_t call, ucaptcha_bytes reply);
    /* A service by its ID (NUL-terminated), or NULL when this host does not lend it. */
    const void *(*service)(void *context, const char *id);
} ucaptcha_host;

#define UCAPTCHA_SERVICE_HTTP "ucaptcha.http.v1"
#define UCAPTCHA_SERVICE_LOG "ucaptcha.log.v1"
#define UCAPTCHA_SERVICE_TIME "ucaptcha.time.v1"

/* ---- What the plug-in offers --------------------------------------------------------------------------------- */

/*
 * An operation of the adapter, found by one of the IDs below.
 *
 * Threads: `start` is called on a thread of the host that serves this instance alone, one call at a time. It begins
 * the work and returns at once; the answer comes through `host->complete`. A `start` that does not return in time
 * costs its thread, and the adapter is reported as blocked.
 * Ownership: `request` lives until the call completes.
 */
typedef struct ucaptcha_operation {
    void (*start)(void *instance, uint64_t call, ucaptcha_bytes request);
} ucaptcha_operation;

/* Is this key good? Optional; an adapter without keys has none. */
#define UCAPTCHA_OPERATION_VALIDATE "ucaptcha.validate.v1"
/* What is left on this key? Optional. */
#define UCAPTCHA_OPERATION_BALANCE "ucaptcha.balance.v1"
/* Hand one task to the provider, once. */
#define UCAPTCHA_OPERATION_SUBMIT "ucaptcha.submit.v1"
/* Ask once what became of a submitted task. Optional for an adapter whose submit always brings the solution. */
#define UCAPTCHA_OPERATION_POLL "ucaptcha.poll.v1"
/* Tell the provider whether a solution was accepted. Optional. */
#define UCAPTCHA_OPERATION_REPORT "ucaptcha.report.v1"

/*
 * Ability "ucaptcha.cancel.v1": the answer to `call` is no longer wanted; stop what can be stopped. Optional. The call
 * still has to be completed, once. Any thread; may come twice, before `start` returns, or after the completion.
 */
typedef struct ucaptcha_cancellation {
    void (*cancel)(void *instance, uint64_t call);
} ucaptcha_cancellation;

#define UCAPTCHA_ABILITY_CANCEL "ucaptcha.cancel.v1"

/* The table of a plug-in: constant, alive as long as the process. */
typedef struct ucaptcha_plugin {
    uint32_t abi_version;
    /*
     * NUL-terminated name of the compiler when the plug-in needs the Swift runtime of the host's process; NULL when it
     * carries what it needs. The host reads the same text from the section `ucaptcha_compiler` of the file before it
     * loads it.
     */
    const char *toolchain;
    /* The manifest as JSON. Alive as long as the process, the same bytes at every call. */
    ucaptcha_bytes (*manifest)(void);
    /*
     * Makes an instance for one `adapters.<name>` of the host's configuration. `settings` is JSON and is read before
     * the function returns. On failure it returns NULL and says why by calling `refuse` with a sentence, once. It has
     * no other effect and opens no connection. Called on the instance's own thread.
     */
    void *(*create)(const ucaptcha_host *host, ucaptcha_bytes settings, void *refuse_context,
                    void (*refuse)(void *refuse_context, ucaptcha_bytes sentence));
    /* An operation or ability by its ID (NUL-terminated), or NULL. The same answer at every call. */
    const void *(*ability)(const char *id);
} ucaptcha_plugin;

/* The one exported symbol. Returns the plug-in's table, never NULL. Has no side effect. */
const ucaptcha_plugin *ucaptcha_provider_v1(void);

#define UCAPTCHA_PROVIDER_SYMBOL "ucaptcha_provider_v1"
#define UCAPTCHA_TOOLCHAIN_SECTION "ucaptcha_compiler"

/* The compiler that built the code which calls this, as text that two builds of one toolchain share. */
const char *ucaptcha_toolchain(void);

#ifdef __cplusplus
}
#endif
#endif
