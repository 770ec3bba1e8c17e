// What LinearAlgebra calls: CBLAS, and the LAPACK routines that OpenBLAS brings along without a header of its own.
// Integers are 32 bits (LP64 builds). LAPACK's matrices are column-major; characters are passed without their hidden length,
// which these routines do not read.
#ifndef UNMASK_COPENBLAS_SHIM_H
#define UNMASK_COPENBLAS_SHIM_H

#include <cblas.h>

// Eigenvalues and eigenvectors of a symmetric matrix, by divide and conquer.
void dsyevd_(
    const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work, const int *lwork,
    int *iwork, const int *liwork, int *info);
// Singular value decomposition, by divide and conquer.
void dgesdd_(
    const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s, double *u, const int *ldu, double *vt,
    const int *ldvt, double *work, const int *lwork, int *iwork, int *info);

#endif
