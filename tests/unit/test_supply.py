"""What is shipped is known piece by piece: its hashes, and its list for those who watch over vulnerabilities."""

from __future__ import annotations

import json
import re

from tests.helpers import notice, sbom
from tests.helpers.process import ROOT

PINS = {
    notice.canonical(line.partition("==")[0]): line.partition("==")[2]
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
}


def test_the_list_of_a_bundle_names_each_part_once_with_its_version() -> None:
    parts = notice.parts()
    told = json.loads(sbom.sbom(parts, ["libxcb1"]))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert told["metadata"]["component"]["name"] == "qpvdesk"
    names = [one["bom-ref"] for one in told["components"]]
    assert len(set(names)) == len(names) == len(parts)
    pinned = {one["purl"] for one in told["components"] if "purl" in one}
    assert pinned
    for purl in pinned:
        name, version = purl.removeprefix("pkg:pypi/").split("@")
        assert PINS[name] == version
    assert all(one["licenses"][0]["license"]["name"] for one in told["components"] if "licenses" in one)


def test_the_bundle_holds_the_list() -> None:
    spec = (ROOT / "build.spec").read_text(encoding="utf-8")
    assert re.search(r'datas\.append\(\(os\.path\.join\("resources", sbom\.FILE\)', spec)


def test_each_pin_has_its_hashes_and_no_host_is_named() -> None:
    lines = (ROOT / ".ci" / "hashes.txt").read_text(encoding="utf-8").splitlines()
    hashed = {}
    for line in lines:
        if not line.startswith("#"):
            told = re.fullmatch(r"([\w.-]+)==([\w.]+)(?: --hash=sha256:[0-9a-f]{64})+", line)
            assert told is not None, line
            hashed[told[1]] = told[2]
    assert hashed == PINS
