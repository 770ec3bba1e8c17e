// The pair pass for one type on the left (CK_A) and all three on the right. The product of two narrow numbers (f16,
// bf16: at most 22 bits) is exact in f32, so fusing its addition changes no bit and is done if the set supports it.
#if CK_A_NARROW
#define CK_ADD_AA(p, sum) CK_FUSED(p, p, sum)
#else
#define CK_ADD_AA(p, sum) ((p) * (p) + (sum))
#endif

#define CK_B f32
#define CK_BYTES_B 64
#define CK_BOTH_BF16 0
#define CK_ADD_AB(p, q, sum) ((p) * (q) + (sum))
#define CK_ADD_BB(q, sum) ((q) * (q) + (sum))
#include "pairs.h"
#undef CK_B
#undef CK_BYTES_B
#undef CK_ADD_AB
#undef CK_ADD_BB

#if CK_A_NARROW
#define CK_ADD_AB(p, q, sum) CK_FUSED(p, q, sum)
#else
#define CK_ADD_AB(p, q, sum) ((p) * (q) + (sum))
#endif
#define CK_ADD_BB(q, sum) CK_FUSED(q, q, sum)
#define CK_BYTES_B 32
#define CK_B f16
#include "pairs.h"
#undef CK_B
#undef CK_BOTH_BF16
#define CK_B bf16
#define CK_BOTH_BF16 CK_A_BF16
#include "pairs.h"
#undef CK_B
#undef CK_BYTES_B
#undef CK_BOTH_BF16
#undef CK_ADD_AA
#undef CK_ADD_AB
#undef CK_ADD_BB
