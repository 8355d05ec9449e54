"""What projects that have the suite test their implementation use: the CMake package, the example, the action of
GitHub, the template of GitLab, and the examples of docs/using-in-your-project.md.

The package is installed from the release tree. What needs the programs for Windows or MinGW is left out without them.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

from test_cli import HOME, SOURCE, has_worker, load
from test_formats import foreign

TREE = SOURCE / "build/native-release"
MINGW = "x86_64-w64-mingw32-gcc"
SUITES = ("factory", "exports", "writers")


def run(*args, cwd=None, env=None):
    return subprocess.run([str(arg) for arg in args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, encoding="utf-8", timeout=120, cwd=cwd, check=False,
                          env={**os.environ, "WINEDEBUG": "-all", **(env or {})})


def read_yaml(path):
    """The documents of a YAML file; the system's Python has the reader. `on` is a key and not true."""
    script = "import json, sys, yaml; print(json.dumps(list(yaml.load_all(open(sys.argv[1]), yaml.BaseLoader))))"
    return foreign("yaml", script, path)


class Base(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vsscts-projects-")
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)

    def good(self, *args, code=0, **more):
        done = run(*args, **more)
        self.assertEqual(done.returncode, code, f"{args}\n{done.stdout[-4000:]}")
        return done.stdout


class Installed(Base):
    """With the release tree installed to a folder."""

    @classmethod
    def setUpClass(cls):
        if not (TREE / "bin/vsscts").exists() or not has_worker():
            raise unittest.SkipTest("the release tree or the programs for Windows are not built")
        folder = tempfile.TemporaryDirectory(prefix="vsscts-installed-")
        cls.addClassCleanup(folder.cleanup)
        cls.prefix = pathlib.Path(folder.name)
        done = run("cmake", "--install", TREE, "--prefix", cls.prefix)
        if done.returncode != 0:
            raise AssertionError(done.stdout)


