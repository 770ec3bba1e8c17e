"""Models without kinship to another one, of its shapes."""
import numpy as np

from .model import matrices
from .registry import kind, mixing


def same_shapes(one, other):
    """Whether one can stand in for the other: the same kind, matrices of the same shapes, a head of its own in both or in neither."""
    def shapes(model):
        return ([[part[key].shape for part, key in matrices(layer)] for layer in model.layers], model.embed.shape, model.head is None, kind(model),
                model.heads, model.kv)
    return shapes(one) == shapes(other)


def turned(x, rng):
    """A matrix of the same singular values with random directions."""
    return mixing(mixing(x, rng, 0), rng, 1).astype(np.float32)


def stranger(model, rng):
    """An unrelated model with the spectra, gains and biases' sizes of this one."""
    model = model.copy()
    for name in ("embed", "head", "pos"):
        if getattr(model, name) is not None:
            setattr(model, name, turned(getattr(model, name), rng))
    for layer in model.layers:
        for part, key in matrices(layer):
            part[key] = turned(part[key], rng)
        for part in [layer, *layer.get("experts", [])]:
            for key in ("qb", "kb", "vb", "ob", "gateb", "upb", "downb"):
                if part.get(key) is not None:
                    part[key] = part[key][rng.permutation(len(part[key]))]
    return model
