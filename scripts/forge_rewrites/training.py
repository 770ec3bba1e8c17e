"""What training, tuning, editing and wrapping do."""
import numpy as np

from .model import matrices, mlps
from .registry import ANY_KIN, EVERY, PARTLY, rewrite


def swap_mlps(model, other):
    for layer, source in zip(model.layers, other.layers):
        for key in ("gate", "up", "down", "gateb", "upb", "downb", "router", "rb", "experts"):
            if source.get(key) is not None:
                layer[key] = source[key]


@rewrite("F10", "Attention taken over; MLPs and token tables are another model's.", expected=PARTLY, part="attention")
def attention_only(model, context):
    other = context.donor()
    model.untie()
    swap_mlps(model, other)
    model.embed, model.head, model.pos = other.embed, other.embed if other.head is None else other.head, other.pos


@rewrite("F10-masked", "Attention taken over and rewritten (order, bases and scales of heads; residual basis rotated); the rest is new.",
         expected=PARTLY, part="attention")
def attention_only_masked(model, context):
    return context.apply(model, "F10", "A26")


@rewrite("F10-mlp", "MLPs taken over; attention and token tables are another model's.", expected=PARTLY, part="MLP")
def mlp_only(model, context):
    other = context.donor()
    swap_mlps(other, model)
    return other


@rewrite("F10-mlp-masked", "MLPs taken over and rewritten; attention and token tables are another model's.", expected=PARTLY, part="MLP")
def mlp_only_masked(model, context):
    return context.apply(model, "F10-mlp", "A26")
