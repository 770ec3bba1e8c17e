"""Front matters of model cards, and what PyYAML reads of them → cards.json. Needs PyYAML (6.0.4).

    python3 testdata/oracle/cards.py

Each case is [front matter, expected]: the front matter without its two lines `---`, and a dictionary with `bases`, `relation` and `licence`, all
as texts; null where PyYAML finds an error, or where a value of interest is no text. Random cases are made of forms that hide things that look
like keys: block texts, texts in quotation marks over several lines, nested mappings and flow values.
"""
import json
import os
import random

import yaml

KINDS = ("finetune", "adapter", "quantized", "merge")

# One form each.
FORMS = [
    "base_model: org/base\n",
    "base_model:   org/base   \n",
    "base_model:\torg/base\n",
    "base_model: org/base # the base\n",
    "base_model: org/base#7\n",
    "base_model: 'org/base'\n",
    "base_model: 'it''s/base'\n",
    'base_model: "org/base"\n',
    'base_model: "org\\u002Fbase"\n',
    'base_model: "org/\\\n  base"\n',
    "'base_model': org/base\n",
    '"base_model" : org/base\n',
    "base_model : org/base\n",
    "base_model:\n  org/base\n",
    "base_model: >-\n  org/base\n",
    "base_model: |\n  org/base\n",
    "base_model: >-\n  org/\n  base\n",
    "base_model:\n- org/a\n- org/b\n",
    "base_model:\n  - org/a\n  - org/b\n",
    "base_model:\n- 'org/a'\n- \"org/b\"\n",
    "base_model:\n-   org/a # one\n\n# two\n- org/b\n",
    "base_model:\n-\n  org/a\n- org/b\n",
    "base_model:\n- >-\n  org/a\n- org/b\n",
    "base_model:\n- |-\n  org/a\n- org/b\n",
    "base_model: [org/a, org/b]\n",
    "base_model: [org/a, org/b,]\n",
    "base_model: [ 'org/a' , \"org/b\" ] # both\n",
    "base_model: [org/a,\n  org/b\n  ]\n",
    "base_model: [\n  org/a, # one\n  org/b\n]\n",
    "base_model: []\n",
    "base_model:\n",
    "base_model: null\n",
    "base_model: ~\n",
    "base_model: ''\n",
    "base_model: 'null'\n",
    "base_model: 70\n",
    "base_model: C:/models/base\n",
    "base_model: https://huggingface.co/org/base\n",
    "base_model: ./base\n",
    "base_model: ../base model\n",
    "base_model: org/base:free\n",
    "base_model: org/été-模型\n",
    "base_model: {name: org/base}\n",
    "base_model:\n  name: org/base\n",
    "base_model:\n- name: org/base\n",
    "base_model:\n- [org/a]\n",
    "base_model: &b org/base\n",
    "base_model: *b\n",
    "base_model: !!str org/base\n",
    "x: &b org/base\nbase_model: *b\n",
    "<<: {base_model: org/base}\n",
    "? base_model\n: org/base\n",
    "{base_model: org/base}\n",
    "  base_model: org/base\n  license: mit\n",
    "license: mit\n  base_model: org/base\n",
    "base_model: org/base\n license: mit\n",
    "base_model: a: b\n",
    "base_model: 'org/base\n",
    "base_model: [org/a\n",
    "base_model: org/a]\n",
    "base_model: @org/base\n",
    "base_model: - org/base\n",
    "license: mit\nlicense_name: x\n",
    "license: other\nlicense_name: my-own\n",
    "license: [mit, apache-2.0]\n",
    "base_model: org/base\nbase_model_relation: quantized\n",
    "base_model: org/base\nbase_model_relation: sibling\n",
    "base_model: org/base\nbase_model_relation: [merge]\n",
    "base_model: org/base\nbase_model_relation: {a: b}\n",
    "text: |\n  base_model: org/fake\nbase_model: org/base\n",
    "text: |2\n    base_model: org/fake\nbase_model: org/base\n",
    "text: \"\n  base_model: org/fake\n  \"\nbase_model: org/base\n",
    "text: '\nbase_model: org/fake\n'\nbase_model: org/base\n",
    "widget:\n- text: 'one\nbase_model: org/fake'\nbase_model: org/base\n",
    "widget:\n- text: |\n    it's\n   \n    \"open\n  more: x\nbase_model: org/base\n",
    "widget:\n- text: >\n\n    base_model: org/fake\n\n- text: it's\nbase_model: org/base\n",
    "x: {a: 'base_model: org/fake', b: [1, {c: \"]\"}]}\nbase_model: org/base\n",
    "x: [a, 'b\n  base_model: org/fake', it's]\nbase_model: org/base\n",
    "x: plain\n  base_model- org/fake\nbase_model: org/base\n",
    "x: plain # base_model: org/fake\nbase_model: org/base\n",
    "# base_model: org/fake\nbase_model: org/base\n",
    "base_model: org/base\nmodel-index:\n- name: m\n  results:\n  - task:\n      type: t\n    metrics:\n    - {type: acc, value: 1}\n",
    "extra_gated_prompt: >-\n  Agree: to 'all\n\n  of - it\nbase_model: org/base\n",
    "tags:\n- a\n- b: c\n-\nbase_model: org/base\n",
    "tags:\n- - a\n  - b\n- - c\nbase_model: org/base\n",
    "base_model_extra: org/fake\nmy_base_model: org/fake\n",
    "\n\n# only a comment\n",
    "",
    "no mapping at all\n",
    "- a\n- b\n",
]


def quoted(rng, text):
    return rng.choice([text, json.dumps(text), "'" + text + "'"])


def hidden(rng):
    """A line that looks like something that it is not."""
    return rng.choice(["base_model: org/fake", "- org/fake", "it's", '"open', "[open", "# no comment", "a: b", "key:", "", "text", "'"])


