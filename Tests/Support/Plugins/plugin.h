/*
 * Helpers of the test plug-ins. Each includes this file, defines `submit`, and then includes entry.h.
 * Compile with: cc -shared -fPIC -I Sources/ProviderKit/ABI/include X.c -o X.so
 */
#ifndef TEST_PLUGIN_H
#define TEST_PLUGIN_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ucaptcha_provider.h"

#pragma GCC visibility push(hidden)

/* An instance knows its host; nothing else is kept. */
typedef struct instance {
    const ucaptcha_host *host;
    const ucaptcha_http_service *http;
    const ucaptcha_log_service *log;
    const ucaptcha_time_service *time;
} instance;

static inline ucaptcha_bytes bytes_of(const char *text) {
    ucaptcha_bytes bytes = {(const uint8_t *)text, strlen(text)};
    return bytes;
}

static inline void complete(instance *self, uint64_t call, const char *reply) {
    self->host->complete(self->host->context, call, bytes_of(reply));
}

static inline void say(instance *self, const char *line) {
    self->log->write(self->host->context, UCAPTCHA_LOG_INFO, bytes_of(line));
}

/* Whether the request holds this text. */
static inline int has(ucaptcha_bytes request, const char *text) {
    return memmem(request.data, request.count, text, strlen(text)) != NULL;
}

/* The JSON value that follows `"name":` in the request, as a string to free; an empty one when it is not there. It
 * reads what the host writes: no white space, objects without braces in their texts. */
static inline char *member(ucaptcha_bytes request, const char *name) {
    char wanted[80];
    int length = snprintf(wanted, sizeof wanted, "\"%s\":", name);
    const uint8_t *at = memmem(request.data, request.count, wanted, (size_t)length);
    if (!at) return strdup("");
    at += length;
    const uint8_t *limit = request.data + request.count, *end = at;
    if (*at == '{') {
        int depth = 0;
        do { depth += (*end == '{') - (*end == '}'); } while (++end < limit && depth > 0);
    } else if (*at == '"') {
        for (++at, end = at; end < limit && *end != '"'; ++end) {}
    } else {
        while (end < limit && *end != ',' && *end != '}') ++end;
    }
    return strndup((const char *)at, (size_t)(end - at));
}

#define SOLVED "{\"ok\":{\"solved\":{\"solution\":{\"token\":\"t\"}}}}"
#define PENDING "{\"ok\":{\"pending\":{\"id\":\"p-1\"}}}"

#pragma GCC visibility pop

#endif
