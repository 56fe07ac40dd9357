/* Does not complete a call that was cancelled. */
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) {
    if (!has(reply, "The call")) give_up(work, reply);
}

#include "entry.h"
