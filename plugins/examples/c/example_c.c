/*
 * A plug-in in plain C for the same example vendor as ../swift: createTask, getTaskResult, getBalance in JSON.
 *
 * It needs the header of the contract and libc, nothing else. What is in the messages is written down in MESSAGES.md
 * beside the header's folder. json.h has the few functions for JSON.
 *
 * It keeps no state and has no thread: `start` asks the host to send a request, and `answered` completes the call. So
 * there is nothing to cancel either: when a call is cancelled the host ends its exchange, and `answered` is told so.
 */
#include "json.h"
#include "ucaptcha_provider.h"

/* ---- What is sold ---------------------------------------------------------------------------------------------- */

static const char manifest_text[] =
    "{\"id\":\"example-c\",\"displayName\":\"Example in C\",\"version\":\"1.0\","
    "\"key\":{\"description\":\"32 hexadecimal digits\",\"prefixes\":[],\"shortest\":32,\"longest\":32,"
    "\"hexadecimal\":true},"
    "\"offers\":[{\"family\":\"recaptchaV2\",\"listPrice\":\"0.002\"},"
    "{\"family\":\"turnstile\",\"listPrice\":\"0.0015\"},{\"family\":\"imageToText\",\"listPrice\":\"0.0005\"}],"
    "\"balanceUnit\":\"USD\",\"pollPlan\":{\"first\":5,\"interval\":3,\"most\":60},\"resultLifetimeSeconds\":300,"
    "\"reportsCost\":true,\"chargesUnsolvable\":false,\"origins\":[\"https://api.example.com\"],"
    "\"addressFields\":[],\"concurrentSubmits\":64,\"submitSeconds\":30}";

/* A kind of task: what the host calls it and its fields, and what the vendor does. */
typedef struct kind {
    const char *family, *type;
    /* Fields that have to be texts, and fields that are handed on; NULL ends the list. */
    const char *required[3], *optional[5];
    /* The solution's field. */
    const char *answer;
} kind;

static const kind kinds[] = {
    {"recaptchaV2", "RecaptchaV2Task", {"websiteURL", "websiteKey"}, {"isInvisible"}, "gRecaptchaResponse"},
    {"turnstile", "TurnstileTask", {"websiteURL", "websiteKey"}, {"action", "cData"}, "token"},
    {"imageToText", "ImageToTextTask", {"body"}, {"case", "numeric", "minLength", "maxLength"}, "text"},
};

/* The vendor's error codes and the members of the faults that they mean. The kind decides what the host does next. */
static const struct {
    const char *code, *fault;
} faults[] = {
    {"ERROR_KEY_DOES_NOT_EXIST", "\"kind\":\"invalidKey\""},
    {"ERROR_KEY_SUSPENDED", "\"kind\":\"keyDisabled\""},
    {"ERROR_ZERO_BALANCE", "\"kind\":\"noFunds\""},
    {"ERROR_IP_NOT_ALLOWED", "\"kind\":\"ipNotAllowed\""},
    {"ERROR_IP_BANNED", "\"kind\":\"banned\",\"scope\":\"provider\""},
    {"ERROR_TOO_MANY_REQUESTS", "\"kind\":\"rateLimited\",\"scope\":\"key\""},
    {"ERROR_NO_SLOT_AVAILABLE", "\"kind\":\"overloaded\""},
    {"ERROR_TASK_NOT_SUPPORTED", "\"kind\":\"unsupportedTask\""},
    {"ERROR_BAD_SITEKEY", "\"kind\":\"badTask\",\"field\":\"websiteKey\""},
    {"ERROR_BAD_PARAMETERS", "\"kind\":\"badTask\""},
    {"ERROR_CAPTCHA_UNSOLVABLE", "\"kind\":\"unsolvable\",\"charged\":false"},
    {"ERROR_NO_SUCH_TASK", "\"kind\":\"taskNotFound\""},
};

/* ---- Calls ----------------------------------------------------------------------------------------------------- */

/* One `adapters.<name>` of the host's configuration. Lives as long as the process. */
typedef struct instance {
    const ucaptcha_host *host;
    const ucaptcha_http_service *http;
    /* Where the vendor is, without a slash at the end. */
    char *endpoint;
} instance;

