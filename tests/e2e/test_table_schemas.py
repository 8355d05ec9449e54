"""The JSON Schemas of the tables: each is one, every valid table keeps it, wrong ones break it."""

import json
import os
import pathlib
import unittest

import jsonschema

SOURCE = pathlib.Path(os.environ.get("VSSCTS_SOURCE", "."))
DATA = SOURCE / "tests" / "data"
KINDS = (
    "interface functions types states evidence questions requirements preambles calls suite profile"
).split()
# Overlays that are wrong in their form already, without looking at another file.
WRONG_FORM = (
    "api-exports api-iid api-param-count api-param-dir api-param-kind api-param-type api-results "
    "api-returns api-since api-slot-none api-types calls-form calls-function case-missing case-no-requirement "
    "case-no-steps expect-alternatives expect-basis expect-code-list expect-count expect-level "
    "expect-no-basis expect-no-because expect-no-evidence expect-no-page expect-thread "
    "facts-question facts-requirement facts-strength file-format id-form key-apartment "
    "key-condition key-note key-range key-tag key-type key-unknown key-words matrix-row-none "
    "matrix-title preamble-need preamble-needs step-call-form step-compare "
    "step-compare-three step-key step-no-object step-op step-query-as step-repeat step-two-ops "
    "suite-empty writer-config writer-expect writer-script"
).split()


def validators():
    made = {}
    for kind in KINDS:
        schema = json.loads((SOURCE / "reports" / "schema" / f"{kind}.schema.json").read_text("utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        made[kind] = jsonschema.Draft202012Validator(schema)
    return made


class TableSchemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.validators = validators()

    def errors(self, path):
        table = json.loads(path.read_text("utf-8"))
        validator = self.validators[table["kind"]]
        return [f"{path.name}: {e.json_path}: {e.message}" for e in validator.iter_errors(table)]

    def test_valid_tables(self):
        kinds = set()
        for folder in (SOURCE / "cases", DATA / "tables" / "valid", DATA / "tables" / "calls",
                       SOURCE / "fixtures" / "profiles"):
            files = sorted(folder.rglob("*.json"))
            self.assertTrue(files, folder)
            for path in files:
                self.assertEqual(self.errors(path), [])
                kinds.add(json.loads(path.read_text("utf-8"))["kind"])
        self.assertEqual(kinds, set(KINDS))

    def test_wrong_tables(self):
        for name in WRONG_FORM:
            files = sorted((DATA / "tables" / "invalid" / name).rglob("*.json"))
            self.assertTrue(files, name)
            with self.subTest(name):
                self.assertTrue([e for path in files for e in self.errors(path)])


if __name__ == "__main__":
    unittest.main()