@unittest.skipUnless(shutil.which(MINGW), f"{MINGW} is missing")
class Example(Installed):
    """examples/clone, as it is installed, is built and tested with the installed suite."""

    def setUp(self):
        super().setUp()
        self.source = self.dir / "clone"
        shutil.copytree(self.prefix / "share/doc/vsscts/examples/clone", self.source)

    def build(self):
        self.good("cmake", "-G", "Ninja", "-S", self.source, "-B", self.dir / "b", "--toolchain",
                  self.source / "mingw-x86_64.cmake", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.good("cmake", "--build", self.dir / "b")

    def ctest(self, code, *suites):
        names = "|".join(suites)
        text = self.good("ctest", "--test-dir", self.dir / "b", "-j2", "-R", rf"\.({names})$", "--output-on-failure",
                         code=code)
        return dict(re.findall(r"vsscts\.clone_vssapi\.(\S+) \.+[ *]*(Passed|Failed|Skipped|Not Run)", text))

    def test_as_it_is(self):
        self.build()
        listed = self.good("ctest", "--test-dir", self.dir / "b", "-N", "-L", "conformance")
        suites = {path.split("/")[0] for path in
                  re.findall(r"(?m)^(\S+/\S+)  ", self.good(self.prefix / "bin/vsscts", "list"))}
        self.assertEqual(set(re.findall(r"vsscts\.clone_vssapi\.(\S+)", listed)), suites | {"loads"})
        # its profile says nothing of writers, so that nothing of this suite can be run: no pass
        self.assertEqual(self.ctest(0, *SUITES), {"loads": "Passed", "factory": "Passed", "exports": "Passed",
                                                  "writers": "Skipped"})
        out = self.dir / "b/vsscts/vsscts.clone_vssapi/factory"
        report = load(out / "report.json")
        self.assertEqual(report["profile"]["name"], "clone")
        cases = ElementTree.parse(out / "junit.xml").getroot().iter("testcase")
        self.assertEqual(len(list(cases)), len(report["cases"]))
        self.assertEqual({case["id"].split("/")[0] for case in report["cases"]}, {"factory"})

    def test_what_fails(self):
        """An entry that is not true fails its suite alone; what cannot be loaded is told once."""
        path = self.source / "expect.json"
        path.write_text(path.read_text(encoding="utf-8").replace('"factory/{', '"factorx/{'), encoding="utf-8")
        self.build()
        self.assertEqual(self.ctest(8, "factory", "exports"),
                         {"loads": "Passed", "factory": "Failed", "exports": "Passed"})
        path = self.source / "vssapi.def"
        path.write_text(path.read_text(encoding="utf-8").replace("ComponentsInternal =", "Components ="), encoding="utf-8")
        self.build()
        self.assertEqual(self.ctest(8, "factory", "exports"),
                         {"loads": "Failed", "factory": "Not Run", "exports": "Not Run"})


class Package(Installed):
    """vsscts_add_tests, in projects without a compiler: the target is a DLL that is there."""

    def configure(self, code, arguments, system="Windows", before="", package="VssCts 0.1", where=None):
        (self.dir / "CMakeLists.txt").write_text(f"""
            cmake_minimum_required(VERSION 3.25)
            project(x LANGUAGES NONE)
            enable_testing()
            set(CMAKE_SIZEOF_VOID_P 8)
            find_package({package} REQUIRED NO_CMAKE_FIND_ROOT_PATH)
            add_library(dll SHARED IMPORTED)
            set_target_properties(dll PROPERTIES IMPORTED_LOCATION {self.prefix}/share/vsscts/x86_64/vssref.dll)
            add_library(headers INTERFACE)
            {before}
            vsscts_add_tests({arguments})
            """, encoding="utf-8")
        done = run("cmake", "-G", "Ninja", "-S", self.dir, "-B", self.dir / "b", f"-DCMAKE_SYSTEM_NAME={system}",
                   f"-DVssCts_ROOT={where or self.prefix}", "--fresh" if (self.dir / "b").exists() else "-Wno-dev")
        self.assertEqual(done.returncode, code, done.stdout)
        return " ".join(done.stdout.split())

    def test_errors(self):
        (self.dir / "bad.json").write_text('{"kind": "expectations"}', encoding="utf-8")
        arm = "set(CMAKE_SYSTEM_PROCESSOR ARM64)"
        for arguments, message, more in (
                ("", "TARGET <library> is missing", {}),
                ("TARGET dl", "there is no target dl", {}),
                ("TARGET headers", "the target headers is a INTERFACE_LIBRARY; an implementation is a DLL", {}),
                ("TARGET dll", "this project is compiled for Linux", {"system": "Linux"}),
                ("TARGET dll", "no worker for ARM64", {"before": arm}),
                ("TARGET dll CASES factori", "the nearest is 'factory'", {}),
                ("TARGET dll CASES factory SKIP factory", "vsscts list (exit 4)", {}),
                ("TARGET dll EXPECT none.json", "EXPECT: there is no file", {}),
                ("TARGET dll PROFILE bad.json", "bad.json is no profile of VSS-CTS", {}),
                ("TARGET dll JOBS 0", "JOBS is a whole number from 1, not '0'", {}),
                ("TARGET dll CASE factory", "unknown arguments: CASE;factory", {}),
                ("TARGET dll EXPECT", "no value for EXPECT", {}),
                ("TARGET dll", "compatible with requested version \"99\"", {"package": "VssCts 99"})):
            with self.subTest(arguments=arguments, **more):
                self.assertIn(message, self.configure(1, arguments, **more))

    def test_arguments(self):
        """They reach the program and CTest; a profile's paths are still those of its folder; the build tree serves."""
        (self.dir / "p.json").write_text("""{"format": 1, "kind": "profile", "name": "p", "dll": "x.dll",
            "claims": {"windows": "6.1"}, "expectations": "e/e.json",
            "environment": {"A": "text", "B": {"file": "m/m.json"}}}""", encoding="utf-8")
        self.configure(0, "TARGET dll PROFILE p.json CASES factory/create async/** SKIP factory/create/null OPTIONS "
                       "--strict PREFIX mine LABELS slow ENVIRONMENT A=1 B=2 WINE_PREFIX w JOBS 3 TIMEOUT 7 SERIAL",
                       where=TREE)
        profile = load(self.dir / "b/vsscts/mine/profile.json")
        self.assertEqual(profile["dll"], f"{self.prefix}/share/vsscts/x86_64/vssref.dll")
        self.assertEqual(profile["expectations"], f"{self.dir}/e/e.json")
        self.assertEqual(profile["environment"], {"A": "text", "B": {"file": f"{self.dir}/m/m.json"}})
        shown = self.good("ctest", "--test-dir", self.dir / "b", "--show-only=json-v1")
        (self.dir / "shown.json").write_text(shown[shown.index("{"):], encoding="utf-8")
        tests = {test["name"]: test for test in load(self.dir / "shown.json")["tests"]}
        self.assertEqual(set(tests), {"mine.loads", "mine.factory.create", "mine.async.__"})
        test = tests["mine.factory.create"]
        command = " ".join(test["command"])
        for part in (f"{TREE}/bin/vsscts run ", "--arch x86_64", "-j 3", "--skip factory/create/null", " --strict ",
                     f"--wine-prefix {self.dir}/b/w "):
            self.assertIn(part, command)
        self.assertTrue(command.endswith(" factory/create"), command)
        properties = {entry["name"]: entry["value"] for entry in test["properties"]}
        self.assertEqual(sorted(properties["LABELS"]), ["slow", "vsscts"])
        self.assertEqual(properties["ENVIRONMENT"], ["A=1", "B=2"])
        self.assertEqual((properties["PROCESSORS"], properties["TIMEOUT"], properties["SKIP_RETURN_CODE"]), (3, 7.0, 4))
        self.assertEqual(properties["RESOURCE_LOCK"], [f"vsscts {self.dir}/b/w"])
        self.assertEqual(properties["FIXTURES_REQUIRED"], ["mine.loads"])


class Pipelines(Base):
    """The steps of the action and the script of the template, run as they stand in the files."""

    linted = set()

    def setUp(self):
        super().setUp()
        self.suite = self.dir / "suite"
        (self.suite / "bin").mkdir(parents=True)
        program = self.suite / "bin/vsscts"
        program.write_text(f'#!/bin/sh\nexec "{TREE}/bin/vsscts" "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        self.entries = self.dir / "expect.json"
        self.entries.write_text("""{"format": 1, "kind": "expectations", "iut": "reference", "entries": [
            {"cases": "factory/create/**", "verdicts": ["crash"], "reason": "it was worse once"}]}""", encoding="utf-8")

    def shell(self, script, code, env):
        """As GitHub's bash runs it; without a fault that shellcheck sees."""
        path = self.dir / "step.sh"
        path.write_text("#!/bin/bash\n" + script, encoding="utf-8")
        if shutil.which("shellcheck") and script not in self.linted:
            self.linted.add(script)
            self.good("shellcheck", path)
        return self.good("bash", "--noprofile", "--norc", "-eo", "pipefail", path, code=code, cwd=self.dir, env=env)

    def action(self, code, skip_suite=False, runner="Linux", **given):
        """Runs the action with the inputs; gives what it printed, its outputs, and the summary of the step."""
        (action,) = read_yaml(SOURCE / "action.yml")
        inputs = {name: entry.get("default", "") for name, entry in action["inputs"].items()}
        inputs.update({"suite": "" if skip_suite else str(self.suite)}, **given)
        files = {name: self.dir / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        outputs, printed = {}, ""
        steps = [step for step in action["runs"]["steps"] if "run" in step]
        for step in steps:
            def value(match, outputs=outputs):
                name = match.group(1)
                return inputs[name[7:]] if name.startswith("inputs.") else outputs[name.split(".", 3)[3]]
            self.assertNotIn("${{", step["run"])  # an input would become part of the script
            env = {name: re.sub(r"\$\{\{ (\S+) \}\}", value, text) for name, text in step["env"].items()}
            env.update({name: str(path) for name, path in files.items()}, RUNNER_OS=runner,
                       GITHUB_ACTION_PATH=str(self.dir / "action"), VSSCTS_HOME=str(HOME))
            last = step is steps[-1]
            expected = code if last or skip_suite else 0
            printed += self.shell(step["run"], expected, env)
            outputs.update(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
            if expected != 0:
                break
        return printed, outputs, files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")

    def test_yaml(self):
        rules = "{extends: default, rules: {line-length: {max: 130}, document-start: disable}}"
        if shutil.which("yamllint") is None:
            self.skipTest("yamllint is missing")
        self.good("yamllint", "-d", rules, SOURCE / "action.yml", SOURCE / "templates/vsscts.yml")

    @unittest.skipUnless(has_worker(), "the home folder has no worker for x86_64")
    def test_action(self):
        printed, outputs, summary = self.action(0, iut="reference", cases="factory/c*/** factory/query",
                                                options="--strict -j 1")
        self.assertIn("result: as expected (exit 0)", printed)
        self.assertEqual(outputs["exit-code"], "0")
        self.assertIn("factory", (self.dir / "vsscts-out/report.json").read_text(encoding="utf-8"))
        self.assertIn("reference", summary)
        for name in ("junit.xml", "report.html"):
            self.assertTrue((self.dir / "vsscts-out" / name).exists(), name)

        printed, outputs, summary = self.action(1, iut="reference", cases="factory", expect=str(self.entries))
        self.assertEqual(outputs["exit-code"], "1")
        self.assertIn("factory/create/null", summary)
        token = re.search(r"(?m)^::stop-commands::(\w{32})$", printed).group(1)
        quiet, _, loud = printed.partition(f"\n::{token}::\n")
        self.assertIn("result: unexpected verdicts", quiet)
        self.assertNotRegex(quiet, "(?m)^::error")
        self.assertRegex(loud, r"(?m)^::error title=factory/create/null::")

    def test_action_without_a_report(self):
        printed, outputs, summary = self.action(2, iut="refrence")
        self.assertIn("did you mean reference?", printed)
        self.assertEqual(outputs["exit-code"], "2")
        self.assertEqual(summary, "**VSS-CTS: no report, exit code 2**\n")

    def test_action_finds_or_builds(self):
        printed, _, _ = self.action(2, skip_suite=True, runner="Windows", iut="reference")
        self.assertIn("::error title=VSS-CTS::on Windows the input suite has to name", printed)
        printed, _, _ = self.action(2, skip_suite=True, iut="reference", suite=str(self.dir / "none"))
        self.assertIn("neither bin/vsscts nor vsscts.exe", printed)
        checkout = self.dir / "action"
        (checkout / "build/native-release").mkdir(parents=True)
        (checkout / "run.sh").write_text(f"#!/bin/sh\nln -s {self.suite}/bin {checkout}/build/native-release/bin\n",
                                         encoding="utf-8")
        (checkout / "run.sh").chmod(0o755)
        _, outputs, _ = self.action(2, iut="refrence", suite="")
        self.assertEqual(outputs["program"], f"{checkout}/build/native-release/bin/vsscts")

    def gitlab(self, job, code, **given):
        header, jobs = read_yaml(SOURCE / "templates/vsscts.yml")
        inputs = {name: entry.get("default", "") for name, entry in header["spec"]["inputs"].items()}
        inputs.update({name.replace("_", "-"): value for name, value in given.items()})
        variables = {**jobs[".vsscts"]["variables"], **jobs[job]["variables"]}
        env = {name: re.sub(r"\$\[\[ inputs\.(\S+) \]\]", lambda match: inputs[match.group(1)], text)
               for name, text in variables.items()}
        (script,) = jobs[job]["script"]
        return self.shell(script, code, {**env, "VSSCTS_HOME": str(HOME)})

    @unittest.skipUnless(has_worker(), "the home folder has no worker for x86_64")
    def test_gitlab(self):
        printed = self.gitlab("vsscts-wine", 1, iut="reference", cases="factory/c*/** factory/query",
                              suite=str(self.suite), expect=str(self.entries), options="--strict")
        self.assertIn("crash -> pass  factory/create/null", printed)
        _, jobs = read_yaml(SOURCE / "templates/vsscts.yml")
        for path in (jobs[".vsscts"]["artifacts"]["reports"]["junit"], "vsscts-out/summary.md", "vsscts-out/report.html"):
            self.assertTrue((self.dir / path).exists(), path)
        self.assertIn("neither of the inputs source and suite", self.gitlab("vsscts-wine", 2, iut="reference"))

    def test_documentation(self):
        """The examples of the page are YAML, and name no input that there is not."""
        text = (SOURCE / "docs/using-in-your-project.md").read_text(encoding="utf-8")
        blocks = re.findall(r"(?ms)^```yaml\n(.*?)^```$", text)
        self.assertGreaterEqual(len(blocks), 2)
        (action,) = read_yaml(SOURCE / "action.yml")
        header, _ = read_yaml(SOURCE / "templates/vsscts.yml")
        used = []
        for block in blocks:
            path = self.dir / "block.yml"
            path.write_text(block, encoding="utf-8")
            (document,) = read_yaml(path)
            for job in document.get("jobs", {}).values():
                used += [(step["with"], action["inputs"]) for step in job["steps"]
                         if step.get("uses", "").startswith("OWNER/vss-cts@")]
            used += [(entry["inputs"], header["spec"]["inputs"]) for entry in document.get("include", [])]
        self.assertGreaterEqual(len(used), 3)
        for given, known in used:
            self.assertEqual(set(given) - set(known), set())
            self.assertIn("iut", given)
