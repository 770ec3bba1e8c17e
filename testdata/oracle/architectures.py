#!/usr/bin/env python3
"""Tiny checkpoints of every architecture: names, shapes, and which stored rows make up which weight.

    python3 testdata/oracle/architectures.py path/to/architectures.json > testdata/architectures.json

Written from the templates and recipes of architectures.json with the sizes of a made-up config, without looking at unmask's table or at its code;
numpy does the reshapes. A case is one checkpoint: `[name, shape, parts, is an offset gain]` for each tensor, where a part is
`[role, layer, expert, slice of the stack, transposed, stored rows, gain, gain is an offset]`: rows as "0-7,24-31", "" for all; the gain by its
place among the tensors; what is missing at the end of a part is null, 0 or "".
"""
import json
import re
import sys

import numpy as np

S = dict(h=32, H=4, KV=2, D=8, I=52, V=40, E=3, F=20, S=24, L=2, RKV=12, RQ=10, DN=6, DR=4, DV=5, NK=2, NV=4, DK=8, INNER=64, R=3, N=5, G=1, NH=4,
         P=6, W=36)
RANK_ONE = {"q": "q_proj", "k": "k_proj", "v": "v_proj", "gate": "gate_proj", "up": "up_proj", "z": "z_proj", "b": "b_proj", "a": "a_proj",
            "q_gate": "q_gate_proj"}
PARTS = {"mla_kv_a": {"kv_latent": "kv_a_proj.latent", "k_rope": "kv_a_proj.rope"}, "mla_kv_b": {"k_nope": "kv_b_proj.k", "v": "kv_b_proj.v"},
         "mamba_in": {"x": "ssm.in_proj.x", "z": "ssm.in_proj.z"}, "mamba_x": {k: "ssm.x_proj." + k for k in ("dt", "B", "C")},
         "mamba2_in": {k: "ssm.in_proj." + k for k in "z x B C dt".split()}}
# Roles by the table's words. What is not here keeps its word.
WORDS = {
    "embed.token": "embed_tokens", "embed.position": "embed_positions", "embed.token_type": "embed_token_types", "embed.norm": "embed_norm",
    "embed.mask": "embed.mask_token", "embed.patch": "embed_patches", "embed.per_layer": "embed_tokens_per_layer",
    "embed.project_in": "embed_project_in", "embed.project_out": "embed_project_out", "embed.register": "embed.register_tokens",
    "embed.rel_bias": "relative_attention_bias", "rel_bias": "relative_attention_bias", "cross_rel_bias": "cross_relative_attention_bias",
    "embed.rel_norm": "relative_norm", "attn.q_norm": "q_norm", "attn.k_norm": "k_norm", "attn.q_a_norm": "q_a_norm", "attn.kv_a_norm": "kv_a_norm",
    "attn.sinks": "sinks", "moe.router": "router", "moe.router_bias": "router.score_correction", "moe.shared_gate": "shared_expert_gate",
    "moe.expert.gate_up_bias": "gate_up_proj.bias", "moe.expert.down_bias": "down_proj.bias",
    "norm.attn_in": "input_norm", "norm.attn_mlp_in": "input_norm", "norm.mlp_in": "post_attention_norm", "norm.attn_out": "attention_output_norm",
    "norm.mlp_out": "mlp_output_norm", "norm.attn": "attention_norm", "norm.mlp": "mlp_norm", "norm.cross": "cross_norm", "norm.cross_in": "cross_norm",
    "norm.per_layer": "per_layer.post_norm", "layer_scale.attn": "attention_scale", "layer_scale.mlp": "mlp_scale",
    "mtp.embed": "mtp.embed_tokens", "mtp.norm": "mtp.final_norm", "mtp.head": "mtp.lm_head", "mlm.transform": "mlm_transform", "mlm.norm": "mlm_norm",
    "rec.conv": "recurrent.conv",
}
LEAVES = {"embed.cls": "embed.{}", "mlp.act_param": "activation.{}", "rec.lru": "recurrent.{}", "audio.conv": "audio.{}", "logit_scale": "{}",
          "projector.mlp": "projector.{}"}
PROJECTIONS = ("attn.", "mlp.", "moe.expert.", "cross.", "linear_attn.", "ssm.", "conv.", "rec.", "pooler.", "moe.shared.")


