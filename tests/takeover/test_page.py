"""The page that shows the way from Terraform shows what the command writes."""

from __future__ import annotations

from tests.docs.pages import ROOT, blocks_of


def test_the_page(run, tmp_path) -> None:
    """The files of the page are those that the command writes for its state, and it prints the `removed` block."""
    blocks = blocks_of((ROOT / "docs" / "how-to" / "take-over-from-terraform.md").read_text())
    files = {block.title: block.text for block in blocks if block.title}
    status, printed, _ = run(files["state.json"].encode())
    assert status == 0
    for name in ("stages.py", "import.json"):
        assert files[name] == (tmp_path / "out" / name).read_text()
    [removed] = [block.text for block in blocks if block.language == "hcl"]
    assert " ".join(removed.split()) in " ".join(printed.split())
