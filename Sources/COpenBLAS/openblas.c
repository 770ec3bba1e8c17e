#include "COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ob_routines routines;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const char *const places[] = {
#ifdef __APPLE__
    "libopenblas.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib", "/usr/local/opt/openblas/lib/libopenblas.dylib",
#else
    "libopenblas.so.0", "libopenblas.so",
#endif
};

// The reason why the library cannot be used; empty if it can be used.
static char problem[512];

// The names of all functions begin with it: empty, or "scipy_" in the builds of the Python package scipy-openblas32.
static const char *prefix = "";

// Finds a function of the library; ISO C has no conversion from the result of dlsym. Sets `problem` and returns 0 on failure.
static int find(void *library, const char *name, void *function) {
  char whole[64];
  snprintf(whole, sizeof whole, "%s%s", prefix, name);
  void *found = dlsym(library, whole);
  if (!found) {
    snprintf(problem, sizeof problem, "%s", dlerror());
    return 0;
  }
  memcpy(function, &found, sizeof found);
  return 1;
}

// OPENBLAS_NUM_THREADS: starting OpenBLAS threads costs 30 ms of a core. OPENBLAS_CORETYPE: releases older than the
// processor treat it as a Haswell, with half the speed of their AVX-512 kernels.
void ob_prepare_environment(void) {
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
#endif
}

static void open_library(void) {
  // Only main changes the environment, before any thread starts.
  const char *given = getenv("UNMASK_OPENBLAS");
  void *library = given && *given ? dlopen(given, RTLD_NOW | RTLD_LOCAL) : NULL;
  for (size_t i = 0; !library && i < sizeof places / sizeof *places; i++) library = dlopen(places[i], RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(problem, sizeof problem, "%s", dlerror());
    return;
  }
  if (!dlsym(library, "openblas_set_num_threads")) prefix = "scipy_";
  void (*set_threads)(int);
  if (!find(library, "openblas_set_num_threads", &set_threads)) return;
  set_threads(1);
  (void)(find(library, "cblas_sgemm", &routines.sgemm) && find(library, "cblas_ssyrk", &routines.ssyrk) &&
         find(library, "cblas_dsyrk", &routines.dsyrk) && find(library, "dsyevd_", &routines.dsyevd) &&
         find(library, "dgesdd_", &routines.dgesdd));
}

const ob_routines *ob_open(void) {
  pthread_once(&once, open_library);
  return problem[0] ? NULL : &routines;
}

const char *ob_problem(void) { return problem; }
