// The bytes of Sources/ModelAnatomy/Architectures/architectures.txt, the table of architectures.
//
// C embeds the file (#embed, C23) without cost. SwiftPM's .embedInCode writes an array literal, whose 60,000 numbers take the Swift
// compiler ten seconds.
#ifndef CARCHITECTURES_H
#define CARCHITECTURES_H

#include <stddef.h>

/// The first byte of the text, which lives as long as the program.
const unsigned char *architectures_text(void);
/// Bytes of the text.
size_t architectures_length(void);

#endif
