"""Who may import whom. CONTRIBUTING.md says why; change both together."""

import ast
from pathlib import Path

import pytest

import oscar_customers_ext

PACKAGE = Path(oscar_customers_ext.__file__).parent
NAME = "oscar_customers_ext"

# Layer 0 imports nothing of ours, except that everything may use compat.
LAYERS = {
    0: {"conf", "exceptions", "compat", "signals", "policies", "audit", "mail", "verdicts"},
    1: {"contacts"},
    2: {"customers"},
    3: {"accounts", "approval", "baskets", "coupons", "groups", "memberships", "orders", "tax"},
    4: {"activity", "content", "lifecycle", "pricing", "transfers"},
    5: {
        "apps",
        "checks",
        "home",
        "loader",
        "management",
        "middleware",
        "models",
        "panels",
        "receivers",
        "templatetags",
        "urls",
        "viewsets",
        "wagtail_hooks",
    },
}
LAYER_OF = {module: layer for layer, modules in LAYERS.items() for module in modules}

# Features that import one of their own layer, each with its reason.
NEIGHBOURS: set[tuple[str, str]] = set()

# The public import path of the models; nothing below the wiring may use it, and it holds nothing itself.
NOT_LAYERED = {"__init__", "migrations"}


def modules():
    return [path for path in sorted(PACKAGE.rglob("*.py")) if top_of(path) not in NOT_LAYERED]


def top_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def ids(path):
    return str(path.relative_to(PACKAGE))


def imports_of(path):
    """The modules that a file imports, and whether the import stands at the top of the file."""
    package = (NAME, *path.relative_to(PACKAGE).parent.parts)
    tree = ast.parse(path.read_text())
    top_level = {id(node) for node in tree.body} | {
        id(child) for node in tree.body if isinstance(node, ast.Try) for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in top_level
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            for alias in node.names:
                yield f"{module}.{alias.name}", id(node) in top_level


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_imports_only_what_lies_below(path):
    own = top_of(path)
    for name, _at_top in imports_of(path):
        if not name.startswith(NAME + "."):
            continue
        other = name.split(".")[1]
        if other in (own, "compat") or other in NOT_LAYERED:
            continue
        below = LAYER_OF[other] < LAYER_OF[own] or (own, other) in NEIGHBOURS
        assert below or LAYER_OF[own] == 5, f"{own} imports {other}"


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_imports_at_the_top_only(path):
    lazy = [name for name, at_top in imports_of(path) if not at_top]
    assert lazy == [] or path.name == "apps.py"


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_takes_oscars_models_by_name(path):
    found = [
        name for name, _at_top in imports_of(path) if name.startswith("oscar.apps.") and ".models" in name
    ]
    assert found == []


def test_every_module_has_its_layer():
    assert {top_of(path) for path in modules()} <= set(LAYER_OF)


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_files_stay_short_and_are_named_by_a_noun(path):
    assert len(path.read_text().splitlines()) <= 300
    assert path.stem not in {"utils", "helpers", "services", "managers"}
