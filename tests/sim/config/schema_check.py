# SPDX-License-Identifier: GPL-3.0-or-later
# Says for each document on standard input, separated by NUL, whether the JSON Schema in the
# file given takes it: a line of 1 or 0.  Scalars are typed as in YAML's core schema.
import json
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError:
    sys.exit(77)


class Loader(yaml.SafeLoader):
    """YAML 1.2: no yes, no octal by a leading zero, no dates."""

    yaml_implicit_resolvers = {}


def resolve(tag, pattern):
    Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), None)


resolve("merge", r"^<<$")
resolve("null", r"^(~|null|Null|NULL|)$")
resolve("bool", r"^(true|True|TRUE|false|False|FALSE)$")
resolve("int", r"^[-+]?[0-9]+$")
resolve("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
Loader.add_constructor(
    "tag:yaml.org,2002:float", lambda loader, node: float(node.value)
)

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for text in sys.stdin.buffer.read().decode("utf-8").split("\0")[:-1]:
    print(int(validator.is_valid(yaml.load(text, Loader=Loader))))
