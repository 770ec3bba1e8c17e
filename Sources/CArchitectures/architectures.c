#include "CArchitectures.h"

// Clang has #embed in every mode of C, and says so when asked for pedantry.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char text[] = {
#embed "../ModelAnatomy/Architectures/architectures.txt"
};

const unsigned char *architectures_text(void) { return text; }
size_t architectures_length(void) { return sizeof text; }
