/* Never finishes being loaded, and holds the lock of the dynamic loader. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, SOLVED);
}

__attribute__((constructor)) static void hang(void) { for (;;) pause(); }

#define PLUGIN_ID "hangs-on-load"
#include "entry.h"
