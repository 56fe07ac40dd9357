/* Takes the process down while it is being loaded. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, SOLVED);
}

__attribute__((constructor)) static void crash(void) { abort(); }

#define PLUGIN_ID "crash-on-load"
#include "entry.h"
