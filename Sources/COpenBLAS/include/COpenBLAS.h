// What LinearAlgebra calls of OpenBLAS: CBLAS, and LAPACK without a header of its own. The library is opened at the first
// call and not linked, because its start costs what a whole comparison may take: 30 ms of a core for threads that nobody
// asked for, and 3 ms for the loader. Integers are 32 bits (LP64 builds). LAPACK's matrices are column-major;
// characters are passed without their hidden length, which these routines do not read.
#ifndef UNMASK_COPENBLAS_H
#define UNMASK_COPENBLAS_H

// CBLAS' codes.
enum { OB_ROW_MAJOR = 101, OB_NO_TRANSPOSE = 111, OB_TRANSPOSE = 112, OB_LOWER = 122 };

// The routines, each as in the library of its name.
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

// The routines, on the calling thread alone; opened once, by whichever thread is first. NULL when the library or one of them cannot be
// found: then ob_problem says why. Takes 3 to 10 ms at the first call.
const ob_routines *ob_open(void);

// Why ob_open returned NULL, in the words of dlerror(3); valid for as long as the process lives.
const char *ob_problem(void);

#endif
