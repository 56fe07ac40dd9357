/* Waits for the task's field `milliseconds` and then solves; with the field `leave` it solves at once instead. */
#include "plugin.h"

typedef struct wait {
    instance *self;
    uint64_t call;
    uint64_t since;
    int completes;
} wait;

static void fire(void *user) {
    wait *wait = user;
    uint64_t now = wait->self->time->monotonic_nanoseconds(wait->self->host->context);
    char text[200];
    if (wait->completes) {
        snprintf(text, sizeof text, "{\"ok\":{\"solved\":{\"solution\":{\"waited\":%llu,\"at\":%lld}}}}",
                 (unsigned long long)(now - wait->since) / 1000000,
                 (long long)wait->self->time->unix_milliseconds(wait->self->host->context));
        complete(wait->self, wait->call, text);
    } else {
        say(wait->self, "fired");
    }
    free(wait);
}

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    char *text = member(request, "milliseconds");
    uint64_t delay = strtoull(text, NULL, 10) * 1000000;
    int leave = has(request, "\"leave\":true");
    wait *wait = malloc(sizeof *wait);
    wait->self = self, wait->call = call, wait->completes = !leave;
    wait->since = self->time->monotonic_nanoseconds(self->host->context);
    self->time->after(self->host->context, call, delay, wait, fire);
    if (leave) complete(self, call, SOLVED);
    free(text);
}

#define PLUGIN_ID "waits"
#include "entry.h"
