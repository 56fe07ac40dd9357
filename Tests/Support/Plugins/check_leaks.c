/* Keeps some memory of every call. */
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) {
    memset(malloc(16 * 1024), 1, 16 * 1024);
    give_up(work, reply);
}

#include "entry.h"
