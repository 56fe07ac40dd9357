/* Its table has no function `ability`. */
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) { give_up(work, reply); }

#define PLUGIN_ABILITY NULL
#include "entry.h"
