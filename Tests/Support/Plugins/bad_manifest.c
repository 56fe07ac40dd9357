/* Its manifest names no kind of task. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, SOLVED);
}

#define PLUGIN_ID "bad-manifest"
#define PLUGIN_MANIFEST \
    "{\"id\":\"bad-manifest\",\"displayName\":\"Bad\",\"version\":\"1\",\"offers\":[],\"balanceUnit\":\"USD\"," \
    "\"pollPlan\":{\"first\":5,\"interval\":5,\"most\":10},\"reportsCost\":false,\"chargesUnsolvable\":false," \
    "\"origins\":[],\"addressFields\":[],\"concurrentSubmits\":1,\"submitSeconds\":30}"
#include "entry.h"
