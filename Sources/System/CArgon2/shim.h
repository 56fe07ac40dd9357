#ifndef UCAPTCHA_CARGON2_H
#define UCAPTCHA_CARGON2_H

#include <argon2.h>

#endif
