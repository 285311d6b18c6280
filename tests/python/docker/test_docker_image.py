"""The image, built and run for real.

Needs a Docker daemon, and ``GAUGEGLASS_DOCKER_BASE``: a base image that is already on this machine.
``GAUGEGLASS_DOCKER_BUILD`` holds more options of ``docker build`` (a pip.conf as a secret, a
network), ``DOCKER`` and ``DOCKER_COMPOSE`` the commands, where they are not the usual ones.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.docker

ROOT = Path(__file__).parents[3]
DOCKER = shlex.split(os.environ.get("DOCKER", "docker"))
TAG = "test"
IMAGE = f"gaugeglass-analytics:{TAG}"
UID = 23456

#: Run inside the container: tells what the process may do, as JSON.
PROBE = """
import json, os, pathlib
def write(path):
    try:
        pathlib.Path(path, "probe").write_text("x")
        pathlib.Path(path, "probe").unlink()
        return "written"
    except OSError as err:
        return os.strerror(err.errno)
status = dict(l.split(":", 1) for l in open("/proc/self/status") if ":" in l)
print(json.dumps({
    "ids": [os.getuid(), os.geteuid(), os.getgid(), os.getegid()],
    "caps": [int(status[c], 16) for c in ("CapEff", "CapPrm", "CapBnd")],
    "no_new_privs": status["NoNewPrivs"].strip(),
    "interfaces": sorted(os.listdir("/sys/class/net")),
    "write": {p: write(p) for p in ("/", "/logs", "/opt/gaugeglass", "/etc", "/out", "/tmp",
                                    "/var/tmp")},
}))
"""


def run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, timeout=1800, env={**os.environ, **environ}
    )


def compose_command() -> list[str] | None:
    """``DOCKER_COMPOSE``, or the plugin, or the older program of its own."""
    if given := os.environ.get("DOCKER_COMPOSE"):
        return shlex.split(given)
    if run(*DOCKER, "compose", "version").returncode == 0:
        return [*DOCKER, "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


@pytest.fixture(scope="module")
def image() -> str:
    """The image, built from this tree on ``GAUGEGLASS_DOCKER_BASE``."""
    base = os.environ.get("GAUGEGLASS_DOCKER_BASE")
    if not base:
        pytest.skip("GAUGEGLASS_DOCKER_BASE names no base image")
    if shutil.which(DOCKER[0]) is None:
        pytest.skip(f"{DOCKER[0]} is not installed")
    info = run(*DOCKER, "info")
    if info.returncode != 0:
        told = [line for line in info.stderr.splitlines() if line.startswith("ERROR:")]
        pytest.skip(f"docker info: {(told or info.stderr.strip().splitlines() or ['failed'])[0]}")
    more = shlex.split(os.environ.get("GAUGEGLASS_DOCKER_BUILD", ""))
    built = run(
        *DOCKER, "build", *more, "--build-arg", f"BASE={base}", "--build-arg", "VERSION=0.test",
        "-f", str(ROOT / "docker" / "analytics.Dockerfile"), "-t", IMAGE, str(ROOT),
        DOCKER_BUILDKIT="1",
    )  # fmt: skip
    assert built.returncode == 0, built.stderr[-4000:]
    return IMAGE


class Site:
    """A folder of logs, a folder for results, and the compose project over them."""

    def __init__(self, compose: list[str], folder: Path) -> None:
        self.logs, self.out = folder / "logs", folder / "out"
        self.logs.mkdir(mode=0o755)
        self.out.mkdir(mode=0o700)
        # As root the results go to somebody else; as anybody else, to whom runs the test.
        self.uid = UID if os.getuid() == 0 else os.getuid()
        if os.getuid() == 0:
            os.chown(self.out, UID, UID)
        self._compose = compose

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run(
            *self._compose, "-f", str(ROOT / "docker" / "compose.yaml"), *arguments,
            LOGS=str(self.logs), OUT=str(self.out), RUN_AS=f"{self.uid}:{self.uid}", TAG=TAG,
        )  # fmt: skip


@pytest.fixture
def site(image: str, tmp_path: Path) -> Iterator[Site]:
    del image
    compose = compose_command()
    if compose is None:
        pytest.skip("neither `docker compose` nor docker-compose is installed")
    site = Site(compose, tmp_path)
    lines = [
        json.dumps({
            "_path": "conn", "ts": 1763800000.0 + 5 * n, "uid": f"C{n}",
            "id.orig_h": f"10.1.1.{2 + n % 3}", "id.orig_p": 40000 + n,
            "id.resp_h": "10.1.1.50", "id.resp_p": 502, "proto": "tcp", "service": "modbus",
            "duration": 1.0, "orig_bytes": 120, "resp_bytes": 240, "conn_state": "SF",
        })
        for n in range(200)
    ]  # fmt: skip
    (site.logs / "conn.log").write_text("\n".join(lines) + "\n")
    yield site
    site("down", "--volumes")


def test_image_holds_the_program_and_no_installer(image: str) -> None:
    shut = [*DOCKER, "run", "--rm", "--network", "none", "--read-only"]
    version = run(*shut, image, "--version")
    assert version.returncode == 0, version.stderr
    assert version.stdout.startswith("gaugeglass")
    code = "import importlib.util; print(importlib.util.find_spec('pip'))"
    pip = run(*shut, "--entrypoint", "/opt/gaugeglass/bin/python", image, "-c", code)
    assert pip.stdout.strip() == "None", pip.stderr


def test_image_names_its_user_and_itself(image: str) -> None:
    config = json.loads(run(*DOCKER, "inspect", image).stdout)[0]["Config"]
    assert config["User"] == "10001:10001"
    assert config["Labels"]["org.opencontainers.image.version"] == "0.test"
    assert config["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"


def test_run_writes_results_that_belong_to_the_caller(site: Site) -> None:
    before = (site.logs / "conn.log").read_bytes()
    done = site("run", "--rm", "analytics")
    assert done.returncode == 0, done.stderr
    made = [p for p in site.out.rglob("*") if p.is_file()]
    assert (site.out / "state").is_dir()
    assert {"assets.csv", "report.html"} <= {p.name for p in made}
    assert {p.stat().st_uid for p in made} == {site.uid}
    assert (site.logs / "conn.log").read_bytes() == before
    assert [p.name for p in site.logs.iterdir()] == ["conn.log"]


def test_other_commands_find_the_state_of_the_run(site: Site) -> None:
    assert site("run", "--rm", "analytics").returncode == 0
    asked = site("run", "--rm", "-T", "analytics", "assets", "--format", "json")
    assert asked.returncode == 0, asked.stderr
    assert {ip for asset in json.loads(asked.stdout) for ip in asset["ips"]} >= {"10.1.1.50"}


def test_container_can_do_nothing_but_write_its_results(site: Site) -> None:
    asked = site(
        "run", "--rm", "-T", "--entrypoint", "/opt/gaugeglass/bin/python", "analytics", "-c", PROBE
    )
    assert asked.returncode == 0, asked.stderr
    seen = json.loads(asked.stdout)
    assert set(seen["ids"]) == {site.uid}
    assert set(seen["caps"]) == {0}
    assert seen["no_new_privs"] == "1"
    assert seen["interfaces"] == ["lo"]
    can = {path for path, outcome in seen["write"].items() if outcome == "written"}
    assert can == {"/out", "/tmp", "/var/tmp"}, seen["write"]


def test_results_that_cannot_be_written_are_a_failure(site: Site) -> None:
    site.out.chmod(0o500)
    done = site("run", "--rm", "analytics")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
