"""The public matching-engine-benchmark's conformance cases, with the oracle engines that could be built."""
import contextlib
import importlib.util
import io
import pathlib
import re
import sys
import tempfile

ORACLES = 3
# Those the benchmark takes first, then others that conform to it as shipped.
CANDIDATES = ["cpp_orderbook", "llc993", "hroptatyr_clob", "cpptrader", "liquibook", "quantcup"]
AUDIT_BASELINES = ["liquibook", "quantcup"]


def check(folder, engine):
    """Runs every case for one shared object. Returns what was found: conforms, verdict, oracles, cases.

    The benchmark's own script is loaded as it is; only its list of oracles, and where it keeps their answers, are set."""
    folder = pathlib.Path(folder)
    built = [name for name in CANDIDATES if (folder / f"{name}_adapter.so").exists()]
    oracles = built[:ORACLES]
    missing = [name for name in AUDIT_BASELINES if name not in built]
    if len(oracles) < ORACLES or missing:
        lacking = f"{' and '.join(missing)} for the book" if missing else f"{ORACLES} oracles"
        return {"conforms": False, "oracles": oracles, "cases": {},
                "verdict": f"not run: needs {lacking}; build them with --oracle NAME"}
    spec = importlib.util.spec_from_file_location("conformance_check", folder / "scripts" / "conformance_check.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.BASELINES = {name: f"./{name}_adapter.so" for name in oracles}
    said, arguments = io.StringIO(), sys.argv
    with tempfile.TemporaryDirectory() as scratch:
        script.ORACLE_CACHE = str(pathlib.Path(scratch) / "oracle.json")
        sys.argv = ["conformance_check.py", str(engine)]
        try:
            with contextlib.redirect_stdout(said):
                script.main()
            code = 0
        except SystemExit as end:
            code = end.code
        finally:
            sys.argv = arguments
    cases = {name: f"{report} {state}" for name, report, state in
             re.findall(r"^\s+(\S+)\s+report=(\S+)\s+state=(\S+)", said.getvalue(), re.MULTILINE)}
    verdict = re.search(r"^VERDICT: [^:]+: (.+)$", said.getvalue(), re.MULTILINE)
    return {"conforms": code == 0 and bool(cases), "oracles": oracles, "cases": cases,
            "verdict": (verdict.group(1) if verdict else str(code)) + f"; oracles {', '.join(oracles)}"}
