#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE  // for dladdr
#endif
#include "CProgramFacts.h"

#include <dlfcn.h>
#include <string.h>

#include "COpenBLAS.h"

// scripts/build writes commit.h, so that a new commit compiles this file again and nothing else.
#if __has_include("commit.h")
#include "commit.h"
#endif
#ifndef UNMASK_COMMIT
#define UNMASK_COMMIT ""
#endif

const char *pf_commit(void) { return UNMASK_COMMIT; }

const char *pf_openblas(void) {
  const ob_routines *routines = ob_open();
  if (!routines) return "";
  // The file that a routine is in is the library that ob_open chose; it is open already, and stays so.
  void *routine = NULL;
  memcpy(&routine, &routines->sgemm, sizeof routine);
  Dl_info info;
  if (!dladdr(routine, &info) || !info.dli_fname) return "";
  void *library = dlopen(info.dli_fname, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
  if (!library) return "";
  void *found = dlsym(library, "openblas_get_config");
  if (!found) found = dlsym(library, "scipy_openblas_get_config");
  if (!found) return "";
  const char *(*configuration)(void) = NULL;
  memcpy(&configuration, &found, sizeof found);
  const char *text = configuration();
  return text ? text : "";
}
