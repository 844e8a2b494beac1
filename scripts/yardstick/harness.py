"""The public matching-engine-benchmark's harness, one run at a time."""
import json
import os
import pathlib
import re
import subprocess
import tempfile

SCENARIOS = ["static", "normal", "swing-25", "swing-40", "flash-crash"]
SEED, COUNT = 23, 1_000_000
LIMIT_SECONDS = 900


class HarnessError(Exception):
    """A run without a result, with the remedy."""


class Harness:
    """A checkout with its harness and generator built.

    - cpus: "M,D" for matcher and drainer; none takes the last two this process may use."""

    def __init__(self, folder, cpus=None):
        self.folder = pathlib.Path(folder)
        if cpus:
            self.cpus = [int(cpu) for cpu in cpus.split(",")]
        else:
            self.cpus = sorted(os.sched_getaffinity(0))[-2:]
        if len(self.cpus) != 2 or self.cpus[0] == self.cpus[1]:
            raise HarnessError("matcher and drainer take two CPUs: allow this process two, or give --cpus M,D")

    def workload(self, scenario):
        """The file the harness looks for."""
        return self.folder / f"orders_{scenario}_s{SEED}_n{COUNT}.bin"

    def generate(self, scenario):
        """Writes a workload that is not there yet."""
        path = self.workload(scenario)
        if path.exists():
            return
        done = subprocess.run(["./generator", scenario, path.name, str(COUNT), str(SEED)], cwd=self.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            path.unlink(missing_ok=True)
            raise HarnessError(f"the workload {scenario} was not generated: {done.stdout.strip()}")

    def run(self, engine, scenario, mode):
        """One run's result as the harness writes it."""
        command = ["./harness", "--engine", engine, "--scenario", scenario, "--mode", mode, "--seed", str(SEED),
                   "--count", str(COUNT), "--matcher-core", str(self.cpus[0]), "--drainer-core", str(self.cpus[1])]
        try:
            done = subprocess.run(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True, errors="replace", timeout=LIMIT_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise HarnessError(f"{engine}, {scenario}: no end within {LIMIT_SECONDS} s") from error
        found = re.search(r"^Result file: (.+)$", done.stdout, re.MULTILINE)
        if not found:
            said = [line for line in done.stdout.splitlines() if line.strip()][-1:]
            raise HarnessError(f"{engine}, {scenario}, {mode}: no result (exit {done.returncode}): {' '.join(said)}")
        return json.loads((self.folder / found.group(1)).read_text())

    def audit(self, engine, scenario):
        """The audit's result. In `static` liquibook is a baseline too slow for the harness's own limit of two minutes;
        an engine of liquibook's name is audited against quantcup, so there ours bears that name."""
        if scenario != "static":
            return self.run(engine, scenario, "audit")
        with tempfile.TemporaryDirectory() as folder:
            link = os.path.join(folder, "liquibook.so")
            os.symlink(engine, link)
            return self.run(link, scenario, "audit")

    @staticmethod
    def reason(result):
        """Why a verdict is not VALID, of what the result tells."""
        correctness, audit, affinity = result["correctness"], result["audit"], result["affinity"]
        if correctness["status"] != "PASS":
            return f"report stream: {correctness['status']}"
        if not (affinity["matcher"] and affinity["drainer"]):
            return "a thread could not be pinned; give --cpus"
        if result["mode"] == "audit" and not audit["passed"]:
            return f"book state: {audit['note']}"
        if result.get("excluded_frac", 0) > 0.25:
            return f"{result['excluded_frac']:.0%} of the time went into questions about the book"
        return "book before the start, preparation or report buffer; run the harness by hand to see"
