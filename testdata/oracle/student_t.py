"""Writes student_t.json: log10 P(T > t) to 17 digits.

Up to 1000 degrees of freedom from the regularised incomplete beta function, beyond (where its series is slow) by
integrating the density; at 60 digits, or as many as the smallness of the probability needs.
Usage: python3 student_t.py > student_t.json   (mpmath 1.3)
"""
import json
import sys

import mpmath
from mpmath import mpf


def by_beta(t, nu):
    return mpmath.betainc(nu / 2, mpf(1) / 2, 0, nu / (nu + t * t), regularized=True) / 2


def by_integral(t, nu):
    constant = mpmath.loggamma((nu + 1) / 2) - mpmath.loggamma(nu / 2) - mpmath.log(mpmath.pi * nu) / 2
    def density(s):
        return mpmath.exp(-(nu + 1) / 2 * (mpmath.log1p(s * s / nu) - mpmath.log1p(t * t / nu)))
    width = 1 / (1 + t * (nu + 1) / (nu + t * t))
    whole = mpmath.quad(density, [t] + [t + width * k for k in (1, 3, 8, 20, 60, 200)])
    return whole * mpmath.exp(constant - (nu + 1) / 2 * mpmath.log1p(t * t / nu))


def log10_tail(t, freedom):
    mpmath.mp.dps = 60
    nu, x = mpf(freedom), abs(mpf(t))
    p = mpf(1) / 2 if x == 0 else (by_beta if freedom <= 1000 else by_integral)(x, nu)
    return float(mpmath.log10(p if t >= 0 else 1 - p))


student = [{"t": t, "degrees": freedom, "log10_p": log10_tail(t, freedom)}
           for freedom in (0.5, 1, 2, 3.7, 7, 15, 31, 100, 400.5, 1e4, 1e6, 1e9)
           for t in (0, 1e-6, 0.1, 0.5, 1, 1.7320508, 2, 3.5, 6, 10, 25, 60, 200, 1e3, -0.5, -3, -12)]
mpmath.mp.dps = 60
normal = [{"z": z, "log10_p": float(mpmath.log10(mpmath.erfc(mpf(z) / mpmath.sqrt(2)) / 2))}
          for z in (0, 0.5, 1, 3, 6, 10, 38, 60, 500, -1, -6)]
json.dump({"mpmath": mpmath.__version__, "student": student, "normal": normal}, sys.stdout, indent=1)
print()
