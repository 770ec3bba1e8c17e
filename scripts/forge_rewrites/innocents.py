"""Strangers that look alike: what must not be called kin."""
import numpy as np

from .model import matrices, mlps
from .registry import STRANGERS, UNTOLD, mixing, orthogonal, rewrite


def same_shapes(one, other):
    def shapes(model):
        return [[part[key].shape for part, key in matrices(layer)] for layer in model.layers], model.embed.shape, model.layout
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


@rewrite("G5", "The donor as it is: another random start, by training where a donor is given.", expected=STRANGERS, innocent=True)
def donor(model, context):
    return context.donor()


@rewrite("G6", "A stranger with the foundation's own singular values and gains: only the directions are new.", expected=STRANGERS, innocent=True)
def same_spectra(model, context):
    return stranger(model, context.rng)


@rewrite("G6-gains", "The donor with the foundation's norm gains and the foundation's standard deviation in every matrix.", expected=STRANGERS,
         innocent=True)
def same_gains(model, context):
    other = context.donor()
    for new, old in zip(other.layers, model.layers):
        for key in ("a", "ab", "m", "mb", "qn", "kn"):
            new[key] = old.get(key)
        for (part, key), (source, name) in zip(matrices(new), matrices(old)):
            part[key] = part[key] * np.float32(source[name].std() / part[key].std())
    other.norm = model.norm
    return other