enum operation { VALIDATE, BALANCE, SUBMIT, POLL };

/* A call whose request is on its way. */
typedef struct exchange {
    instance *self;
    uint64_t call;
    enum operation operation;
    const kind *kind;
} exchange;

static const kind *kind_of(json family) {
    for (size_t index = 0; index < sizeof kinds / sizeof *kinds; ++index)
        if (json_is(family, kinds[index].family)) return &kinds[index];
    return NULL;
}

/* Completes a call and frees the reply. When there was no memory for it, the host is told that. */
static void complete(instance *self, uint64_t call, buffer *reply) {
    static const char out_of_memory[] = "{\"fault\":{\"kind\":\"overloaded\",\"message\":\"Out of memory.\"}}";
    ucaptcha_bytes bytes = {(const uint8_t *)reply->bytes, reply->count};
    if (reply->failed) bytes = (ucaptcha_bytes){(const uint8_t *)out_of_memory, sizeof out_of_memory - 1};
    self->host->complete(self->host->context, call, bytes);
    free(reply->bytes);
}

/* Completes a call with a fault: its members as JSON, and a sentence without anything secret in it. */
static void fail(instance *self, uint64_t call, const char *members, const char *sentence) {
    buffer reply = {0};
    put(&reply, "{\"fault\":{");
    put(&reply, members);
    put(&reply, ",\"message\":");
    put_string(&reply, sentence, strlen(sentence));
    put(&reply, "}}");
    complete(self, call, &reply);
}

/* ---- From the vendor to the host ------------------------------------------------------------------------------- */

/* The reply to a good answer; NULL when done, else what the answer lacks. */
static const char *translate(const exchange *exchange, json answer, buffer *reply) {
    json status, found;
    switch (exchange->operation) {
    case VALIDATE:
    case BALANCE:
        found = json_member(answer, "balance");
        if (!json_is_decimal(found)) return "The answer to getBalance has no balance.";
        put(reply, "{\"ok\":{\"balance\":{\"amount\":");
        put_as_string(reply, found);
        put(reply, "}}}");
        return NULL;
    case SUBMIT:
        found = json_member(answer, "taskId");
        if (!json_is_decimal(found) && !json_is_text(found)) return "The answer to createTask has no taskId.";
        put(reply, "{\"ok\":{\"pending\":{\"id\":");
        put_as_string(reply, found);
        put(reply, "}}}");
        return NULL;
    case POLL:
        status = json_member(answer, "status");
        if (json_is(status, "processing")) {
            put(reply, "{\"ok\":{\"pending\":{}}}");
            return NULL;
        }
        found = json_member(json_member(answer, "solution"), exchange->kind->answer);
        if (!json_is(status, "ready") || !json_is_text(found)) return "The answer to getTaskResult has no solution.";
        put(reply, "{\"ok\":{\"solved\":{\"solution\":{");
        put_string(reply, exchange->kind->answer, strlen(exchange->kind->answer));
        put(reply, ":");
        put_json(reply, found);
        put(reply, "}");
        found = json_member(answer, "cost");
        if (json_is_decimal(found)) {
            put(reply, ",\"cost\":");
            put_as_string(reply, found);
        }
        put(reply, "}}}");
        return NULL;
    }
    return "There is no such operation.";
}

