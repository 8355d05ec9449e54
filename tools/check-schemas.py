#!/usr/bin/env python3
"""check-schemas.py ROOT: every table, profile, machine and expectation file of the checkout ROOT is valid by the
JSON Schema of its kind (reports/schema/), and would not be with a key that the schema does not know."""

import json
import pathlib
import sys

import jsonschema

PLACES = ("cases", "fixtures/profiles", "fixtures/mutants.json", "fixtures/reference/machines", "reports/expectations", "examples")


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def kinds_of(schema):
    """The kinds of file that a schema is for: what it demands of the key `kind`."""
    rule = schema.get("properties", {}).get("kind", {})
    return rule.get("enum", [rule["const"]] if "const" in rule else [])


def validators(folder):
    found = {}
    for path in sorted(folder.glob("*.json")):
        schema = read(path)
        kind = jsonschema.validators.validator_for(schema, jsonschema.Draft202012Validator)
        kind.check_schema(schema)
        for name in kinds_of(schema):
            found[name] = kind(schema)
    return found


def faults(path, known):
    """What is wrong with a file, one text each."""
    try:
        document = read(path)
    except ValueError as error:
        return [str(error)]
    kind = document.get("kind")
    if kind not in known:
        return [f"no schema for the kind {kind!r}"]
    validator = known[kind]
    found = [f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
             for error in validator.iter_errors(document)]
    if validator.is_valid({**document, "unknown-key": 1}):
        found.append(f"the schema of {kind} accepts an unknown key")
    return found


def main():
    root = pathlib.Path(sys.argv[1])
    known = validators(root / "reports/schema")
    good = bad = 0
    for folder in PLACES:
        place = root / folder
        for path in [place] if place.is_file() else sorted(place.rglob("*.json")):
            found = faults(path, known)
            for text in found:
                print(f"{path.relative_to(root)}: {text}")
            good += not found
            bad += bool(found)
    print(f"{good} files valid, {bad} not")
    return 1 if bad or not good else 0


if __name__ == "__main__":
    sys.exit(main())