def noise(rng, key):
    """An entry that nobody asks for."""
    lines = [hidden(rng) for _ in range(rng.randint(1, 4))]
    body = lambda indent: "".join((" " * indent + line if line else "") + "\n" for line in lines)
    flat = " ".join(lines).replace("'", "").replace('"', "")
    kind = rng.randrange(10)
    if kind == 0:
        return f"{key}: {rng.choice(['|', '>', '|-', '>-', '|+'])}\n  first\n{body(2)}"
    if kind == 1:
        text = "\n".join((" " * rng.choice([0, 2, 3]) + line) for line in lines).replace("'", "''")
        return f"{key}: 'x{text}'\n"
    if kind == 2:
        text = "\n  ".join(lines).replace('"', '\\"')
        return f'{key}: "x{text}"\n'
    if kind == 3:
        return f"{key}:\n- name: {json.dumps(flat)}\n  text: |\n    first\n{body(4)}  more: '{flat}'\n- plain\n"
    if kind == 4:
        return f"{key}: {{a: '{flat}', b: [1, 2, {{c: \"{flat}\"}}]}}\n"
    if kind == 5:
        return f"{key}:\n" + "".join(f"- {json.dumps(line)}\n" for line in lines)
    if kind == 6:
        return f"{key}:\n  a:\n    b: >-\n      first\n{body(6)}    c: [x,\n      'y']\n"
    if kind == 7:
        return f"{key}: {rng.choice(['1.0', 'true', 'plain text', 'it is', 'a-b_c', 'x # ' + flat])}\n"
    if kind == 8:
        return f"# {flat}\n{key}:\n# {flat}\n\n  - a # {flat}\n  - 'b'\n"
    return f"{key}: plain\n  over: lines\n" if rng.random() < 0.1 else f"{key}: plain\n  over lines\n  # {flat}\n"


def interesting(rng):
    entries = []
    names = [rng.choice(["org/base", "Org-1/a.b_c", "./up", "base", "https://huggingface.co/org/base"]) + str(i) for i in range(rng.randint(1, 3))]
    if rng.random() < 0.85:
        form = rng.randrange(5)
        if form == 0:
            entries.append(f"base_model: {quoted(rng, names[0])}\n")
        elif form == 1:
            indent = " " * rng.choice([0, 2, 4])
            entries.append("base_model:\n" + "".join(f"{indent}- {quoted(rng, name)}\n" for name in names))
        elif form == 2:
            entries.append("base_model: [" + ", ".join(quoted(rng, name) for name in names) + "]\n")
        elif form == 3:
            entries.append("base_model:\n  " + names[0] + "\n")
        else:
            entries.append(f"base_model: >-\n    {names[0]}\n")
    if rng.random() < 0.5:
        entries.append(f"base_model_relation: {quoted(rng, rng.choice(KINDS))}\n")
    if rng.random() < 0.6:
        entries.append(f"license: {rng.choice(['mit', 'apache-2.0', 'llama2'])}\n")
    return entries


def random_case(rng):
    entries = interesting(rng) + [noise(rng, f"key_{i}") for i in range(rng.randint(1, 5))]
    rng.shuffle(entries)
    text = "".join(entries)
    return text.replace("\n", "\r\n") if rng.random() < 0.1 else text


def dumped(rng):
    """As huggingface_hub writes cards."""
    value = lambda: rng.choice(["a", "it's", "x: y", "- z", "#", "two\nlines: 'x", "", None, 1.5, True, ["p", "q: r"], {"b": ["c", {"d": "e\n\nf"}]}])
    card = {f"k{i}": value() for i in range(rng.randint(0, 6))}
    card["base_model"] = rng.choice(["org/base", ["org/a", "org/b"], "it's/odd: name", ["a", "b\nc"], "été/模型"])
    card["license"] = "mit"
    return yaml.dump(card, sort_keys=rng.random() < 0.5, allow_unicode=rng.random() < 0.5, width=rng.choice([20, 80, 1000]),
                     default_flow_style=rng.random() < 0.2, line_break="\n")


class Plain(yaml.SafeLoader):
    """Every scalar but null is a text, and a key that stands twice is an error."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        if len(set(map(str, keys))) < len(keys):
            raise yaml.YAMLError("a key stands twice")
        return super().construct_mapping(node, deep)


Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def expected(text):
    try:
        card = yaml.load(text, Plain)
    except (yaml.YAMLError, ValueError, TypeError):
        return None
    if card is None:
        card = {}
    if not isinstance(card, dict):
        return None

    def texts(key):
        value = card.get(key)
        values = value if isinstance(value, list) else [value]
        if not all(value is None or isinstance(value, str) for value in values):
            raise TypeError(key)
        return [value.strip() for value in values if value is not None]

    try:
        bases, relation = texts("base_model"), texts("base_model_relation")
    except TypeError:
        return None
    if len(relation) > 1:
        return None
    try:
        licence, name = texts("license"), texts("license_name")
    except TypeError:
        licence, name = [], []
    licence = ", ".join(licence) if card.get("license") is not None else None
    return {
        "bases": [base for base in bases if base], "relation": relation[0] if relation and relation[0] in KINDS else None,
        "licence": name[0] if licence == "other" and name else licence}


def main():
    rng = random.Random(18)
    texts = FORMS + [random_case(rng) for _ in range(300)] + [dumped(rng) for _ in range(60)]
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "cards.json"), "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps([text, expected(text)], ensure_ascii=False) for text in texts) + "\n]\n")
    print(len(texts), "cases,", sum(expected(text) is None for text in texts), "with an error; PyYAML", yaml.__version__)


if __name__ == "__main__":
    main()
