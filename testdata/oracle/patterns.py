"""What Python's re says of patterns of module names: writes module_patterns.json.

Versions: Python 3.11.7. Run: python3 testdata/oracle/patterns.py (a second)

A row is [pattern, verdict, names that match]: verdict "valid" or "invalid" by re.compile of PEFT's wrapper `(.*\\.)?(pattern)$`. Patterns are drawn from a small
grammar, from a fixed seed; names are common to
all. Patterns that take Python half a second are left out.
"""
import json
import os
import random
import re
import signal
import warnings

warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = [
    "q_proj", "model.layers.0.self_attn.q_proj", "model.layers.1.self_attn.k_proj", "model.layers.10.self_attn.v_proj",
    "model.layers.21.self_attn.o_proj", "model.layers.3.mlp.gate_proj", "model.layers.3.mlp.up_proj", "model.layers.13.mlp.down_proj",
    "model.layers.2.mlp.experts.gate_up_proj", "model.layers.2.mlp.experts.7.w1", "model.layers.2.mlp.experts.17.w2", "model.layers.2.mlp.gate.weight",
    "transformer.h.0.attn.c_attn", "transformer.h.11.mlp.c_fc", "lm_head", "model.embed_tokens", "encoder.block.4.layer.0.SelfAttention.q",
    "model.language_model.layers.5.self_attn.q_proj", "xq_proj", "a.b-c.d{2}", "", ".", "q_proj.", "a..b", "aaaaaaaaaaaaaaaaaaaaaaaa",
]
WORDS = ["q_proj", "k_proj", "proj", "layers", "mlp", "self_attn", "gate_proj", "model", "h", "w1", "experts", "0", "1", "2", "13", "_", "a", "b", "d", "x", "q", "attn"]
HAND = [
    "q_proj", ".*q_proj", r"model\.layers\.0\.self_attn\.q_proj", "model.layers.0.self_attn.q_proj", r"layers\.[0-3]\..*", r"layers\.(0|1|2)\.mlp", r".*\.(q|k|v)_proj",
    r"^model\.layers\.\d+\.mlp\.(gate|up)_proj$", "^q_proj", "q_proj$", "$", "^", "", "()", "(?:)", "(|a)", "|", "a|", r"layers\.[0-9]{1,2}\..*", r"layers\.\d{2}\..*", r"\d{1,}", r"\w{,6}", "d{2}",
    r"a\.b-c\.d\{2\}", "d{", "d{2", "d{a}", "{2}", "a{2}{3}", "a**", "a*?", "a+?", "a??", "a{2,4}?", "(a+)+b", "(a*)*b", "(a|aa)+$", "(.*)*x", "((a?){20})a{20}", "[abc", "[]a]", "[^]a]+", "[a-]", "[-a]", "[z-a]",
    r"[\d-x]", r"[a-\d]", r"[\w.]+", r"[^.]+", r"[^\w]", r"\D+", r"\W", r"\S+", r"[\s\S]*", r"[+--]*", "(", ")", "(a", "a)", "*a", "+", "?", "\\", r"\.", r"\-", r"\_proj", r"\Amodel.*", r".*proj\Z", "^*", "$*", "(^)*lm_head", "(^|x)q_proj",
    r"layers\.[1-3]\.(?:mlp|self_attn)\..*", "....", "[.]", "[*+?]", "(((((lm_head)))))", "a{0}lm_head", "(ab){0,2}lm_head", "x?q_proj", ".+", ".{6}", r"(\d|w)+", "a{1000}", "a{3,2}", "[[]", "[a&&b]", "model$.x", "model^", "a{,}", "lm_head|q_proj",
]
# What Python knows and unmask refuses.
UNKNOWN = [r"(?!lm_head).*", r"(?=a)a", r"(a)\1", r"(?i)LM_HEAD", r"\bq_proj", r"(?P<n>a)(?P=n)", r"a*+", r"a{2}+", r"(?>a+)b", r"(?<=x)q_proj", r"\x61", r"é", r"a{1001}", r"\Bq"]


def pattern(random, depth=0):
    parts = []
    for _ in range(random.randint(1, 4)):
        kind = random.random()
        if kind < 0.5:
            part = random.choice(WORDS)
        elif kind < 0.6:
            part = random.choice([".", r"\.", r"\d", r"\w", r"\S", r"\D", "^", "$", r"\-"])
        elif kind < 0.72:
            part = random.choice(["[0-9]", "[qkv]", "[^.]", "[a-z_]", r"[\w.]", r"[^\d]", "[a-f0-3]"])
        elif kind < 0.8 or depth > 2:
            part = ".*"
        else:
            options = "|".join(pattern(random, depth + 1) for _ in range(random.randint(1, 3)))
            part = random.choice(["(%s)", "(?:%s)"]) % options
        if random.random() < 0.25:
            part += random.choice(["*", "+", "?", "{2}", "{1,3}", "{0,1}", "{2,}", "*?", "+?", "??"])
        parts.append(part)
        if random.random() < 0.4:
            parts.append(random.choice([r"\.", "."]))
    return "".join(parts)


def verdict(pattern):
    try:
        compiled = re.compile(rf"(.*\.)?({pattern})$")
    except (re.error, OverflowError):
        return [pattern, "invalid", []]
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        return [pattern, "valid", [i for i, name in enumerate(NAMES) if compiled.match(name)]]
    except TimeoutError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def late(*_):
    raise TimeoutError


def main():
    signal.signal(signal.SIGALRM, late)
    generator = random.Random(20250)
    drawn = []
    while len(drawn) < 400:
        one = pattern(generator)
        if len(one) < 60 and not re.search(r"[*+?}]\+", one):  # possessive repeats are among UNKNOWN
            drawn.append(one)
    with open(os.path.join(HERE, "module_patterns.json"), "w") as file:
        rows = [row for row in map(verdict, HAND + drawn) if row]
        json.dump({"names": NAMES, "patterns": rows, "refused": UNKNOWN}, file, indent=0, ensure_ascii=True)
    print(len(rows), sum(row[1] == "valid" for row in rows), sum(bool(row[2]) for row in rows))


if __name__ == "__main__":
    main()
