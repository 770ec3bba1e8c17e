// The OpenBLAS routines that LinearAlgebra calls: CBLAS, and LAPACK without its header. The library is opened at the first
// call and not linked, because its start can cost as much as a whole comparison: 30 ms of a core for unneeded threads, and
// 3 ms for the loader. Integers are 32 bits (LP64 builds). LAPACK's matrices are column-major;
// characters are passed without their hidden length, which these routines do not read.
#ifndef UNMASK_COPENBLAS_H
#define UNMASK_COPENBLAS_H

// CBLAS' codes.
enum { OB_ROW_MAJOR = 101, OB_NO_TRANSPOSE = 111, OB_TRANSPOSE = 112, OB_LOWER = 122 };

// The routines; each has its name in the library.
typedef struct {
  void (*sgemm)(
      int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda, const float *b,
      int ldb, float beta, float *c, int ldc);
  void (*ssyrk)(
      int order, int triangle, int transpose, int n, int k, float alpha, const float *a, int lda, float beta, float *c, int ldc);
  void (*dsyrk)(
      int order, int triangle, int transpose, int n, int k, double alpha, const double *a, int lda, double beta, double *c,
      int ldc);
  // Eigenvalues and eigenvectors of a symmetric matrix, by divide and conquer.
  void (*dsyevd)(
      const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work, const int *lwork,
      int *iwork, const int *liwork, int *info);
  // Singular value decomposition, by divide and conquer.
  void (*dgesdd)(
      const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s, double *u, const int *ldu, double *vt,
      const int *ldvt, double *work, const int *lwork, int *iwork, int *info);
} ob_routines;

// Sets the environment variables that OpenBLAS reads when it is loaded: no OpenBLAS threads (OPENBLAS_NUM_THREADS, replaced)
// and AVX-512 kernels if the processor has AVX-512 (OPENBLAS_CORETYPE, kept if set). Call it in a program's main function, before
// it starts a thread and before ob_open: setenv is undefined during a getenv of another thread. A program that does not call it
// gets the same results on one thread; only the start of the library, and on some processors its products, take longer.
void ob_prepare_environment(void);

// The routines; they run only on the calling thread. The first calling thread opens the library, once: the one at the path in the
// environment variable UNMASK_OPENBLAS if it is there, otherwise the system's. Both may be a build of scipy-openblas32. NULL when the library or
// a routine cannot be found: then ob_problem gives the reason. Takes 3 to 10 ms at the first call.
const ob_routines *ob_open(void);

// The reason why ob_open returned NULL, as the message of dlerror(3); valid until the process ends.
const char *ob_problem(void);

#endif
