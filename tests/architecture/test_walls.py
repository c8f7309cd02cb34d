"""The walls of the house: who may import what, read from the source and from fresh processes."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TORCH_FOLDERS = ("views", "encoders", "initialisations", "methods", "train")
TORCH_FILES = ("embed",)  # engine/embed.py
TORCH_FREE = (
    "engine.views",
    "engine.views.recipe",
    "engine.train",
    "engine.train.balance",
    "engine.train.config",
    "engine.train.judgement",
    "engine.train.plateau",
    "engine.train.traps",
)
LONGEST_FILE = 350  # lines; over that an idea wants a file of its own

LAYERS = [  # data flows down, imports point up: a module imports from its own layer or an earlier one
    {"errors", "types"},
    {"registry", "settings", "files"},
    {"project", "run_folder"},
    {"home", "download"},
    {"images"},
    {"slides"},
    {"views"},
    {"priors", "encoders"},
    {"initialisations"},
    {"methods"},
    {"train", "embed"},
    {"embeddings"},
    {"geometry"},
    {"labels", "propagate", "classify"},  # strategies ask classifiers, which read labels; no file asks back
    {"glance", "combine", "guide"},
    {"evaluate", "demo", "accept"},
    {"export"},
    {"catalogue"},
    {"jobs"},
    {"bench"},
    {"documents"},
    {"cli"},
    {"__main__"},
]


def modules(package: str) -> list[str]:
    paths = sorted((ROOT / package).rglob("*.py"))
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    return [name.removesuffix(".__init__") for name in names]


def source(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imports(module: str) -> set[str]:
    """Every module that the source imports at any depth, type-checking imports aside."""
    tree = ast.parse(source(module).read_text("utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if not name.startswith(("engine.", "dashboard.")) or source(name).exists()}


def may_load_torch(module: str) -> bool:
    part = module.split(".")[1] if "." in module else ""
    in_jobs = module.startswith("engine.jobs.") and module.split(".")[2] in ("worker", "tasks")
    return (part in TORCH_FOLDERS or part in TORCH_FILES or in_jobs) and module not in TORCH_FREE


@pytest.mark.parametrize("module", modules("engine"))
def test_the_engine_never_imports_streamlit(module: str) -> None:
    assert not [name for name in imports(module) if name.split(".")[0] == "streamlit"]


@pytest.mark.parametrize("module", modules("engine"))
def test_imports_point_up(module: str) -> None:
    def layer(name: str) -> int:
        part = name.split(".")[1]
        return next(rank for rank, parts in enumerate(LAYERS) if part in parts)

    if module == "engine":
        return
    own = layer(module)
    parts = {part for parts in LAYERS for part in parts}
    for name in imports(module):
        if name.startswith("engine.") and name.split(".")[1] in parts:
            assert layer(name) <= own, f"{module} imports {name}, which lies below it"


def loaded(names: list[str]) -> set[str]:
    """Top-level packages in a fresh process after importing `names`."""
    code = "import sys, importlib; [importlib.import_module(n) for n in sys.argv[1:]]; print(*sys.modules)"
    process = subprocess.run([sys.executable, "-c", code, *names], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in process.stdout.split()}


def test_everything_outside_the_learning_folders_loads_without_torch_faiss_and_umap() -> None:
    names = [name for name in modules("engine") if not may_load_torch(name) and "__main__" not in name]
    assert not loaded(names) & {"torch", "torchvision", "faiss", "umap", "streamlit"}


def test_the_dashboard_loads_without_torch_faiss_and_umap() -> None:
    names = [name for name in modules("dashboard") if ".screens." not in name and "app" not in name.split(".")]
    assert not loaded(names) & {"torch", "torchvision", "faiss", "umap"}


@pytest.mark.parametrize("module", modules("dashboard"))
def test_a_screen_reaches_only_torch_free_engine_modules(module: str) -> None:
    assert not [name for name in imports(module) if name.startswith("engine.") and may_load_torch(name)]
    assert not [name for name in imports(module) if name.split(".")[0] in ("torch", "torchvision", "faiss", "umap")]


@pytest.mark.parametrize("module", modules("engine") + modules("dashboard"))
def test_a_file_holds_one_idea(module: str) -> None:
    assert len(source(module).read_text("utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("module", modules("engine") + modules("dashboard"))
def test_every_module_says_what_it_is_for(module: str) -> None:
    assert ast.get_docstring(ast.parse(source(module).read_text("utf-8")))
