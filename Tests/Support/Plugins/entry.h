/*
 * The table of a test plug-in, around the function `submit` and the macro PLUGIN_ID. Optional macros:
 *
 *   PLUGIN_ORIGINS   JSON array for the manifest          PLUGIN_POLL    function of the operation poll
 *   PLUGIN_ADDRESS   JSON array of address fields         PLUGIN_CANCEL  function of the ability cancel
 *   PLUGIN_ABI       another version of the contract      PLUGIN_MORE    function that finds further abilities
 *   PLUGIN_TOOLCHAIN the table's text                     PLUGIN_CREATE  statement that create begins with
 *   PLUGIN_MANIFEST  a manifest of one's own              PLUGIN_REFUSES sentence with which create refuses
 *   PLUGIN_ABILITY   another function that finds abilities, or NULL
 */
#ifndef TEST_ENTRY_H
#define TEST_ENTRY_H

#include "plugin.h"

#pragma GCC visibility push(hidden)

#ifndef PLUGIN_ORIGINS
#define PLUGIN_ORIGINS "[]"
#endif
#ifndef PLUGIN_ADDRESS
#define PLUGIN_ADDRESS "[]"
#endif
#ifndef PLUGIN_ABI
#define PLUGIN_ABI UCAPTCHA_PROVIDER_ABI_VERSION
#endif
#ifndef PLUGIN_ABILITY
#define PLUGIN_ABILITY plugin_ability
#endif
#ifndef PLUGIN_TOOLCHAIN
#define PLUGIN_TOOLCHAIN NULL
#endif
#ifndef PLUGIN_MANIFEST
#define PLUGIN_MANIFEST                                                                                               \
    "{\"id\":\"" PLUGIN_ID "\",\"displayName\":\"Test plug-in " PLUGIN_ID "\",\"version\":\"1\","                     \
    "\"offers\":[{\"family\":\"altcha\",\"listPrice\":\"0.001\"}],\"balanceUnit\":\"USD\","                           \
    "\"pollPlan\":{\"first\":3600,\"interval\":3600,\"most\":100000},\"reportsCost\":false,"                          \
    "\"chargesUnsolvable\":false,\"origins\":" PLUGIN_ORIGINS ",\"addressFields\":" PLUGIN_ADDRESS ","                \
    "\"concurrentSubmits\":4096,\"submitSeconds\":600}"
#endif

static ucaptcha_bytes plugin_manifest(void) { return bytes_of(PLUGIN_MANIFEST); }

static void *plugin_create(const ucaptcha_host *host, ucaptcha_bytes settings, void *refuse_context,
                           void (*refuse)(void *, ucaptcha_bytes)) {
    (void)settings;
    (void)refuse_context;
    (void)refuse;
#ifdef PLUGIN_CREATE
    PLUGIN_CREATE;
#endif
#ifdef PLUGIN_REFUSES
    refuse(refuse_context, bytes_of(PLUGIN_REFUSES));
    return NULL;
#endif
    instance *self = calloc(1, sizeof *self);
    self->host = host;
    self->http = host->service(host->context, UCAPTCHA_SERVICE_HTTP);
    self->log = host->service(host->context, UCAPTCHA_SERVICE_LOG);
    self->time = host->service(host->context, UCAPTCHA_SERVICE_TIME);
    return self;
}

static void plugin_submit(void *self, uint64_t call, ucaptcha_bytes request) { submit(self, call, request); }

static const void *plugin_ability(const char *id) {
    static const ucaptcha_operation submits = {plugin_submit};
    if (strcmp(id, UCAPTCHA_OPERATION_SUBMIT) == 0) return &submits;
#ifdef PLUGIN_POLL
    static const ucaptcha_operation polls = {PLUGIN_POLL};
    if (strcmp(id, UCAPTCHA_OPERATION_POLL) == 0) return &polls;
#endif
#ifdef PLUGIN_CANCEL
    static const ucaptcha_cancellation cancels = {PLUGIN_CANCEL};
    if (strcmp(id, UCAPTCHA_ABILITY_CANCEL) == 0) return &cancels;
#endif
#ifdef PLUGIN_MORE
    return PLUGIN_MORE(id);
#else
    return NULL;
#endif
}

#pragma GCC visibility pop

const ucaptcha_plugin *ucaptcha_provider_v1(void) {
    static const ucaptcha_plugin table = {PLUGIN_ABI, PLUGIN_TOOLCHAIN, plugin_manifest, plugin_create, PLUGIN_ABILITY};
    return &table;
}

#endif
