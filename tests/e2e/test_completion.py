"""The manual page, and what bash completes by: made from the tables of the program."""

import re
import shutil
import subprocess
import unittest

from test_cli import COMMANDS, HOME, VSSCTS, Base, vsscts

# Outside of a completion compopt is refused; what the function finds is what counts here.
ASK = """source "$1"
compopt() { :; }
program=$2
shift 2
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_vsscts "$program"
printf '%s\\n' "${COMPREPLY[@]}"
"""


class Manual(Base):
    def test_page(self):
        page = self.expect(0, "manual").stdout
        plain = page.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "")
        for command in COMMANDS:
            self.assertIn(f'.SS "{command}"\n', plain)
        for option in re.findall(r"(?m)^(?:      |  -., )(--\S+)", self.expect(0, "help", "run").stdout):
            self.assertRegex(plain, rf"(?m)^(-., )?{option}( |$)")
        self.assertIn(".TP\n.B 130\ninterrupted\n", plain)

    def test_formatter_has_nothing_to_say(self):
        if shutil.which("groff") is None:
            self.skipTest("no groff here (Debian: groff-base)")
        done = subprocess.run(["groff", "-man", "-ww", "-z", "-Tutf8"], input=self.expect(0, "manual").stdout, text=True,
                              encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, timeout=60)
        self.assertEqual(done.stdout, "")


class Completion(Base):
    @classmethod
    def setUpClass(cls):
        cls.script = vsscts("completion").stdout

    def setUp(self):
        super().setUp()
        self.path = self.dir / "completion.bash"
        self.path.write_text(self.script, encoding="utf-8")

    def ask(self, *words):
        """What bash offers for the last word."""
        done = subprocess.run(["bash", "-c", ASK, "bash", self.path, VSSCTS, "vsscts", *words], cwd=self.dir, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True, timeout=60,
                              env={"PATH": "/usr/bin:/bin", "VSSCTS_HOME": str(HOME)})
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_syntax(self):
        subprocess.run(["bash", "-n", self.path], check=True, timeout=60)

    def test_commands(self):
        first = list(dict.fromkeys(command.split()[0] for command in COMMANDS))
        self.assertEqual(self.ask(""), first)
        self.assertEqual(self.ask("re"), ["report"])
        self.assertEqual(self.ask("expect", ""), ["check", "update"])
        self.assertEqual(self.ask("help", ""), first)

    def test_options(self):
        for command in COMMANDS:
            known = re.findall(r"(?m)^(?:      |  -., )(--\S+)", self.expect(0, "help", *command.split()).stdout)
            self.assertEqual(sorted(self.ask(*command.split(), "--")), sorted(known), command)

    def test_values(self):
        self.assertEqual(self.ask("run", "--arch", ""), ["x86_64", "i686"])
        self.assertEqual(self.ask("run", "--arch", "=", "i"), ["i686"])
        self.assertEqual(self.ask("run", "--arch", "="), ["x86_64", "i686"])
        self.assertEqual(self.ask("list", "--level", "m"), ["must", "may"])
        self.assertEqual(self.ask("run", "--report", "ju"), ["junit="])
        self.assertEqual(self.ask("run", "--iut", "wi"), ["wine"])
        self.assertEqual(self.ask("run", "--jobs", ""), [])

    def test_files_and_cases(self):
        (self.dir / "some folder").mkdir()
        (self.dir / "run.jsonl").touch()
        self.assertEqual(self.ask("report", "ru"), ["run.jsonl"])
        self.assertEqual(self.ask("run", "--expect", "run"), ["run.jsonl"])
        self.assertEqual(self.ask("run", "--out", ""), ["some", "folder"])
        self.assertEqual(self.ask("run", "fac"), ["factory/"])
        self.assertEqual(self.ask("run", "--strict", "factory/cr"), ["factory/create/"])
        self.assertIn("factory/create/null", self.ask("explain", "factory/create/"))
        self.assertEqual(self.ask("version", ""), [])


if __name__ == "__main__":
    unittest.main()
