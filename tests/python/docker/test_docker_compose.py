"""What ``docker/`` promises, read from its files: no daemon is needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gaugeglass.config import OPTIONS

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")

ROOT = Path(__file__).parents[3]
DOCKER = ROOT / "docker"
COMPOSE = (DOCKER / "compose.yaml").read_text()
SETTINGS = {f"GAUGEGLASS_{s}_{k}".upper() for s, keys in OPTIONS.items() for k in keys}
VARIABLE = re.compile(r"\$\{([A-Z_]+)")


def services() -> list[Any]:
    return [pytest.param(s, id=name) for name, s in yaml.safe_load(COMPOSE)["services"].items()]


def mounts(service: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {v["target"]: v for v in service["volumes"]}


@pytest.mark.parametrize("service", services())
def test_service_is_shut_in(service: dict[str, Any]) -> None:
    assert service["network_mode"] == "none"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pull_policy"] == "never"
    opened = {"privileged", "cap_add", "devices", "pid", "ipc", "ports", "networks", "userns_mode"}
    assert not opened & service.keys()


@pytest.mark.parametrize("service", services())
def test_service_is_not_root_by_default(service: dict[str, Any]) -> None:
    default = re.fullmatch(r"\$\{RUN_AS:-(\d+):(\d+)\}", service["user"])
    assert default
    assert all(int(part) > 0 for part in default.groups())


@pytest.mark.parametrize("service", services())
def test_service_is_limited(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"\$\{MEMORY:-\d+[mg]\}", service["mem_limit"])
    assert re.fullmatch(r"\$\{CPUS:-\d+\}", service["cpus"])
    assert 0 < service["pids_limit"] <= 1024
    for entry in service["tmpfs"]:
        options = entry.partition(":")[2].split(",")
        assert {"noexec", "nosuid", "nodev"} <= set(options)
        assert any(o.startswith("size=") for o in options)


@pytest.mark.parametrize("service", services())
def test_logs_are_read_only_and_nothing_of_the_host_but_out_is_writable(
    service: dict[str, Any],
) -> None:
    found = mounts(service)
    assert found["/logs"]["type"] == "bind"
    assert found["/logs"]["read_only"] is True
    writable = {t for t, v in found.items() if v["type"] == "bind" and not v.get("read_only")}
    assert writable == {"/out"}
    for target in ("/logs", "/out"):
        assert ":?" in found[target]["source"], "no default may stand in for a folder of the host"


def test_workers_do_not_follow_the_hosts_cores() -> None:
    for service in yaml.safe_load(COMPOSE)["services"].values():
        given = service["environment"]["GAUGEGLASS_INGEST_WORKERS"]
        assert re.fullmatch(r"\$\{GAUGEGLASS_INGEST_WORKERS:-\d+\}", given)


def test_settings_are_known_to_the_program() -> None:
    for service in yaml.safe_load(COMPOSE)["services"].values():
        assert set(service["environment"]) <= SETTINGS


def test_example_env_lists_exactly_what_compose_reads() -> None:
    lines = (DOCKER / "example.env").read_text().splitlines()
    listed = {m[1] for line in lines if (m := re.match(r"#?([A-Z_]+)=", line))}
    passed = {k for s in yaml.safe_load(COMPOSE)["services"].values() for k in s["environment"]}
    assert listed == set(VARIABLE.findall(COMPOSE)) | passed


def test_image_is_not_root_and_runs_no_shell() -> None:
    text = (DOCKER / "analytics.Dockerfile").read_text()
    final = text[text.rindex("\nFROM ") :]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", final, re.M)
    assert 'ENTRYPOINT ["gaugeglass"]' in final
    assert not re.search(r"^RUN ", final, re.M), "the runtime stage only copies"


def test_compose_and_dockerfile_agree_on_the_base() -> None:
    text = (DOCKER / "analytics.Dockerfile").read_text()
    base = re.search(r"^ARG BASE=(.+)$", text, re.M)
    assert base
    assert f"${{BASE:-{base[1]}}}" in COMPOSE


def test_build_context_holds_only_what_the_wheel_needs() -> None:
    lines = (DOCKER / "analytics.Dockerfile.dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = [line[1:] for line in rules if line.startswith("!")]
    assert all((ROOT / path).exists() for path in allowed)
    copied = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (DOCKER / "analytics.Dockerfile").read_text(), re.M
    )
    needed = {path for line in copied for path in line.split()}
    assert needed == {path.split("/")[0] for path in allowed}
