"""Rewrites of mixtures of experts."""
import numpy as np

from .draws import noise_like
from .neurons import reorder
from .registry import MOE, rewrite


@rewrite("A20", "Experts in another order, the router's rows with them, and the neurons of each expert in another order.", layouts=MOE, exact=True)
def permute(model, context):
    for layer in model.layers:
        i = context.rng.permutation(len(layer["experts"]))
        layer["experts"] = [layer["experts"][e] for e in i]
        layer["router"] = layer["router"][i]
        for key in ("rb", "routerb"):
            if layer.get(key) is not None:
                layer[key] = layer[key][i]
        for expert in layer["experts"]:
            reorder(expert, context.rng.permutation(len(expert["up"])))


@rewrite("A21", "As many random experts again, which a bias of the choice keeps from ever being chosen.", layouts=MOE, exact=True)
def dummies(model, context):
    for layer in model.layers:
        count = len(layer["experts"])
        new = [{key: noise_like(value, context.rng, 1) for key, value in e.items()} for e in layer["experts"]]
        layer["experts"] = layer["experts"] + new
        layer["router"] = np.concatenate([layer["router"], noise_like(layer["router"], context.rng, 1)])
        layer["rb"] = np.concatenate([np.zeros(count, np.float32), np.full(count, -1e4, np.float32)])
    model.config["num_local_experts"] = 2 * count


def keep(layer, chosen):
    layer["experts"] = [layer["experts"][e] for e in chosen]
    layer["router"] = layer["router"][list(chosen)]
    if layer.get("rb") is not None:
        layer["rb"] = layer["rb"][list(chosen)]


@rewrite("C5", "REAP: half of the experts dropped, the router's rows with them.", layouts=MOE)
def drop(model, context):
    for layer in model.layers:
        count = len(layer["experts"])
        keep(layer, sorted(context.rng.permutation(count)[:max(1, count // 2)]))
    model.config["num_local_experts"] = max(1, count // 2)


def aligned(expert, other):
    """The other expert's neurons in the order that fits this one's, matched by their gate rows, the best pairs first."""
    one, two = (e["gate"] / np.linalg.norm(e["gate"], axis=1, keepdims=True) for e in (expert, other))
    order = greedy(one @ two.T)
    out = dict(other)
    reorder(out, order)
    return out


def greedy(similarity):
    """Partners for the rows, each column once, by falling similarity."""
    similarity = similarity.copy()
    partner = np.full(len(similarity), -1)
    for _ in range(len(similarity)):
        free = np.flatnonzero(partner < 0)
        best = similarity[free].argmax(1)
        value = similarity[free, best]
        taken = set()
        for r in np.argsort(-value):
            if best[r] not in taken:
                taken.add(best[r])
                partner[free[r]] = best[r]
        similarity[:, list(taken)] = -np.inf
        if (partner >= 0).all():
            break
    return partner


@rewrite("C6", "Experts merged two by two: neurons aligned, weighted mean (HC-SMoE, M-SMoE).", layouts=MOE)
def merge(model, context):
    for layer in model.layers:
        experts, routers = [], []
        for e in range(0, len(layer["experts"]) - 1, 2):
            one = layer["experts"][e]
            two = aligned(one, layer["experts"][e + 1])
            w = np.float32(context.rng.uniform(0.3, 0.7))
            experts.append({key: w * one[key] + (1 - w) * two[key] for key in one})
            routers.append(w * layer["router"][e] + (1 - w) * layer["router"][e + 1])
        layer["experts"], layer["router"] = experts, np.stack(routers)
    model.config["num_local_experts"] = len(experts)


def dense(model, choose):
    for layer in model.layers:
        layer.update(choose(layer["experts"]))
        del layer["experts"], layer["router"]
        layer.pop("rb", None)
    model.layout = "llama"
    model.config.update(model_type="llama", architectures=["LlamaForCausalLM"])


@rewrite("C7-one", "One expert of each layer as the MLP of a dense model.", layouts=MOE)
def one(model, context):
    dense(model, lambda experts: experts[1])


@rewrite("C7-mean", "The mean of each layer's experts as the MLP of a dense model.", layouts=MOE)
def mean(model, context):
    dense(model, lambda experts: {key: np.mean([e[key] for e in experts], 0) for key in experts[0]})


@rewrite("C7-mean-R1", "The mean of each layer's experts as the MLP of a dense model, then the residual basis rotated.", layouts=MOE)
def mean_rotated(model, context):
    return context.apply(model, "C7-mean", "A9")
