"""vsscts selftest: mutants of the reference that are killed, that survive, that cannot be loaded; its reports."""

import json
import os
import unittest

import jsonschema

from test_cli import HOME, SOURCE, Base, load

REQUIREMENT = "IVssBackupComponents.BackupComplete#out-of-order"
METHOD = "IVssBackupComponents.BackupComplete"
KILLED = {"name": "killed", "requirement": REQUIREMENT, "text": "another code",
          "do": {"method": METHOD, "result": "0x80042301", "give": "0x8000FFFF"}}
SURVIVES = {"name": "survives", "requirement": REQUIREMENT, "text": "the same code",
            "do": {"method": METHOD, "result": "0x80042301", "give": "0x80042301"}}
ELSEWHERE = {"name": "elsewhere", "requirement": REQUIREMENT, "text": "seen by another requirement's case alone",
             "cases": "results/backup-components-add-to-snapshot-set/out-of-order",
             "do": {"method": "IVssBackupComponents.AddToSnapshotSet", "result": "0x80042301", "give": "0x8000FFFF"}}
UNREACHED = {"name": "unreached", "requirement": "IVssBackupComponents.BackupComplete#out-of-memory",
             "text": "no preamble gets anywhere",
             "do": {"method": "IVssBackupComponents.InitializeForBackup", "give": "0x80004005"}}
UNKNOWN = {"name": "unknown", "requirement": REQUIREMENT, "text": "no fault", "do": {"inner": "no-such-fault"}}
OTHER = {"name": "other", "requirement": REQUIREMENT, "text": "for i686", "arch": "i686", "do": {"inner": "x"}}
FATES = {"killed": KILLED, "survived": SURVIVES, "elsewhere": ELSEWHERE, "unreached": UNREACHED,
         "not_loaded": UNKNOWN, "skipped": OTHER}


class Selftest(Base):
    def home(self, *mutants):
        """A home folder with these mutants."""
        home = self.dir / "home"
        home.mkdir()
        for entry in HOME.iterdir():
            if entry.name != "mutants.json":
                (home / entry.name).symlink_to(entry.resolve())
        table = {"format": 1, "kind": "mutants", "mutants": list(mutants)}
        (home / "mutants.json").write_text(json.dumps(table), encoding="utf-8")
        return home

    def selftest(self, code, *args):
        return self.expect(code, "selftest", "--color", "never", "--out", self.dir / "out", *args)

    def report(self):
        schema = load(SOURCE / "reports/schema/selftest.schema.json")
        made = load(self.dir / "selftest.json")
        jsonschema.Draft202012Validator(schema).validate(made)
        return made

    def test_fates(self):
        done = self.selftest(1, "--home", self.home(*FATES.values()), "--json", self.dir / "selftest.json",
                             "--report", f"md={self.dir / 'selftest.md'}")
        made = self.report()
        self.assertEqual({mutant["fate"]: mutant["name"] for mutant in made["mutants"]},
                         {fate: mutant["name"] for fate, mutant in FATES.items()})
        self.assertEqual(made["totals"], {**{fate: 1 for fate in FATES}, "outstanding": 0})
        self.assertEqual(made["unmutated"]["bad"], [])
        by_fate = {mutant["fate"]: mutant for mutant in made["mutants"]}
        self.assertTrue(by_fate["killed"]["cases"][0]["kills"])
        self.assertIn("expected VSS_E_BAD_STATE", by_fate["killed"]["cases"][0]["why"])
        self.assertEqual([case["own"] for case in by_fate["elsewhere"]["cases"] if case["kills"]], [False])
        self.assertEqual({case["with"] for case in by_fate["unreached"]["cases"]}, {"inconclusive"})
        for name in ("survives", "elsewhere", "unreached", "unknown"):
            self.assertRegex(done.stdout, rf"(?m)^\w+  {name}$")
        self.assertNotRegex(done.stdout, r"(?m)^killed  ")
        self.assertRegex(done.stdout, r"VSSREF_MUTANT='\{.*\}' vsscts run --iut reference")
        self.assertIn("| killed | `results/backup-components-backup-complete/out-of-order` fail |",
                      (self.dir / "selftest.md").read_text(encoding="utf-8"))
        self.assertTrue((self.dir / "out/killed/run.jsonl").exists())

    def test_killed(self):
        """The exit code is 0; -v names what killed it."""
        done = self.selftest(0, "--home", self.home(KILLED, SURVIVES), "killed", "-v")
        self.assertRegex(done.stdout, r"(?m)^killed  killed$")
        self.assertIn("result: every mutant killed (exit 0)", done.stdout)

    def test_bad_without_a_mutant(self):
        """A reference that is wrong already kills nothing, and is told."""
        home = self.home(KILLED)
        profiles = home / "profiles"
        profiles.unlink()
        profiles.mkdir()
        profile = load(HOME / "profiles/reference.json")
        profile["dll"] = {arch: os.path.normpath(HOME / "profiles" / path) for arch, path in profile["dll"].items()}
        profile["environment"]["VSSREF_MUTANT"] = json.dumps(KILLED["do"])
        (profiles / "reference.json").write_text(json.dumps(profile), encoding="utf-8")
        done = self.selftest(1, "--home", home, "--json", self.dir / "selftest.json")
        self.assertIn("fail without a mutant  results/backup-components-backup-complete/out-of-order", done.stdout)
        self.assertEqual(self.report()["totals"]["killed"], 0)

    def test_made(self):
        """--families makes a mutant for a requirement that no row is about, and not for one that has a row."""
        home = self.home(KILLED)
        self.selftest(0, "--home", home, "--families", f"made/{METHOD}#null-ppAsync",
                      "--json", self.dir / "selftest.json")
        (mutant,) = self.report()["mutants"]
        self.assertEqual((mutant["fate"], mutant["requirement"]), ("killed", f"{METHOD}#null-ppAsync"))
        self.assertEqual(json.loads(mutant["do"]), {"give": "0x00000000", "method": METHOD, "null": 0, "words": 2})
        self.assertIn("no mutant", self.selftest(2, "--home", home, "--families", f"made/{REQUIREMENT}").stderr)

    def test_refused(self):
        home = self.home(KILLED)
        self.assertIn("did you mean killed?", self.selftest(2, "--home", home, "kiled").stderr)
        self.assertIn("json and md", self.selftest(2, "--home", home, "--report", "html=x.html").stderr)
        table = home / "mutants.json"
        table.write_text(table.read_text(encoding="utf-8").replace("#out-of-order", "#out-of-orders"), encoding="utf-8")
        self.assertRegex(self.selftest(2, "--home", home).stderr, r"mutants\.json:1:\d+: unknown requirement .*; did you mean")


if __name__ == "__main__":
    unittest.main()
