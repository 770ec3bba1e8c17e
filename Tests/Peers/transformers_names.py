"""Names and shapes of every kind of causal language model that the installed transformers can build, as its files have them.

    python3 Tests/Peers/transformers_names.py OUT [TYPE…]      writes OUT/TYPE.json: {"tensors": [[name, shape], …]} or {"error": …}

Models are built without memory (device "meta") from the default configuration of their type; names are those of files: what transformers
renames and fuses when it loads a checkpoint is taken back. Each type has a process of its own. Needs transformers and torch.
"""
import json
import os
import subprocess
import sys
import warnings


def describe(kind):
    warnings.filterwarnings("ignore")
    os.environ["TRANSFORMERS_VERBOSITY"] = "error"
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForImageTextToText
    from transformers.core_model_loading import revert_weight_conversion
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    configuration = CONFIG_MAPPING[kind]()
    with torch.device("meta"):
        try:
            model = AutoModelForCausalLM.from_config(configuration)
        except ValueError:
            model = AutoModelForImageTextToText.from_config(configuration)
    state = model.state_dict()
    # A tied weight is in a file once.
    tied = set(getattr(model, "all_tied_weights_keys", None) or {})
    state = {name: tensor for name, tensor in state.items() if name not in tied}
    try:
        state = revert_weight_conversion(model, state)
        note = ""
    except Exception as error:
        note = f"{type(error).__name__}: {error}"
    return {"tensors": [[name, list(tensor.shape)] for name, tensor in sorted(state.items())], "note": note,
            "parameters": sum(tensor.numel() for tensor in state.values())}


def kinds():
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

    return sorted(MODEL_FOR_CAUSAL_LM_MAPPING_NAMES)


def main():
    if sys.argv[1] == "--one":
        try:
            print(json.dumps(describe(sys.argv[2])))
        except Exception as error:
            print(json.dumps({"error": f"{type(error).__name__}: {str(error)[:300]}"}))
        return
    out, chosen = sys.argv[1], sys.argv[2:] or kinds()
    os.makedirs(out, exist_ok=True)
    for kind in chosen:
        path = os.path.join(out, kind + ".json")
        if os.path.exists(path):
            continue
        try:
            run = subprocess.run([sys.executable, __file__, "--one", kind], capture_output=True, text=True, timeout=300)
            text = run.stdout.strip().splitlines()[-1] if run.stdout.strip() else json.dumps({"error": run.stderr[-300:]})
        except subprocess.TimeoutExpired:
            text = json.dumps({"error": "takes more than five minutes"})
        with open(path, "w") as file:
            file.write(text + "\n")


main()
