"""The API tables against the MinGW-w64 headers.

From cases/api/*.json a C++ file of static assertions is made and compiled for both architectures: every slot
(offsetof in the C vtables), also those of the bases, the size of every vtable, the interface ids, every argument
count, the size and kind of every argument, the values of enumerations, and the layout of structures. A table that is
wrong does not compile.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get("VSSCTS_SOURCE", pathlib.Path(__file__).parents[2]))
API = SOURCE / "cases" / "api"
POINTER = {"x86_64": 8, "i686": 4}
SIZES = {"u16": 2, "u32": 4, "i32": 4, "u64": 8, "i64": 8, "bool": 1, "enum": 4, "hresult": 4, "guid": 16}
POINTER_KINDS = {"guid_ref", "guid_array", "wstr", "bstr", "iface", "struct", "struct_array", "struct_ptr",
                 "ptr"}

PRELUDE = """
#define CINTERFACE
#include <windows.h>
#include <unknwn.h>
#undef DEFINE_GUID
#define DEFINE_GUID(name, a, b, c, ...) constexpr GUID name = {a, b, c, {__VA_ARGS__}}
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <cstddef>
#include <tuple>
#include <type_traits>
template <class F> struct sig;
template <class R, class... A> struct sig<R (STDMETHODCALLTYPE *)(A...)> {
    static constexpr size_t count = sizeof...(A);
    template <size_t N> using arg = typename std::tuple_element<N, std::tuple<A...>>::type;
};
template <class T> constexpr bool is_address = std::is_pointer<T>::value || std::is_reference<T>::value;
constexpr bool same(const GUID &a, const GUID &b)
{
    bool same = a.Data1 == b.Data1 && a.Data2 == b.Data2 && a.Data3 == b.Data3;
    for (int i = 0; i < 8; i++)
        same = same && a.Data4[i] == b.Data4[i];
    return same;
}
template <class T> using pointee = typename std::remove_pointer<T>::type;
"""


def field_layout(fields, arch):
    """Offsets by natural alignment, and the whole size: what the runner computes too."""
    offset, align, out = 0, 1, {}
    for field in fields:
        kind = field["kind"]
        size = POINTER[arch] if kind in ("wstr", "bstr", "ptr") else SIZES[kind]
        step = 4 if kind == "guid" else size
        offset = (offset + step - 1) // step * step
        out[field["name"]] = offset
        offset += size
        align = max(align, step)
    return out, (offset + align - 1) // align * align


def guid_text(text):
    """As an initializer; NULL ids are what the headers have where none is published."""
    digits = (text or "0" * 32).replace("-", "")
    tail = ", ".join("0x" + digits[i:i + 2] for i in range(16, 32, 2))
    return "GUID{0x%s, 0x%s, 0x%s, {%s}}" % (digits[:8], digits[8:12], digits[12:16], tail)


def interface_asserts(table, tables):
    """The vtable as a whole: slots of the bases, no method too few, and the id."""
    name, vtbl, slots = table["interface"], f'{table["interface"]}Vtbl', 0
    base = table
    while base is not None:
        for method in base["methods"]:
            slots += 1
            yield (f'static_assert(offsetof({vtbl}, {method["name"]}) == {method["slot"]} * sizeof(void *), '
                   f'"{name}: slot of {method["name"]}");')
        base = tables[base["base"]] if base["base"] else None
    yield f'static_assert(sizeof({vtbl}) == {slots} * sizeof(void *), "{name}: number of methods");'
    if name != "IUnknown":
        yield f'static_assert(same(IID_{name}, {guid_text(table["iid"])}), "{name}: id");'


def method_asserts(interface, method, arch):
    vtbl = f"{interface}Vtbl"
    where = f"{interface}.{method['name']}"
    params = method["params"]
    kind = f"sig<decltype({vtbl}::{method['name']})>"
    yield f'static_assert({kind}::count == {len(params) + 1}, "{where}: number of arguments");'
    for i, param in enumerate(params, 1):
        arg, name = f"{kind}::arg<{i}>", f"{where}: {param['name']}"
        if param["dir"] == "in" and param["kind"] not in POINTER_KINDS:
            yield f'static_assert(!is_address<{arg}> && sizeof({arg}) == {SIZES[param["kind"]]}, "{name}");'
            continue
        yield f'static_assert(is_address<{arg}>, "{name}: a pointer");'
        if param["dir"] != "in" and param["kind"] in SIZES:
            yield f'static_assert(sizeof(pointee<{arg}>) == {SIZES[param["kind"]]}, "{name}: what it points at");'
        if param["dir"] != "in" and param["kind"] in {"iface", "bstr", "wstr", "struct_ptr", "ptr"}:
            yield f'static_assert(std::is_pointer<pointee<{arg}>>::value, "{name}: a pointer to a pointer");'


def type_asserts(types, arch):
    for enum, values in types["enums"].items():
        for name, value in values.items():
            yield f'static_assert((int){name} == {value}, "{enum}: {name}");'
    for struct, fields in types["structs"].items():
        offsets, size = field_layout(fields, arch)
        if struct == "VSS_OBJECT_PROP":
            # In the headers the fields after the type are a union; its first member has them.
            yield f'static_assert(sizeof({struct}) == {size}, "{struct}: size");'
            first = next(f["name"] for f in fields if f["name"].startswith("m_"))
            yield f'static_assert(offsetof({struct}, Obj) == {offsets[first]}, "{struct}: union");'
            continue
        yield f'static_assert(sizeof({struct}) == {size}, "{struct}: size");'
        for field in fields:
            name = field["name"]
            yield f'static_assert(offsetof({struct}, {name.lstrip("_")}) == {offsets[name]}, "{struct}: {name}");'


class Headers(unittest.TestCase):
    def compile(self, arch, lines):
        compiler = f"{arch}-w64-mingw32-g++"
        if shutil.which(compiler) is None:
            self.fail(f"{compiler} is not installed")
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "asserts.cpp")
            file.write_text(PRELUDE + "\n".join(lines) + "\n")
            run = subprocess.run(
                [compiler, "-std=c++17", "-fsyntax-only", "-Wno-invalid-offsetof", str(file)],
                capture_output=True, text=True, timeout=300, check=False)
        return run.returncode, [line for line in run.stderr.splitlines() if "error:" in line]

    def lines(self, arch):
        files = [json.loads(path.read_text()) for path in sorted(API.glob("*.json"))]
        tables = {table["interface"]: table for table in files if table["kind"] == "interface"}
        out = []
        for table in files:
            if table["kind"] == "interface" and all("slot" in method for method in table["methods"]):
                # a class whose members are exported has no table of slots
                out += interface_asserts(table, tables)
                for method in table["methods"]:
                    out += method_asserts(table["interface"], method, arch)
            elif table["kind"] == "types":
                out += type_asserts(table, arch)
        self.assertEqual(len(tables), 21)
        return out

    def test_tables_agree_with_headers(self):
        for arch in POINTER:
            with self.subTest(arch=arch):
                code, errors = self.compile(arch, self.lines(arch))
                self.assertEqual((code, errors), (0, []))

    def test_a_wrong_slot_is_seen(self):
        lines = [line.replace("BackupComplete) == 27", "BackupComplete) == 28") for line in self.lines("x86_64")]
        code, errors = self.compile("x86_64", lines)
        self.assertNotEqual(code, 0)
        self.assertTrue(any("IVssBackupComponents: slot of BackupComplete" in error for error in errors), errors)

    def test_a_wrong_id_is_seen(self):
        lines = [line.replace("0xd2c72c96", "0xd2c72c97") for line in self.lines("x86_64")]
        code, errors = self.compile("x86_64", lines)
        self.assertNotEqual(code, 0)
        self.assertTrue(any("IVssComponent: id" in error for error in errors), errors)

    def test_snapshot_properties_have_128_bytes(self):
        types = json.loads((API / "types.json").read_text())
        offsets, size = field_layout(types["structs"]["VSS_SNAPSHOT_PROP"], "x86_64")
        self.assertEqual(size, 128)
        self.assertEqual(list(offsets.values()), [0, 16, 32, 40, 48, 56, 64, 72, 80, 88, 104, 112, 120])


if __name__ == "__main__":
    unittest.main()