/* Completes the call with what the vendor's answer means. */
static void judge(const exchange *exchange, json http, json answer) {
    instance *self = exchange->self;
    json failure = json_member(http, "failure");
    if (failure.count > 0) return fail(self, exchange->call, "\"kind\":\"transport\"", "No answer came.");
    long status = json_integer(json_member(http, "status"));
    if (status >= 500) return fail(self, exchange->call, "\"kind\":\"transport\"", "HTTP 5xx");
    if (status == 429) return fail(self, exchange->call, "\"kind\":\"rateLimited\",\"scope\":\"key\"", "HTTP 429");
    if (!json_is_object(answer))
        return fail(self, exchange->call, "\"kind\":\"protocolError\"", "The answer is no JSON object.");
    if (json_integer(json_member(answer, "errorId")) == 0) {
        buffer reply = {0};
        const char *lacking = translate(exchange, answer, &reply);
        if (!lacking) return complete(self, exchange->call, &reply);
        free(reply.bytes);
        return fail(self, exchange->call, "\"kind\":\"protocolError\"", lacking);
    }
    json code = json_member(answer, "errorCode");
    for (size_t index = 0; index < sizeof faults / sizeof *faults; ++index)
        if (json_is(code, faults[index].code))
            return fail(self, exchange->call, faults[index].fault, faults[index].code);
    /* A code that is not in the table is new to this adapter: it blames nobody's key and nobody's task. */
    fail(self, exchange->call, "\"kind\":\"protocolError\"", "An error that this adapter does not know.");
}

/* The host's answer to a request, once for each. It is called on a thread of the host and must not wait. */
static void answered(void *user, ucaptcha_bytes reply) {
    exchange *exchange = user;
    json http = json_read((const char *)reply.data, reply.count);
    /* The vendor's JSON is a text inside the host's: `body` where it is UTF-8. Any other body makes no sense here. */
    size_t count = 0;
    char *body = json_text(json_member(http, "body"), &count);
    judge(exchange, http, json_read(body, count));
    free(body);
    free(exchange);
}

/* ---- From the host to the vendor ------------------------------------------------------------------------------- */

/* Asks the host to send `{"clientKey": ..., MEMBERS}` to the endpoint's METHOD. Frees the members. */
static void ask(exchange draft, json credential, const char *method, buffer *members) {
    buffer body = {0}, request = {0};
    exchange *sent = malloc(sizeof *sent);
    /* The placeholder is copied as it is. The host puts the key there, escaped for JSON, when it sends the request. */
    put(&body, "{\"clientKey\":");
    put_json(&body, credential);
    put_bytes(&body, members->bytes, members->count);
    put(&body, "}");
    put(&request, "{\"method\":\"POST\",\"headers\":[[\"content-type\",\"application/json\"]],\"url\":\"");
    put_escaped(&request, draft.self->endpoint, strlen(draft.self->endpoint));
    put(&request, "/");
    put(&request, method);
    put(&request, "\",\"body\":");
    put_string(&request, body.bytes, body.count);
    put(&request, "}");
    if (!sent || members->failed || body.failed || request.failed) {
        free(sent);
        fail(draft.self, draft.call, "\"kind\":\"overloaded\"", "Out of memory.");
    } else {
        *sent = draft;
        ucaptcha_bytes bytes = {(const uint8_t *)request.bytes, request.count};
        draft.self->http->send(draft.self->host->context, draft.call, bytes, sent, answered);
    }
    free(members->bytes);
    free(body.bytes);
    free(request.bytes);
}

/* The task in the vendor's words. Returns the fault's members when it is refused, else NULL. */
static const char *write_order(const kind *kind, json task, buffer *order, char fault[80]) {
    if (json_is_text(json_member(task, "proxyAddress"))) return "\"kind\":\"unsupportedTask\"";
    put(order, ",\"task\":{\"type\":");
    put_string(order, kind->type, strlen(kind->type));
    for (const char *const *name = kind->required; *name; ++name) {
        json value = json_member(task, *name);
        if (!json_is_text(value)) {
            snprintf(fault, 80, "\"kind\":\"badTask\",\"field\":\"%s\"", *name);
            return fault;
        }
        put_member(order, *name, value);
    }
    for (const char *const *name = kind->optional; *name; ++name) {
        json value = json_member(task, *name);
        if (value.count > 0 && !json_is_null(value)) put_member(order, *name, value);
    }
    put(order, "}");
    return NULL;
}

static void submit(void *user, uint64_t call, ucaptcha_bytes bytes) {
    json request = json_read((const char *)bytes.data, bytes.count);
    exchange draft = {user, call, SUBMIT, kind_of(json_member(request, "family"))};
    json credential = json_member(request, "credential");
    buffer order = {0};
    char fault[80];
    if (!draft.kind) return fail(user, call, "\"kind\":\"unsupportedTask\"", "The vendor does not sell this.");
    if (!json_is_text(credential)) return fail(user, call, "\"kind\":\"invalidKey\"", "The vendor needs a key.");
    const char *refused = write_order(draft.kind, json_member(request, "task"), &order, fault);
    if (refused) {
        free(order.bytes);
        return fail(user, call, refused, "The vendor would not take the task.");
    }
    ask(draft, credential, "createTask", &order);
}

