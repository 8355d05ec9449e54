"""Reports in the formats of other tools, read by readers that are not ours.

A run against Wine's own DLL has stubs that are known, and skipped cases.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

from test_cli import load, vsscts

FORMATS = {"json": "r.json", "junit": "j.xml", "tap": "t.tap", "ctrf": "c.json", "md": "m.md", "github": "g.txt",
           "badge": "b.json", "baseline": "b.txt"}
# What a CTRF reader demands: https://ctrf.io
CTRF = {
    "type": "object",
    "required": ["reportFormat", "specVersion", "results"],
    "properties": {
        "reportFormat": {"const": "CTRF"},
        "results": {
            "type": "object",
            "required": ["tool", "summary", "tests"],
            "properties": {
                "tool": {"type": "object", "required": ["name"]},
                "summary": {
                    "type": "object",
                    "required": ["tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"],
                    "additionalProperties": {"type": "integer"},
                },
                "tests": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["name", "status", "duration"],
                        "properties": {
                            "status": {"enum": ["passed", "failed", "skipped", "pending", "other"]},
                            "duration": {"type": "integer"},
                            "suite": {"type": "array", "items": {"type": "string"}},
                            "tags": {"type": "array", "items": {"type": "string"}},
                        },
                    },
                },
            },
        },
    },
}


def foreign(module, script, *args):
    """What a Python script prints that needs modules; the system's Python has those that come from packages."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0:
            return json.loads(subprocess.run([python, "-c", script, *map(str, args)], check=True, text=True,
                                             stdout=subprocess.PIPE, timeout=120).stdout)
    raise unittest.SkipTest(f"no Python has the module {module}")


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vsscts-formats-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        wanted = ",".join(f"{name}={cls.folder / file}" for name, file in FORMATS.items())
        cls.done = vsscts("run", "--iut", "wine", "--no-retry", "--out", cls.folder / "out", "--report", wanted,
                          "factory", "backup-complete")
        cls.report = load(cls.folder / "r.json")

    def test_run(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr)
        self.assertEqual(self.report, load(self.folder / "out" / "report.json"))
        self.assertGreater(self.report["totals"]["verdicts"]["not_implemented"], 10)
        self.assertGreater(self.report["totals"]["verdicts"]["skip"], 10)

    def test_junit(self):
        subprocess.run(["xmllint", "--noout", self.folder / "j.xml"], check=True, timeout=60)
        read = foreign("junitparser", """
import json, sys
from junitparser import JUnitXml
xml = JUnitXml.fromfile(sys.argv[1])
print(json.dumps([[suite.name, case.classname, case.name, [type(r).__name__ for r in case.result],
                   [r.message for r in case.result]] for suite in xml for case in suite]))
""", self.folder / "j.xml")
        ids = [f"{classname.replace('.', '/')}/{name}" for _, classname, name, _, _ in read]
        self.assertEqual(ids, [case["id"] for case in self.report["cases"]])
        for case, (suite, _, _, kinds, messages) in zip(self.report["cases"], read):
            self.assertEqual(suite, case["suite"])
            self.assertEqual(kinds, [] if case["verdict"] in ("pass", "recorded") else ["Skipped"], case["id"])
            if kinds:
                self.assertEqual(messages[0], case["reason"] if case["verdict"] == "skip"
                                 else f"not_implemented, known: {case['why_expected']}")

    def test_tap(self):
        read = foreign("tap, more_itertools, yaml", """
import json, sys
from tap.parser import Parser
lines = list(Parser().parse_file(sys.argv[1]))
print(json.dumps({"plan": [l.expected_tests for l in lines if l.category == "plan"],
                  "tests": [[l.ok, l.number, l.description, l.skip, l.todo] for l in lines if l.category == "test"],
                  "yaml": [bool(l.yaml_block) for l in lines if l.category == "test"]}))
""", self.folder / "t.tap")
        cases = self.report["cases"]
        self.assertEqual(read["plan"], [len(cases)])
        self.assertEqual([test[2].removeprefix("- ") for test in read["tests"]], [case["id"] for case in cases])
        self.assertEqual(sum(test[3] for test in read["tests"]), self.report["totals"]["verdicts"]["skip"])
        self.assertEqual(sum(test[4] for test in read["tests"]),
                         self.report["totals"]["verdicts"]["not_implemented"])

    def test_tap_yaml(self):
        """Each block is YAML, whatever the texts hold."""
        text = (self.folder / "t.tap").read_text(encoding="utf-8")
        blocks = [part.split("\n  ...\n")[0] for part in text.split("\n  ---\n")[1:]]
        read = foreign("yaml", "import json, sys, yaml\n"
                               "print(json.dumps([yaml.safe_load(b) for b in json.load(open(sys.argv[1]))]))",
                       self.write("blocks.json", json.dumps(blocks)))
        self.assertEqual(len(read), len(blocks))
        self.assertGreater(len(read), 10)
        for block in read:
            self.assertEqual(set(block), {"verdict", "against", "detail"})
            self.assertIn("title: ", block["detail"])

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def test_ctrf(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("no Python has the module jsonschema")
        read = load(self.folder / "c.json")
        jsonschema.validate(read, CTRF)
        summary, tests = read["results"]["summary"], read["results"]["tests"]
        self.assertEqual([test["name"] for test in tests], [case["id"] for case in self.report["cases"]])
        self.assertEqual([test["rawStatus"] for test in tests], [case["verdict"] for case in self.report["cases"]])
        self.assertEqual(summary["tests"], len(tests))
        for state in ("passed", "failed", "skipped", "pending", "other"):
            self.assertEqual(summary[state], sum(test["status"] == state for test in tests), state)

    def test_texts(self):
        self.assertIn("## VSS conformance: as expected\n", (self.folder / "m.md").read_text(encoding="utf-8"))
        self.assertTrue((self.folder / "g.txt").read_text(encoding="utf-8").startswith("::notice title=vsscts::"))
        self.assertEqual(load(self.folder / "b.json")["schemaVersion"], 1)

    def test_again(self):
        """From the log the same comes out."""
        log = self.folder / "out" / "run.jsonl"
        for name, file in FORMATS.items():
            done = vsscts("report", log, "-q", "--report", f"{name}=-")
            self.assertEqual(done.returncode, 0, done.stderr)
            if name != "json":  # it names the log, as it was given
                self.assertEqual(done.stdout, (self.folder / file).read_text(encoding="utf-8"), name)

    def test_wrong(self):
        log = self.folder / "out" / "run.jsonl"
        for wanted, words in ((("junti=x",), "did you mean junit?"), (("tap",), "is not FORMAT=FILE"),
                              (("tap=-,junit=-",), "two reports would go to -")):
            done = vsscts("report", log, *(f"--report={item}" for item in wanted))
            self.assertEqual(done.returncode, 2)
            self.assertIn(words, done.stderr)
        missing = self.folder / "none" / "t.tap"
        done = vsscts("report", log, "--report", f"tap={missing},badge={self.folder / 'late.json'}")
        self.assertEqual(done.returncode, 70)
        self.assertIn(f"{missing}: cannot be written", done.stderr)
        self.assertTrue((self.folder / "late.json").exists())  # the others are written all the same


if __name__ == "__main__":
    unittest.main()
