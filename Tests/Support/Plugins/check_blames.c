/* Says that the key is wrong when no answer came. */
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) {
    if (!has(reply, "\"failure\"")) return give_up(work, reply);
    complete(work->self, work->call, "{\"fault\":{\"kind\":\"invalidKey\"}}");
}

#include "entry.h"
