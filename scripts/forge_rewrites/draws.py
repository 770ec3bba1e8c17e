"""Random matrices and updates."""
import numpy as np


def near(x, rng, level=0.3):
    return x + (rng.standard_normal(x.shape) * level * np.sqrt((x ** 2).mean())).astype(np.float32)


def normal(rng, *shape, sd=0.02):
    return (rng.standard_normal(shape) * sd).astype(np.float32)


def noise_like(x, rng, times):
    return (rng.standard_normal(x.shape) * times * np.sqrt((x ** 2).mean())).astype(np.float32)


def low_rank(x, rng, rank, level):
    """A random update of some rank, `level` times the matrix's norm."""
    rank = min(rank, *x.shape)
    delta = rng.standard_normal((x.shape[0], rank)).astype(np.float32) @ rng.standard_normal((rank, x.shape[1])).astype(np.float32)
    return delta * np.float32(level * np.linalg.norm(x) / max(np.linalg.norm(delta), 1e-30))
