"""The house rules that a machine can check. A rule that has an exception names it here with its reason."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SERVICE = ROOT / "service"
MODULES = sorted(SERVICE.rglob("*.py"))
MAX_LINES = 350

# Nothing in particular is what such a module holds; a function lives with its noun.
NAMELESS = {"utils", "util", "common", "helpers", "helper", "manager", "handler", "handlers", "misc"}

# file -> why it is longer
LONG_FILES: dict[str, str] = {
    "service/audit/verify_audit.py": "goes into every export as one file that needs nothing beside it",
    "service/screening/facts.py": "the whole request as types, one field after another, and hardly a statement",
}

# file -> why it reads the environment although service/config.py is the place for that
READS_ENVIRONMENT: dict[str, str] = {}

# file -> why a statement stands in Python and not in sql/
HOLDS_SQL: dict[str, str] = {
    "service/store/embedded.py": "makes the cluster's one database, before sql/ has anything to stand in",
}

STATEMENT = re.compile(
    r"^\s*(select\s.+|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\S+\s+as\s*\(|merge\s+into\s|copy\s+\S+\s"
    r"|(create|alter|drop)\s+(database|role|table|index|extension|schema|view|function)\s|truncate\s|grant\s.+\sto\s)",
    re.IGNORECASE | re.DOTALL,
)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def docstrings(tree: ast.Module) -> set[int]:
    """The ids of the nodes that are docstrings."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The string literals of a module that are not docstrings, with their lines."""
    tree = ast.parse(path.read_text())
    documentation = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and id(node) not in documentation:
            yield node.lineno, node.value if isinstance(node.value, str) else node.value.decode("latin-1")


def environment_reads(path: Path) -> list[int]:
    """The lines of a module that name the process's environment."""
    names = {"environ", "environb", "getenv"}
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Attribute) and node.attr in names and ast.unparse(node.value) == "os")
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and names & {alias.name for alias in node.names})
    ]


def files() -> list[Path]:
    """Every file that is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_no_module_has_a_name_that_says_nothing() -> None:
    words = {path: set(re.split(r"[/_.]", path.relative_to(SERVICE).as_posix())) for path in MODULES}
    assert [relative(path) for path in MODULES if NAMELESS & words[path]] == []


def test_sql_stands_in_sql_files_only() -> None:
    found = [
        f"{relative(path)}:{line}: {text[:60]!r}"
        for path in MODULES
        if relative(path) not in HOLDS_SQL
        for line, text in texts(path)
        if STATEMENT.match(text)
    ]
    assert found == []


def test_only_config_reads_the_environment() -> None:
    readers = {relative(path) for path in MODULES if environment_reads(path)}
    assert readers <= {"service/config.py", *READS_ENVIRONMENT}


def test_every_file_is_short_enough_to_read_in_one_go() -> None:
    long = {relative(path) for path in MODULES if len(path.read_text().splitlines()) > MAX_LINES}
    assert long <= set(LONG_FILES)


def test_every_exception_to_a_rule_is_still_needed() -> None:
    lines = {relative(path): len(path.read_text().splitlines()) for path in MODULES}
    assert [name for name in LONG_FILES if lines.get(name, 0) <= MAX_LINES] == []
    assert [name for name in READS_ENVIRONMENT if not environment_reads(ROOT / name)] == []
    assert [name for name in HOLDS_SQL if not any(STATEMENT.match(text) for _, text in texts(ROOT / name))] == []


def test_every_error_class_is_called_an_error() -> None:
    named = [
        f"{relative(path)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id.endswith(("Error", "Exception")) for base in node.bases)
        and not node.name.endswith("Error")
    ]
    assert named == []


def test_imports_point_one_way() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_no_file_names_a_package_index_or_a_folder_of_somebody_s_machine() -> None:
    # In pieces, so that this file does not hold what it looks for.
    forbidden = re.compile(
        "|".join(
            (
                r"--(extra-)?index" + "-url",
                "--find" + "-links",
                r"https?://[^ \"']*/" + r"(simple|packages)/",
                "pythonhosted" + r"\.org",
                "/ro" + "ot/",
                r"/ho" + r"me/[a-z]",
                "/wo" + "rk/",
                "/opt/py" + "pi",
            )
        )
    )
    found = []
    for path in files():
        content = path.read_bytes()
        if b"\0" in content[:8192]:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            if forbidden.search(line):
                found.append(f"{relative(path)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_a_committed_migration_is_never_edited_or_removed() -> None:
    """A database that ran the first text would never run the second: write another migration."""
    if not git("for-each-ref", "--count=1"):
        return  # nothing is committed yet
    added = git("log", "--diff-filter=A", "--format=commit %H", "--name-only", "--", "sql/migrations").split("\n")
    first: dict[str, str] = {}
    commit = ""
    for line in added:  # newest first, so the oldest commit wins
        if line.startswith("commit "):
            commit = line.removeprefix("commit ")
        elif line:
            first[line] = commit
    changed = [
        name
        for name, commit in first.items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text() != git("show", f"{commit}:{name}")
    ]
    assert changed == []


def test_migrations_go_forward_in_the_order_of_their_names() -> None:
    names = sorted(path.name for path in (ROOT / "sql" / "migrations").iterdir())
    assert [name for name in names if not re.fullmatch(r"\d{14}_[a-z0-9_]+\.sql", name)] == []
    assert len({name[:14] for name in names}) == len(names)
