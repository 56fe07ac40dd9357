/* Speaks another version of the contract. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, SOLVED);
}

#define PLUGIN_ID "wrong-abi"
#define PLUGIN_ABI (UCAPTCHA_PROVIDER_ABI_VERSION + 1)
#include "entry.h"