static void poll(void *user, uint64_t call, ucaptcha_bytes bytes) {
    json request = json_read((const char *)bytes.data, bytes.count);
    exchange draft = {user, call, POLL, kind_of(json_member(request, "family"))};
    json credential = json_member(request, "credential");
    buffer members = {0};
    if (!draft.kind) return fail(user, call, "\"kind\":\"unsupportedTask\"", "The vendor does not sell this.");
    if (!json_is_text(credential)) return fail(user, call, "\"kind\":\"invalidKey\"", "The vendor needs a key.");
    put_member(&members, "taskId", json_member(request, "id"));
    ask(draft, credential, "getTaskResult", &members);
}

static void balance_as(enum operation operation, instance *self, uint64_t call, ucaptcha_bytes bytes) {
    json credential = json_member(json_read((const char *)bytes.data, bytes.count), "credential");
    exchange draft = {self, call, operation, NULL};
    buffer none = {0};
    if (!json_is_text(credential)) return fail(self, call, "\"kind\":\"invalidKey\"", "The vendor needs a key.");
    ask(draft, credential, "getBalance", &none);
}

static void balance(void *user, uint64_t call, ucaptcha_bytes bytes) { balance_as(BALANCE, user, call, bytes); }

/* The vendor has no call that only looks at a key: one that has a balance is good. */
static void validate(void *user, uint64_t call, ucaptcha_bytes bytes) { balance_as(VALIDATE, user, call, bytes); }

/* ---- The table ------------------------------------------------------------------------------------------------- */

static ucaptcha_bytes manifest(void) {
    return (ucaptcha_bytes){(const uint8_t *)manifest_text, sizeof manifest_text - 1};
}

static void *create(const ucaptcha_host *host, ucaptcha_bytes settings, void *refuse_context,
                    void (*refuse)(void *refuse_context, ucaptcha_bytes sentence)) {
    static const char usual_endpoint[] = "https://api.example.com";
    static const char sentence[] = "The host lends no HTTP, or there is no memory.";
    json endpoint = json_member(json_read((const char *)settings.data, settings.count), "endpoint");
    const ucaptcha_http_service *http = host->service(host->context, UCAPTCHA_SERVICE_HTTP);
    instance *self = calloc(1, sizeof *self);
    size_t count = 0;
    if (self) self->endpoint = json_is_text(endpoint) ? json_text(endpoint, &count) : strdup(usual_endpoint);
    if (host->abi_version != UCAPTCHA_PROVIDER_ABI_VERSION || !http || !self || !self->endpoint) {
        if (self) free(self->endpoint);
        free(self);
        refuse(refuse_context, (ucaptcha_bytes){(const uint8_t *)sentence, sizeof sentence - 1});
        return NULL;
    }
    self->host = host;
    self->http = http;
    return self;
}

static const void *ability(const char *id) {
    static const ucaptcha_operation submits = {submit}, polls = {poll}, balances = {balance}, validates = {validate};
    if (strcmp(id, UCAPTCHA_OPERATION_SUBMIT) == 0) return &submits;
    if (strcmp(id, UCAPTCHA_OPERATION_POLL) == 0) return &polls;
    if (strcmp(id, UCAPTCHA_OPERATION_BALANCE) == 0) return &balances;
    if (strcmp(id, UCAPTCHA_OPERATION_VALIDATE) == 0) return &validates;
    return NULL;
}

/* The one symbol that is exported; the rest of this file is static. No compiler's name: nothing of Swift is needed. */
const ucaptcha_plugin *ucaptcha_provider_v1(void) {
    static const ucaptcha_plugin table = {UCAPTCHA_PROVIDER_ABI_VERSION, NULL, manifest, create, ability};
    return &table;
}
