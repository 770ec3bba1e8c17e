"""Writes models with their truth."""
import json
import os

from . import (attention, basis, depth, experts, formats, gguf, growth, innocents, keyvalues, mixers, mixtures, neurons, pruning,  # noqa: F401
               rank, rounding, storage, training)  # they fill the registry
from . import files, layouts, registry, strangers


registry.order()


def list_rewrites(folder=None):
    model = layouts.load(folder)[0] if folder else None
    for entry in registry.REWRITES.values():
        if model is None or registry.applies(entry, model):
            kind = "innocent" if entry.innocent else "exact" if entry.exact else ""
            print(f"{entry.id:<16} {kind:<9} {'/'.join(entry.expected):<32} {','.join(entry.layouts):<22} {entry.text}")


class Bench:
    """A foundation and what can be made of it."""

    def __init__(self, folder, donor=None, seed=1, dtype=None):
        self.folder, self.seed, self.strangers = folder, seed, {}
        self.model, kind = layouts.load(folder)
        self.dtype = dtype or kind
        self.donor = layouts.load(donor)[0] if donor else None
        if self.donor is not None and not strangers.same_shapes(self.model, self.donor):
            raise SystemExit(f"{donor}: the shapes are not those of {folder}")

    def choose_donor(self, folders):
        """Takes the first of the folders whose model has the shapes of this one and is not this one."""
        for folder in folders:
            donor = layouts.load(folder)[0]
            if os.path.realpath(folder) != os.path.realpath(self.folder) and strangers.same_shapes(self.model, donor):
                self.donor = donor
                return

    def applicable(self):
        return [entry.id for entry in registry.REWRITES.values() if registry.applies(entry, self.model)]

    def forge(self, ids, out):
        """Applies the rewrites one after the other and writes the result. Returns the truth."""
        context = registry.Context(self.seed, self.model, self.donor)
        context.strangers = self.strangers
        model = self.model.copy()
        entries = [registry.REWRITES[id] for id in ids]
        for entry in entries:
            if not registry.applies(entry, model):
                raise SystemExit(f"{entry.id} does not apply to {self.folder}" + (" after the rewrites before it" if len(ids) > 1 else ""))
            model = entry.function(model, context) or model
        self.write(model, out)
        if context.foundation is not None:
            self.write(context.foundation, os.path.join(out, "foundation"))
        innocent = all(e.innocent for e in entries)
        last = next((e for e in entries if e.innocent), None)
        expected = last.expected if last else [r for r in ("identical", "derived", "partial", "insufficient", "independent")
                                              if any(r in e.expected for e in entries)]
        truth = {"rewrite": ids, "did": [e.text for e in entries], "expected": list(expected), "innocent": innocent,
                 "exact": all(e.exact for e in entries), "part": entries[-1].part, "foundation": os.path.abspath(self.folder) if
                 context.foundation is None else "foundation", "seed": self.seed, "dtype": self.dtype, **context.notes}
        with open(os.path.join(out, "truth.json"), "w") as file:
            json.dump(truth, file, indent=1, ensure_ascii=False)
            file.write("\n")
        return truth

    def write(self, model, out):
        os.makedirs(out, exist_ok=True)
        if model.gguf is not None:
            return gguf.write(os.path.join(out, "model.gguf"), model, model.gguf)
        files.write_file(os.path.join(out, "model.safetensors"), model.tensors(), self.dtype)
        with open(os.path.join(out, "config.json"), "w") as file:
            json.dump(model.config, file, indent=2)
