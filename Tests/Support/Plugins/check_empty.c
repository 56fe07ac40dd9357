/* Has no operation at all. */
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) { give_up(work, reply); }

static const void *nothing(const char *id) { return (void)id, NULL; }

#define PLUGIN_ABILITY nothing
#include "entry.h"