def word_of(role, stem):
    """The canonical role of a word of the table, for a module of this path."""
    for side in ("encoder.", "decoder."):
        if role.startswith(side):
            return side + word_of(role[len(side):], stem)
    leaf = [c for c in stem.split(".") if not c.isdigit()][-1]
    if role in LEAVES:
        return LEAVES[role].format(leaf)
    if role == "rwkv.time":
        return "rwkv." + ".".join(stem.split(".")[-2:])
    if role == "classifier":
        return "classifier." + leaf if stem.startswith("classifier.") else leaf
    if role == "pooler" and leaf == "probe":
        return "pooler.probe"
    if role == "ssm.norm" and leaf != "norm":
        return "ssm." + leaf
    if role in ("altup.proj", "altup.unembed", "merger.mlp") or ".norms." in stem:
        return WORDS.get(role, role) + "." + stem.split(".")[-1]
    if role in WORDS:
        return WORDS[role]
    for front in PROJECTIONS:
        if role.startswith(front) and role[len(front):] in (
                "q k v o qkv gate up down gate_up q_a q_b kv_a kv_b pos_k pos_q receptance kv qkvz ba z a b in out x dt y").split():
            kept = {"cross.": "cross_", "linear_attn.": "linear_attn.", "ssm.": "ssm.", "conv.": "conv.", "rec.": "recurrent.", "pooler.": "pooler.",
                    "moe.shared.": "shared_expert."}.get(front, "")
            return kept + role[len(front):] + "_proj"
    return role


def runs(rows, total):
    rows = [int(r) for r in rows]
    if rows == list(range(total)):
        return ""
    found, i = [], 0
    while i < len(rows):
        j = i
        while j + 1 < len(rows) and rows[j + 1] == rows[j] + 1:
            j += 1
        found.append(f"{rows[i]}-{rows[j]}")
        i = j + 1
    return ",".join(found)


def cut(recipe, rows, s, recipes):
    """Parts of a fused tensor: name and stored rows."""
    facts = recipes[recipe]
    view = [int(eval(e, {}, s)) for e in facts["view"]]
    assert np.prod(view) == rows, (recipe, view, rows)
    array = np.arange(rows).reshape(view)
    for part, (start, stop) in facts["parts"].items():
        a, b = int(eval(start, {}, s)), int(eval(stop, {}, s))
        yield part, np.take(array, np.arange(a, b), axis=facts["dim"]).reshape(-1)


