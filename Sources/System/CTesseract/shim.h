#ifndef UCAPTCHA_CTESSERACT_H
#define UCAPTCHA_CTESSERACT_H

#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#endif
