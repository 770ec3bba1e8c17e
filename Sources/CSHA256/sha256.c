#include "CSHA256.h"

#include <stdlib.h>

#ifdef __APPLE__

#include <CommonCrypto/CommonDigest.h>

struct sha256_context {
  CC_SHA256_CTX state;
};

const char *sha256_open(void) { return NULL; }

sha256_context *sha256_new(void) {
  sha256_context *context = malloc(sizeof *context);
  if (context) CC_SHA256_Init(&context->state);
  return context;
}

void sha256_update(sha256_context *context, const void *bytes, size_t count) {
  // CommonCrypto counts in 32 bits.
  const size_t most = (size_t)1 << 30;
  for (const unsigned char *next = bytes; count > 0;) {
    size_t part = count < most ? count : most;
    CC_SHA256_Update(&context->state, next, (CC_LONG)part);
    next += part;
    count -= part;
  }
}

void sha256_finish(sha256_context *context, unsigned char *digest) {
  CC_SHA256_Final(digest, &context->state);
  free(context);
}

#else

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

// OpenSSL's names. The context is an EVP_MD_CTX.
static struct {
  void *(*new_context)(void);
  void (*free_context)(void *context);
  const void *(*sha256)(void);
  int (*init)(void *context, const void *type, void *engine);
  int (*update)(void *context, const void *bytes, size_t count);
  int (*final)(void *context, unsigned char *digest, unsigned *size);
} openssl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;

// ISO C has no conversion from what dlsym gives to a function.
static void find(void *library, const char *name, void *function) {
  void *found = dlsym(library, name);
  if (!found) failure = "libcrypto lacks a function of OpenSSL 1.1 and later; install libssl3 (Debian, Ubuntu)";
  memcpy(function, &found, sizeof found);
}

static void open_library(void) {
  static const char *const names[] = {"libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so"};
  void *library = NULL;
  for (size_t i = 0; !library && i < sizeof names / sizeof *names; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    failure = "OpenSSL's libcrypto was not found; install libssl3 (Debian, Ubuntu) or openssl-libs (Fedora)";
    return;
  }
  find(library, "EVP_MD_CTX_new", &openssl.new_context);
  find(library, "EVP_MD_CTX_free", &openssl.free_context);
  find(library, "EVP_sha256", &openssl.sha256);
  find(library, "EVP_DigestInit_ex", &openssl.init);
  find(library, "EVP_DigestUpdate", &openssl.update);
  find(library, "EVP_DigestFinal_ex", &openssl.final);
}

const char *sha256_open(void) {
  pthread_once(&once, open_library);
  return failure;
}

sha256_context *sha256_new(void) {
  if (sha256_open()) return NULL;
  void *context = openssl.new_context();
  if (context && openssl.init(context, openssl.sha256(), NULL) == 1) return context;
  openssl.free_context(context);
  return NULL;
}

void sha256_update(sha256_context *context, const void *bytes, size_t count) { openssl.update(context, bytes, count); }

void sha256_finish(sha256_context *context, unsigned char *digest) {
  openssl.final(context, digest, NULL);
  openssl.free_context(context);
}

#endif
