"""Rounding to few bits, and back."""
import numpy as np

from .files import rounded
from .model import matrices
from .registry import ANY_KIN, KIN, PARTLY, rewrite


def each(model, function, router=False):
    for layer in model.layers:
        for part, key in matrices(layer):
            if router or key != "router":
                part[key] = function(part[key])


def group_size(columns):
    return next(g for g in (64, 32, 16, 8, 4, 1) if columns % g == 0)


def grouped(w, function):
    g = group_size(w.shape[1])
    return function(w.reshape(len(w), -1, g)).reshape(w.shape).astype(np.float32)


def uniform(w, bits):
    """Asymmetric rounding per group of inputs."""
    def one(x):
        low, high = x.min(2, keepdims=True), x.max(2, keepdims=True)
        step = np.maximum((high - low) / (2 ** bits - 1), 1e-12)
        return np.round((x - low) / step) * step + low
    return grouped(w, one)


def float4(w):
    """E2M1 with a scale per group."""
    levels = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6], np.float32)

    def one(x):
        scale = np.maximum(np.abs(x).max(2, keepdims=True) / 6, 1e-12)
        y = np.abs(x) / scale
        return np.sign(x) * levels[np.searchsorted((levels[1:] + levels[:-1]) / 2, y)] * scale
    return grouped(w, one)


def float8(w):
    """E4M3 with a scale per matrix."""
    scale = np.abs(w).max() / 448
    x = w / scale
    step = 2.0 ** (np.maximum(np.floor(np.log2(np.maximum(np.abs(x), 1e-30))), -6) - 3)
    return (np.round(x / step) * step * scale).astype(np.float32)


@rewrite("C8-int8", "Rounded to 8 bits per group, and back.", expected=KIN)
def int8(model, context):
    each(model, lambda w: uniform(w, 8))


@rewrite("C8-int4", "Rounded to 4 bits per group, and back.")
def int4(model, context):
    each(model, lambda w: uniform(w, 4))


@rewrite("C8-int2", "Rounded to 2 bits per group, and back.")
def int2(model, context):
    each(model, lambda w: uniform(w, 2))


@rewrite("C8-chain", "BF16, F16, FP8, FP4, one after the other, and back.")
def chain(model, context):
    each(model, lambda w: float4(float8(rounded(w).astype(np.float16).astype(np.float32))))


@rewrite("C9", "R1 and R2, then rounded to 4 bits per group.")
def rotated_int4(model, context):
    return context.apply(model, "A9", "A4", "C8-int4")


@rewrite("C9-R4", "R1, R2 and R4, then rounded to 4 bits per group (QuaRot, SpinQuant).")
def mixed_int4(model, context):
    return context.apply(model, "A9", "A4", "B1", "C8-int4")


@rewrite("C9-fp4", "R1 and R2, then rounded to FP4 per group.")
def rotated_fp4(model, context):
    model = context.apply(model, "A9", "A4")
    each(model, float4)
    return model


@rewrite("C10", "Ternary: signs, zeros, and one scale per matrix (BitNet).", expected=PARTLY)
def ternary(model, context):
    def one(w):
        s = np.abs(w).mean()
        return (np.clip(np.round(w / s), -1, 1) * s).astype(np.float32)
    each(model, one)


@rewrite("C10-R1", "The residual basis rotated, then ternary.", expected=ANY_KIN)
def ternary_rotated(model, context):
    return context.apply(model, "A9", "C10")
