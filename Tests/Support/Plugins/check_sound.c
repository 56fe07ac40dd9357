/* Passes every check: what the others of this family are without their one flaw. */
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) { give_up(work, reply); }

#include "entry.h"
