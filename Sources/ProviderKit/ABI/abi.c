#include "ucaptcha_provider.h"

/*
 * Two builds of one Swift toolchain share the compiler's version text, which carries its commit. It stands in a section
 * of its own so that a host can read it from the file, before any code of the file runs.
 */
__attribute__((used, retain, section(UCAPTCHA_TOOLCHAIN_SECTION))) static const char toolchain_mark[] = __VERSION__;

const char *ucaptcha_toolchain(void) { return toolchain_mark; }

_Static_assert(sizeof(ucaptcha_bytes) == 2 * sizeof(void *), "the layout of ucaptcha_bytes is part of the contract");
_Static_assert(sizeof(ucaptcha_host) == 4 * sizeof(void *), "the layout of ucaptcha_host is part of the contract");
_Static_assert(sizeof(ucaptcha_plugin) == 5 * sizeof(void *), "the layout of ucaptcha_plugin is part of the contract");
