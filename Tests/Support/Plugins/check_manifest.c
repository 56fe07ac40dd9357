/* Its manifest says nothing of what it sells. */
#define PLUGIN_MANIFEST "{\"id\":\"checked\",\"displayName\":\"Checked\",\"version\":\"1\",\"offers\":[]}"
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) { give_up(work, reply); }

#include "entry.h"
