/* Ends the process while it is being loaded, as a power cut would: without a trace. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, SOLVED);
}

__attribute__((constructor)) static void vanish(void) { _exit(4); }

#define PLUGIN_ID "vanishes-on-load"
#include "entry.h"