class Case:
    def __init__(self, name, architecture, recipes, skip=(), only=None, sizes=None, config=None, prefix=None, biases=None, layers=(0, 1), mtp=False,
                 recipe=None, dense=False, out_in=False):
        self.name, self.a, self.recipes, self.skip, self.only = name, architecture, recipes, [re.compile(x) for x in skip], only and re.compile(only)
        self.s = dict(S, **(sizes or {}))
        self.prefix = prefix if prefix is not None else (architecture["prefixes"] or [""])[0]
        self.biases, self.layers, self.mtp, self.recipe = biases, layers, mtp, recipe
        self.s.setdefault("HD", self.s["H"] * self.s["D"])
        self.s.setdefault("KD", self.s["KV"] * self.s["D"])
        self.config = config or dict(model_type=architecture["model_types"][0], num_attention_heads=self.s["H"], num_key_value_heads=self.s["KV"],
                                     hidden_size=self.s["h"], head_dim=self.s["D"], num_hidden_layers=len(layers))
        self.dense, self.out_in = dense, out_in

    def wanted(self, template, pattern):
        if any(x.search(template) for x in self.skip) or (self.only and not self.only.search(template)):
            return False
        if pattern["orientation"].startswith("mxfp4") or template.startswith(("language_model.", "model.lm_head")) and "{P}" not in template:
            return False
        if pattern["param"] == "bias":
            is_norm = "norm" in pattern["role"]
            if is_norm and self.a["norm"]["type"].startswith("rms"):
                return False
            if self.biases is not None:
                return bool(re.search(self.biases, template))
            return not self.a["norm"]["type"].startswith("rms")
        return True

    def tensors(self):
        for p in self.a["patterns"]:
            t = p["template"]
            if not self.wanted(t, p):
                continue
            is_mtp = p["role"].startswith("mtp.")
            layers = [None] if "{L}" not in t else [max(self.layers) + 1] if is_mtp else list(self.layers) + ([max(self.layers) + 1] if self.mtp else [])
            if is_mtp and not self.mtp:
                continue
            for L in layers:
                # The first layer is dense, the others hold experts.
                if self.dense and L is not None and re.search(
                        r"expert|mlp\.gate\.|router" if L == 0 else r"(mlp|feed_forward)\.(gate|up|down)_proj", t):
                    continue
                for E in range(self.s["E"]) if "{E}" in t else [None]:
                    for K in ([1, 2] if "linear_{K}" in t else [0, 1]) if "{K}" in t else [None]:
                        name = t.replace("{P}", self.prefix).replace("{L}", str(L)).replace("{E}", str(E)).replace("{K}", str(K)).replace("{G}", "0")
                        yield p, name, L, E

    def shape(self, p, name):
        """Outputs, inputs and whether it is a vector; None for tensors of other ranks, which have their shape instead."""
        s, role = self.s, re.sub(r"^(encoder|decoder)\.", "", p["role"])
        leaf = [""] + name.split(".")
        h = s["h"]
        one = {
            "embed.token": (s["V"], s.get("W0", h)), "embed.position": (16, s.get("W0", h)), "embed.token_type": (2, s.get("W0", h)),
            "embed.per_layer": (s["V"], 2 * s["P"]), "embed.project_in": (h, s.get("W0", 24)), "embed.project_out": (s.get("W0", 24), h),
            "embed.rel_bias": (12, s.get("RB", 4)), "rel_bias": (12, 4), "cross_rel_bias": (12, 4), "attn.q": (s["HD"], h), "attn.k": (s["KD"], h),
            "attn.v": (s["KD"], h), "attn.o": (h, s["HD"]), "attn.q_a": (s["RQ"], h), "attn.q_b": (s["H"] * (s["DN"] + s["DR"]), s["RQ"]),
            "attn.kv_a": (s["RKV"] + s["DR"], h), "attn.kv_b": (s["H"] * (s["DN"] + s["DV"]), s["RKV"]), "attn.pos_k": (s["HD"], h),
            "attn.pos_q": (s["HD"], h), "cross.q": (s["HD"], h), "cross.k": (s["HD"], h), "cross.v": (s["HD"], h), "cross.o": (h, s["HD"]),
            "cross.kv": (2 * s["HD"], h), "mlp.gate": (s["I"], h), "mlp.up": (s["I"], h), "mlp.down": (h, s["I"]), "mlp.gate_up": (2 * s["I"], h),
            "mlp.receptance": (h, h), "moe.expert.gate": (s["F"], h), "moe.expert.up": (s["F"], h), "moe.expert.down": (h, s["F"]),
            "moe.expert.gate_up": (2 * s["F"], h), "moe.expert.gate_up_bias": (2 * s["F"], 1), "moe.expert.down_bias": (h, 1),
            "moe.router": (s["E"], h), "moe.shared.gate": (s["S"], h), "moe.shared.up": (s["S"], h), "moe.shared.down": (h, s["S"]),
            "moe.shared.gate_up": (2 * s["S"], h), "moe.shared_gate": (1, h), "lm_head": (s["V"], s.get("W0", h)), "mtp.eh_proj": (h, 2 * h),
            "mtp.embed": (s["V"], h), "mtp.head": (s["V"], h), "per_layer.gate": (s["P"], h), "per_layer.proj": (h, s["P"]),
            "per_layer.model_proj": (2 * s["P"], h), "altup.proj": (h, h), "altup.unembed": (h, h), "altup.correction": (4, 4), "altup.router": (4, h),
            "altup.prediction": (16, 4), "laurel.left": (6, h), "laurel.right": (h, 6), "rec.x": (s["W"], h), "rec.y": (s["W"], h),
            "rec.out": (h, s["W"]), "conv.in": (3 * h, h), "conv.out": (h, h), "ssm.out": (h, s["INNER"]), "ssm.dt": (s["INNER"], s["R"]),
            "ssm.x": (s["R"] + 2 * s["N"], s["INNER"]), "mlm.transform": (s.get("W0", h), h), "classifier": (2, h), "pooler": (h, h),
            "pooler.qkv": (3 * h, h), "pooler.o": (h, h), "pooler.up": (s["I"], h), "pooler.down": (h, s["I"]), "text_projection": (18, h),
            "visual_projection": (18, h), "merger.mlp": (h, h), "projector.mlp": (h, h), "projector.proj": (h, 28), "projector.merge": (28, 56),
        }
        value = s["NV"] * s["DLV"] if "DLV" in s else 0
        if role.startswith("linear_attn."):
            key = s["NK"] * s["DK"]
            one.update({"linear_attn.qkvz": (2 * key + 2 * value, h), "linear_attn.ba": (2 * s["NV"], h), "linear_attn.qkv": (2 * key + value, h),
                        "linear_attn.z": (value, h), "linear_attn.a": (s["NV"], h), "linear_attn.b": (s["NV"], h), "linear_attn.o": (h, value)})
        if "DLV" not in s and role.startswith("linear_attn."):
            one.update({"linear_attn.qkv": (3 * s["HD"], h), "linear_attn.z": (s["HD"], h), "linear_attn.o": (h, s["HD"])})
        one["ssm.in"] = (2 * s["INNER"] + (2 * s["G"] * s["N"] + s["NH"] if self.a["id"] == "mamba2" else 0), h)
        if role == "attn.qkv":
            recipe = self.recipe or p["fused"]
            one[role] = (s["HD"] + 2 * {"qkv_concat_gqa": s["KD"], "qkv_grouped_kv": s["KD"], "qkv_multi_query": s["D"]}.get(recipe, s["HD"]), h)
        if p.get("fused") == "q_with_gate":
            one[role] = (2 * s["HD"], h)
        if p.get("fused") == "mla_q" and role == "attn.q":
            one[role] = (s["H"] * (s["DN"] + s["DR"]), h)
        if self.a["id"] == "deepseek_mla" and role == "attn.o":
            one[role] = (h, s["H"] * s["DV"])
        vector = {"attn.q_norm": s.get("QN", s["D"]), "attn.k_norm": s.get("KN", s["D"]), "attn.q_a_norm": s["RQ"], "attn.kv_a_norm": s["RKV"],
                  "attn.sinks": s["H"], "moe.router_bias": s["E"], "linear_attn.norm": s.get("DLV", s["HD"]), "linear_attn.A_log": s["NV"],
                  "linear_attn.dt_bias": s["NV"], "ssm.dt_bias": s["NH"], "ssm.D": s["NH"] if self.a["id"] == "mamba2" else s["INNER"],
                  "ssm.A_log": s["NH"], "layer_scalar": 1, "embed.norm": s.get("W0", h), "mlm.norm": s.get("W0", h),
                  "ssm.norm": s["INNER"] if leaf[-2] == "norm" else s["R"] if leaf[-2].startswith("dt") else s["N"], "per_layer.norm": s["P"]}
        conv = {"linear_attn.conv": (2 * s["NK"] * s["DK"] + value, 1, 4), "rec.conv": (s["W"], 1, 4), "conv.conv": (h, 1, 3),
                "ssm.conv": (s["INNER"] + (2 * s["G"] * s["N"] if self.a["id"] == "mamba2" else 0), 1, 4), "audio.conv": (h, 6, 3),
                "embed.patch": (h, 3, 2, 2)}
        if p["orientation"] == "other" or p["orientation"] == "conv" and p["param"] != "bias":
            other = {"buffer": (1, 1, 16, 16), "ssm.A_log": (s["INNER"], s["N"]), "rwkv.time": (1, 1, h), "mlp.act_param": (1,), "logit_scale": (),
                     "lm_head": (1, s["V"]), "embed.cls": (1, 1, h), "embed.mask": (1, h), "embed.register": (1, 4, h), "embed.position": (1, 17, h),
                     "pooler": (1, 1, h), "rec.lru": (4, 9, 9) if "gate_weight" in name else (4, 9) if "gate_bias" in name else (s["W"],)}
            return None, list((conv if p["orientation"] == "conv" else other)[role])
        if p["orientation"] == "vector":
            if role in conv:
                return (conv[role][0], 1), None
            n = vector.get(role) or (one[role][0] if role in one else h)
            if leaf[1] in ("pre_classifier",) or name.startswith("classifier.dense"):
                n = h
            return (n, 1), None
        if role == "classifier" and (leaf[1] == "pre_classifier" or name.startswith("classifier.dense")):
            return (h, h), None
        return one[role], None

    def parts_of(self, p, name, L, E, gains):
        role = word_of(p["role"], name.rsplit(".", 1)[0] if p["param"] in ("weight", "bias") else
                       name.rsplit(".", 1)[0] if name.endswith(("Norm.gamma", "Norm.beta")) else name)
        is_bias = p["param"] == "bias" or name.endswith(("Norm.beta", "predictions.bias", "lm_head.bias", "in_proj_bias", "final_logits_bias"))
        if "copied" in self.name and "embed_tokens" in name:
            role = ("decoder." if "decoder" in name else "encoder.") + role
        is_bias = is_bias or role.endswith(".bias")
        if is_bias and not role.endswith(".bias"):
            role += ".bias"
        layer = L
        if self.a["id"] == "phi_msft" and name.startswith("layers."):
            final = max(self.layers) + 1
            layer = None if p["role"] in ("embed.token", "lm_head") or L == final else L - 1
            if L == final and "norm" in role:
                role = role.replace("input_norm", "final_norm")
        front = ""
        if self.mtp and L == max(self.layers) + 1:
            front, layer, role = "mtp.0.", None, role[4:] if role.startswith("mtp.") else role
        shape, other = self.shape(p, name)
        if other is not None:
            return other, [] if p["role"] == "buffer" else [[front + role, layer, E, None, 0, "", None, 0]]
        rows, columns = shape
        recipe = p.get("fused") and (self.recipe if p["role"] == "attn.qkv" and self.recipe else p["fused"])
        if self.a["id"] == "mistral_consolidated" and role.removesuffix(".bias") in ("q_proj", "k_proj"):
            view = np.arange(rows).reshape(rows // self.s["D"], self.s["D"] // 2, 2)
            cuts = [(role, np.swapaxes(view, 1, 2).reshape(-1))]
        elif recipe and recipe != "experts_rows":
            cuts = []
            s = dict(self.s, DV=self.s["DLV"]) if "DLV" in self.s else self.s
            if p["role"] in ("moe.expert.gate_up", "moe.expert.gate_up_bias"):
                s = dict(s, I=s["F"])
            if p["role"] == "moe.shared.gate_up":
                s = dict(s, I=s["S"])
            for part, index in cut(recipe, rows, s, self.recipes):
                bare = role.removesuffix(".bias")
                named = PARTS.get(recipe, {}).get(part)
                if recipe == "mla_q":
                    named = bare + "." + part[2:]
                if named is None:
                    named = (bare.rsplit(".", 1)[0] + "." if "." in bare else "") + RANK_ONE[part]
                cuts.append((named + (".bias" if is_bias else ""), index))
        else:
            cuts = [(role, np.arange(rows))]
        o = p["orientation"]
        stacked = o.startswith("stack") or o.startswith("rows_expert")
        transposed = int("in_out" in o and not (self.out_in and o == "stack_in_out"))
        inside = [columns, rows] if transposed else [rows, columns]
        if o in ("vector", "stack_vector"):
            inside = [rows]
        stored = ([self.s["E"]] if stacked else []) + inside
        if o.startswith("rows_expert"):
            stored = [self.s["E"] * inside[0], inside[1]]
        parts = []
        for e in range(self.s["E"]) if stacked else [None]:
            for named, index in cuts:
                gain, offset = self.gain(p, front, L, gains)
                parts.append([front + named, layer, e if stacked else E, e, transposed, runs(index, rows), gain if len(inside) > 1 else None, offset])
        return stored, parts

    ATTENTION = ("attn.q", "attn.k", "attn.v", "attn.qkv", "attn.q_a", "attn.kv_a", "linear_attn.qkvz", "linear_attn.ba", "linear_attn.qkv",
                 "linear_attn.z", "linear_attn.a", "linear_attn.b", "ssm.in", "conv.in", "rec.x", "rec.y")
    MLP = ("mlp.gate", "mlp.up", "mlp.gate_up", "mlp.receptance", "moe.router", "moe.expert.gate", "moe.expert.up", "moe.expert.gate_up",
           "moe.shared.gate", "moe.shared.up", "moe.shared.gate_up", "moe.shared_gate")

    def gain(self, p, front, L, gains):
        side = re.match(r"(encoder\.|decoder\.)?", p["role"]).group(0)
        word = p["role"][len(side):]
        if word in self.ATTENTION:
            wanted = ["norm.attn_in", "norm.attn_mlp_in"]
        elif word in self.MLP:
            wanted = ["norm.mlp_in", "norm.attn_mlp_in"] + (["norm.attn_in"] if self.a["id"] == "falcon" else [])
        elif word == "lm_head":
            wanted, L = ["final_norm", "decoder.final_norm"], "final"
        elif word == "mtp.head":
            wanted = ["mtp.norm"]
        else:
            return None, 0
        for w in wanted:
            if (side + w, L) in gains:
                return gains[side + w, L]
        return None, 0

    def build(self):
        found = list(self.tensors())
        gains = {}
        final = max(self.layers) + 1
        for p, name, L, E in found:
            if p["param"] == "bias" or "norm" not in p["role"] or p["orientation"] != "vector" or name.endswith((".beta", ".bias")):
                continue
            role, place = p["role"], "final" if p["role"].endswith("final_norm") else L
            if self.a["id"] == "phi_msft" and L == final:
                role, place = "final_norm", "final"
            gains[role, place] = (name, int(p.get("norm_gain") == "1+w"))
        if self.a["id"] == "opt" and ("final_norm", "final") not in gains:
            gains = {}
        tensors = []
        for p, name, L, E in found:
            stored, parts = self.parts_of(p, name, L, E, gains)
            tensors.append([name, stored, parts, p.get("norm_gain") == "1+w" and p["param"] != "bias"])
        dup = [t[0] for t in tensors if [u[0] for u in tensors].count(t[0]) > 1]
        assert not dup, (self.name, dup)
        places = {t[0]: i for i, t in enumerate(tensors)}
        for tensor in tensors:
            for part in tensor[2]:
                if part[6] is not None:
                    part[6] = places[part[6]]
                while part[-1] is None or part[-1] == "" or part[-1] == 0 and len(part) not in (2, 3, 4, 7):
                    part.pop()
        depth = len(self.layers)
        return dict(name=self.name, architecture=self.a["id"], config=self.config, head=self.s["D"], depth=depth, tensors=tensors)


def cases(table, recipes):
    by = {a["id"]: a for a in table}
    seen = set()

    def case(name, identity=None, **more):
        seen.add(identity or name)
        return Case(name, by[identity or name], recipes, **more)

    moe_split, moe_fused = [r"experts\.(gate_up|down)_proj"], [r"experts\.\{E\}"]
    wide = dict(H=6, HD=48)
    for name in ("llama", "yi_original", "smol"):
        yield case(name if name != "smol" else "llama, biases", "llama" if name == "smol" else name, sizes=wide,
                   biases="_proj" if name == "smol" else "^$")
    yield case("mistral_consolidated", sizes=wide)
    yield case("qwen1", sizes=dict(KV=4), biases="c_attn")
    yield case("qwen2", biases="[qkv]_proj", prefix="model.language_model.")
    yield case("qwen3", sizes=wide)
    for form, skip in (("", moe_split), (", stacked", moe_fused)):
        yield case("qwen2_moe" + form, "qwen2_moe", skip=skip + [r"mlp\.(gate|up|down)_proj"], biases="[qkv]_proj")
        yield case("qwen3_moe" + form, "qwen3_moe", skip=skip + [r"mlp\.(gate|up|down)_proj"])
        yield case("deepseek_mla" + form, "deepseek_mla", skip=skip + [r"self_attn\.q_proj", r"mlp\.(gate|up|down)_proj"])
        yield case("glm4_moe" + form, "glm4_moe", skip=skip + [r"mlp\.(gate|up|down)_proj"])
        yield case("olmoe" + form, "olmoe", skip=skip, sizes=dict(QN=32, KN=16))
        yield case("jamba" + form, "jamba", skip=skip + [r"feed_forward\.(gate|up|down)_proj"])
        yield case("phimoe" + form, "phimoe", skip=[r"mlp"] if form == "" else [r"block_sparse"])
        yield case("mixtral" + form, "mixtral", skip=[r"mlp", "self_attn.(qkv_proj|output_gate|out_proj|norm|slope)", "decay", "[qk]_norm"] if form == "" else
                   [r"block_sparse", "self_attn.(qkv_proj|output_gate|out_proj|norm|slope)", "decay", "mlp.e_score", "[qk]_norm"])
        linear = dict(H=4, QN=8, KN=8, DLV=8)
        yield case("qwen3_next" + form, "qwen3_next", sizes=linear, skip=skip + [r"in_proj_(qkv|z|a|b)\.", r"mlp\.(gate|up|down)_proj"])
    yield case("qwen3_next, heads", "qwen3_next", sizes=dict(linear, NK=4, NV=4), skip=moe_split + [r"in_proj_(qkv|z|a|b)\.", r"mlp\.(gate|up|down)_proj"])
    for name, biases, sizes in (("qwen2_moe", "[qkv]_proj", {}), ("qwen3_moe", None, {}), ("qwen3_vl_moe", None, {}), ("qwen3_next", None, linear), ("jamba", None, {}),
                                ("deepseek_mla", None, {}), ("glm4_moe", None, {})):
        yield case(name + ", first layer dense", name, biases=biases, sizes=sizes, dense=True,
                   skip=(moe_split if name != "qwen3_vl_moe" else []) + [r"in_proj_(qkv|z|a|b)\.", r"self_attn\.q_proj" if name == "deepseek_mla" else "^$"])
    yield case("deepseek_mla, plain queries", "deepseek_mla", skip=moe_split + [r"q_[ab]_", r"mlp\.(gate|up|down)_proj"])
    yield case("deepseek_mla, dense", "deepseek_mla", skip=["experts", r"mlp\.gate\.", r"self_attn\.q_proj"])
    yield case("deepseek_mla, further tokens", "deepseek_mla", skip=moe_split + [r"self_attn\.q_proj", r"mlp\.(gate|up|down)_proj"], mtp=True)
    yield case("glm4_moe, further tokens", "glm4_moe", skip=moe_split + [r"mlp\.(gate|up|down)_proj"], mtp=True)
    yield case("glm4_moe, dense", "glm4_moe", skip=[r"experts\.(gate_up|down)_proj"])
    yield case("qwen3_5", sizes=linear, skip=["experts", "qkvz", "in_proj_ba", r"mlp\.(gate|shared_expert_gate)\.", "shared_expert"])
    yield case("qwen3_5, experts", "qwen3_5", sizes=linear, skip=moe_fused + ["qkvz", "in_proj_ba", r"mlp\.(gate|up|down)_proj"])
    yield case("mixtral, minimax", "mixtral", sizes=dict(KV=4, QN=32, KN=32),
               skip=[r"mlp", r"self_attn\.([qkvo]_proj)"])
    yield case("qwen3_vl_moe", skip=[r"mlp\.(gate|up|down)_proj"])
    yield case("qwen3_vl_moe, hidden is twice the neurons", "qwen3_vl_moe", skip=[r"mlp\.(gate|up|down)_proj"], sizes=dict(F=16))
    yield case("phi", skip=["layernorm.*[qk]_", "[qk]_layernorm"], sizes=dict(KV=4))
    yield case("phi, norms of heads", "phi", sizes=dict(KV=4))
    yield case("phi_msft", only=r"^(transformer|lm_head)", sizes=dict(KV=4))
    mix = case("phi_msft, one list", "phi_msft", only=r"^layers\.(0|\{L\})", layers=(1, 2), sizes=dict(KV=4))
    yield Mixformer(mix)
    yield case("phi3", sizes=wide)
    for name in ("gemma", "gemma2", "gemma3", "gemma3n"):
        yield case(name, sizes=wide, skip=[r"^lm_head"] + (["per_layer_model\\.language"] if name == "gemma3n" else []))
    yield case("gemma3n, the other name", "gemma3n", sizes=wide, skip=[r"^lm_head", "per_layer_model_projection"])
    yield case("recurrent_gemma", biases="linear|conv|o_proj", skip=["^lm_head"])
    yield case("gpt2", sizes=dict(KV=4))
    yield case("gpt_bigcode", recipe="qkv_multi_query")
    yield case("gpt_bigcode, all heads", "gpt_bigcode", recipe="qkv_per_head", sizes=dict(KV=4))
    for name in ("gptj", "gpt_neo", "codegen", "bloom", "opt", "persimmon", "chatglm1"):
        yield case(name, sizes=dict(KV=4), skip=["project_(in|out)"])
    yield case("opt, norms behind", "opt", sizes=dict(KV=4, W0=24), skip=[r"^\{P\}final"])
    for head in ("embed_out", "lm_head"):
        yield case("gpt_neox" + (", new head" if head == "lm_head" else ""), "gpt_neox", sizes=dict(KV=4),
                   skip=["^lm_head" if head == "embed_out" else "embed_out", "inv_freq"])
    yield case("gpt_neox, heads of four", "gpt_neox", sizes=dict(H=8, KV=8, D=4), skip=["^lm_head", "inv_freq"])
    yield case("falcon", skip=[r"\.(input|post_attention)_layernorm"], biases="norm|ln_", recipe="qkv_grouped_kv")
    yield case("falcon, one norm", "falcon", skip=[r"post_attention_layernorm", "ln_(attn|mlp)"], biases="norm|ln_", recipe="qkv_grouped_kv")
    yield case("falcon, one key head", "falcon", skip=[r"post_attention_layernorm", "ln_(attn|mlp)"], biases="norm|ln_", recipe="qkv_multi_query")
    yield case("falcon, all heads", "falcon", skip=["ln_(attn|mlp)"], recipe="qkv_per_head", sizes=dict(KV=4))
    yield case("mpt", sizes=dict(KV=4, QN=32, KN=32), biases="^$", skip=["wpe"])
    yield case("mpt, fewer key heads", "mpt", biases="qkv|proj", skip=["[qk]_ln"])
    yield case("dbrx", biases="^$")
    yield case("baichuan", sizes=dict(KV=4))
    yield case("internlm2", sizes=wide)
    yield case("internlm2, in a model of images", "internlm2", prefix="language_model.model.", skip=["^output"])
    yield case("chatglm", recipe="qkv_concat_gqa", biases="query_key_value", skip=["inv_freq"])
    yield case("chatglm, all heads", "chatglm", recipe="qkv_per_head", sizes=dict(KV=4), skip=["inv_freq"])
    yield case("glm", biases="[qkv]_proj", sizes=wide)
    yield case("olmo", sizes=wide)
    yield case("olmo2", sizes=dict(QN=32, KN=16))
    yield case("olmo2, norms of heads", "olmo2")
    yield case("stablelm", biases="norm", skip=["norms"])
    yield case("stablelm, norms of heads", "stablelm", biases="norm")
    yield case("starcoder2")
    yield case("cohere", biases="^$", skip=["[qk]_norm"])
    yield case("cohere, norms of heads", "cohere", biases="^$")
    yield case("granitemoe", skip=["experts", r"router\.weight$", "shared_mlp"])
    yield case("granitemoe, new names", "granitemoe", skip=["put_linear", r"router\.layer"])
    yield case("granitemoe, shared", "granitemoe", skip=["experts", r"router\.weight$"])
    for name in ("arcee", "apertus", "hunyuan_dense", "lfm2"):
        yield case(name, sizes=wide)
    yield case("nemotron", biases="norm")
    yield case("exaone3", sizes=wide)
    yield case("gpt_oss", biases="_proj|router")
    yield case("gpt_oss, square", "gpt_oss", biases="_proj|router", sizes=dict(F=32))
    for F in (20, 32):
        yield case(f"gpt_oss, as MXFP4 decodes, {F} neurons", "gpt_oss", biases="_proj|router", sizes=dict(F=F), out_in=True)
    yield case("llama4", skip=[r"feed_forward\.(gate|up|down)_proj"])
    yield case("llama4, dense too", "llama4", skip=["router", "expert"], layers=(0, 1))
    yield case("mamba")
    yield case("mamba2")
    yield case("rwkv", sizes=dict(KV=4))
    old = [r"gamma$", r"beta$"]
    heads = ["classifier", "qa_outputs", "seq_relationship", "project"]
    generator = ["generator", "embeddings_project"]
    yield case("bert", sizes=dict(KV=4), skip=old + generator + [r"^classifier", "qa_outputs"])
    yield case("bert, old norms", "bert", sizes=dict(KV=4), skip=generator + [r"LayerNorm\.(weight|bias)$", "qa_outputs", "decoder"])
    yield case("bert, electra", "bert", sizes=dict(KV=4, W0=24), prefix="electra.", skip=old + ["^cls", "pooler", "classifier"])
    yield case("roberta", sizes=dict(KV=4), skip=[r"classifier\.(weight|bias)", "lm_head.decoder.bias", "qa"])
    yield case("roberta, questions", "roberta", sizes=dict(KV=4), skip=[r"classifier\.(dense|out)", "lm_head.decoder.bias"])
    yield case("distilbert", sizes=dict(KV=4))
    yield case("mpnet", sizes=dict(KV=4), skip=["lm_head.decoder.bias"])
    yield case("albert", sizes=dict(KV=4, W0=24), skip=["predictions.decoder.bias"], layers=(0,))
    yield case("deberta_v2", sizes=dict(KV=4, RB=32), skip=["embed_proj", "predictions.decoder.bias"])
    yield case("modernbert", sizes=dict(KV=4), biases="^$|^decoder")
    yield case("t5", skip=[r"wi\.", "embed_tokens", "cross_rel"], sizes=dict(H=6, HD=48, KD=48))
    yield case("t5, first version", "t5", skip=[r"wi_", "embed_tokens", "^lm_head"], sizes=dict(H=6, HD=48, KD=48))
    yield case("t5, copied tables", "t5", skip=[r"wi\.", "cross_rel"], sizes=dict(H=6, HD=48, KD=48))
    yield case("bart, copied tables", "bart", sizes=dict(KV=4), skip=[r"^lm_head\.bias"])
    yield case("bart", sizes=dict(KV=4), skip=["embed_tokens", r"^lm_head\.bias"])
    yield case("whisper", sizes=dict(KV=4), skip=["layernorm_embedding", "encoder.embed_tokens"])
    yield case("vit", sizes=dict(KV=4), skip=[r"\}layers\.", r"mlp\.fc", "weights_", r"layer\.\{L\}\.norm", "mask", "register", "distill", "scale"])
    yield case("vit, dinov2", "vit", sizes=dict(KV=4), prefix="dinov2.",
               skip=[r"\}layers\.", "weights_", "layernorm_", "intermediate", r"\{L\}\.output", "distill", "classifier", "pooler"])
    yield case("vit, dinov2 gated", "vit", sizes=dict(KV=4), prefix="dinov2.",
               skip=[r"\}layers\.", r"mlp\.fc", "layernorm_", "intermediate", r"\{L\}\.output", "distill", "classifier", "pooler"])
    yield case("vit, new names", "vit", sizes=dict(KV=4), prefix="deit.", skip=[r"encoder\.layer", "register", "mask"])
    yield case("clip_siglip_text", sizes=dict(KV=4), skip=[r"head\."])
    yield case("clip_siglip_vision", sizes=dict(KV=4), skip=["head", "logit"])
    yield case("clip_siglip_vision, siglip", "clip_siglip_vision", sizes=dict(KV=4), skip=["visual_projection", "pre_lay", "class_"])
    yield case("qwen2_vl_vision", sizes=dict(KV=4), skip=[r"gate_proj|up_proj|down_proj"])
    yield case("qwen2_vl_vision, gated", "qwen2_vl_vision", sizes=dict(KV=4), skip=[r"blocks\.\{L\}\.mlp\.fc"])
    yield case("vlm_projector", sizes={}, skip=["mm_", r"linear\."])
    yield case("vlm_projector, gemma3", "vlm_projector", skip=["linear", r"projector\.norm", "merg"])
    missing = set(by) - seen
    assert not missing, missing


class Mixformer:
    """All in one list: the embedding is layers.0, the head the last."""

    def __init__(self, case):
        self.case, self.a = case, case.a

    def tensors(self):
        c = self.case
        for p, name, L, E in Case.tensors(c):
            t = p["template"]
            if "linear" in t:
                continue
            yield p, name, L, E
        for p in c.a["patterns"]:
            t = p["template"]
            if t.startswith("layers.{L}.linear") or t.startswith("layers.{L}.ln"):
                yield p, t.replace("{L}", str(max(c.layers) + 1)), max(c.layers) + 1, None

    def build(self):
        c = self.case
        c.tensors = self.tensors
        return c.build()


def main():
    with open(sys.argv[1]) as file:
        data = json.load(file)
    built, covered = [], {}
    for case in cases(data["architectures"], data["recipes"]):
        result = case.build()
        built.append(result)
        names = {t[0] for t in result["tensors"]}
        for p in case.a["patterns"]:
            pattern = re.compile(p["regex"].replace("(?<", "(?P<"))
            if any(pattern.fullmatch(n) for n in names):
                covered.setdefault(case.a["id"], set()).add(p["template"])
    left = [(a["id"], p["template"]) for a in data["architectures"] for p in a["patterns"]
            if p["template"] not in covered.get(a["id"], set()) and not p["orientation"].startswith("mxfp4") and p["param"] != "bias"
            and not p["template"].startswith(("language_model.", "model.lm_head"))]
    print(f"{len(built)} cases, {sum(len(b['tensors']) for b in built)} tensors; in no case:", *left, sep="\n  ", file=sys.stderr)
    print("[\n" + ",\n".join(json.dumps(b, separators=(",", ":")) for b in built) + "\n]")


main()
