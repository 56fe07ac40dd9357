/* Its entry returns nothing. */
#include "ucaptcha_provider.h"

const ucaptcha_plugin *ucaptcha_provider_v1(void) { return NULL; }
