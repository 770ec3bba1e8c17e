// SHA-256 by the system's own library, which uses the processor's instructions for it: OpenSSL's libcrypto on Linux, CommonCrypto
// on Apple's systems. libcrypto is opened at the first call and not linked, because loading it takes longer than most commands.
#ifndef UNMASK_CSHA256_H
#define UNMASK_CSHA256_H

#include <stddef.h>

// A hash that is being computed. Owned by one thread at a time.
typedef struct sha256_context sha256_context;

// Opens the library, if it is not open yet. Returns NULL, or why it could not be opened (a static string, never freed).
const char *sha256_open(void);

// A new hash of no bytes, or NULL when the library cannot be opened or memory has run out. Freed by sha256_finish.
sha256_context *sha256_new(void);

// Adds `count` bytes to the hash.
void sha256_update(sha256_context *context, const void *bytes, size_t count);

// Writes the 32 bytes of the hash and frees the context.
void sha256_finish(sha256_context *context, unsigned char *digest);

#endif
