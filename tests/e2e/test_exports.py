"""The names that vssref.dll exports, against those that MinGW-w64's import library for vssapi.dll knows."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ.get("VSSCTS_SOURCE", pathlib.Path(__file__).parents[2]))
HOME = pathlib.Path(os.environ.get("VSSCTS_HOME", SOURCE / "build" / "home"))
TRIPLES = {"x86_64": "x86_64-w64-mingw32", "i686": "i686-w64-mingw32"}
# Beside those of the import library: COM's two, which no import library lists, and the hooks of vsstest.h.
MORE = {"DllCanUnloadNow", "DllGetClassObject", "VssTestFail", "VssTestHold", "VssTestRelease", "VssTestReset"}


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def library_names(arch):
    """The names in the import library, each with the bytes of arguments where a decoration tells them."""
    path = output(f"{TRIPLES[arch]}-gcc", "-print-file-name=libvssapi.a").strip()
    names = {}
    for line in output(f"{TRIPLES[arch]}-nm", path).splitlines():
        found = re.fullmatch(r"[0-9a-f]+ T (\S+)", line)
        if found is None:
            continue
        name, size = found[1], None
        decorated = re.fullmatch(r"_(\w+)@(\d+)", name)
        if decorated is not None:
            name, size = decorated[1], int(decorated[2])
        names[name] = size
    return names


def dll_names(arch):
    """The exported names, each with its address."""
    text = output(f"{TRIPLES[arch]}-objdump", "-p", str(HOME / arch / "vssref.dll"))
    addresses = {int(index): address for index, address in
                 re.findall(r"\[ *(\d+)\] \+base\[ *\d+\] ([0-9a-f]+) Export RVA", text)}
    # Newer binutils write the ordinal and a hint before the name.
    pointers = re.search(r"\[Ordinal/Name Pointer\] Table.*?\n(.*?)\n\n", text, re.DOTALL)[1]
    names = {}
    for index, name in re.findall(r"^\s+\[ *(\d+)\] (?:\+base\[ *\d+\] +\w+ +)?(\S+)$", pointers, re.MULTILINE):
        names[name] = addresses[int(index)]
    return names


def def_sizes(arch):
    """What the .def file binds the names to: the bytes of arguments behind the @."""
    text = (SOURCE / "fixtures" / "reference" / f"vssref-{arch}.def").read_text()
    return {name: int(size) for name, size in re.findall(r'^"?([^"\s]+)"? = \w+@(\d+)', text, re.MULTILINE)}


class Exports(unittest.TestCase):
    def setUp(self):
        for arch, triple in TRIPLES.items():
            if shutil.which(f"{triple}-gcc") is None or not (HOME / arch / "vssref.dll").exists():
                self.skipTest(f"no {arch} toolchain or vssref.dll")

    def test_names(self):
        for arch in TRIPLES:
            with self.subTest(arch=arch):
                wanted, exported = set(library_names(arch)), set(dll_names(arch))
                self.assertEqual(len(wanted), 82)
                self.assertEqual(wanted - exported, set())
                self.assertEqual(exported - wanted, MORE)

    def test_internal_names(self):
        """The name for C and the one behind it are the same function."""
        for arch in TRIPLES:
            with self.subTest(arch=arch):
                exported = dll_names(arch)
                checked = 0
                for name in exported:
                    plain = name.removesuffix("Internal")
                    twins = [each for each in exported if each == plain or each.startswith(f"?{plain}@@")]
                    if plain == name or not twins:
                        continue
                    checked += 1
                    self.assertEqual([exported[each] for each in twins], [exported[name]], name)
                self.assertEqual(checked, 6)

    def test_argument_sizes(self):
        """On i686 the callee takes its arguments off the stack: as many bytes as the caller put there."""
        wanted, bound = library_names("i686"), def_sizes("i686")
        sizes = {name: size for name, size in wanted.items() if size is not None}
        self.assertEqual(len(sizes), 13)
        self.assertEqual({name: bound.get(name) for name in sizes}, sizes)
        # A C++ name tells its arguments: a pointer or a number has 4 bytes, a GUID 16.
        for name, size in {"CreateVssBackupComponents": 4, "CreateVssExamineWriterMetadata": 8,
                           "CreateVssSnapshotSetDescription": 24, "LoadVssSnapshotSetDescription": 24}.items():
            found = [bound[each] for each in bound if each.startswith(f"?{name}@@")]
            self.assertEqual(found, [size], name)


if __name__ == "__main__":
    unittest.main()
