# Builds our engine, the public benchmark and the peers it has adapters for. Sourced, not run.
# shellcheck shell=bash

# Set by who sources this: our repository, the benchmark's checkout, the shared object under test, what is left out.
: "${repository:?}" "${public=}" "${engine=}"

# Our engine's shared object, and the loop it is measured in. Sets `engine`.
build_engine() {
    if [ -n "$engine" ]; then
        engine="$(realpath -e "$engine" 2>/dev/null)" || fail "--engine: there is no such file"
    else
        require_swift
        # Apart from the node's build, which has none of the functions the benchmark calls. For this machine's own CPU, as
        # the peers' build scripts do.
        local yardstick="$repository/.build/yardstick"
        quietly "swift build (release, WisselMatchingYardstick)" env WISSEL_YARDSTICK=1 \
            swift build --package-path "$repository" --scratch-path "$yardstick" -c release -Xcc -march=native \
            --product WisselMatchingYardstick
        engine="$yardstick/release/libWisselMatchingYardstick.so"
    fi
    [[ " ${without[*]-} " == *" loop "* ]] ||
        quietly "swift build (release, wissel)" swift build --package-path "$repository" -c release --product wissel
}

# The benchmark's harness and generator.
build_harness() {
    if [ -x "$public/harness" ] && [ -x "$public/generator" ]; then
        note "harness and generator are built"
        return
    fi
    local tool
    for tool in make cmake g++; do
        command -v "$tool" >/dev/null || fail "the harness needs $tool: apt-get install make cmake g++ libboost-dev"
    done
    quietly "make (harness and generator)" make -C "$public" all
}

# One peer, by the checkout's own script; says why when it cannot be built.
build_peer() {
    local name="$1" script log
    if [ -f "$public/${name}_adapter.so" ]; then
        note "$name is built"
        return
    fi
    case "$name" in
        liquibook | quantcup | exchange_core) script=("$public/scripts/build_baselines.sh" "$name") ;;
        *) script=("$public/additional_references/${name}_adapter/build.sh") ;;
    esac
    if [ ! -f "${script[0]}" ]; then
        note "$name: not built; this checkout has no adapter for it (give a built one with --peer $name=PATH)"
        return 1
    fi
    log="$(mktemp)"
    if bash "${script[@]}" >"$log" 2>&1 && [ -f "$public/${name}_adapter.so" ]; then
        note "$name: built"
        rm -f "$log"
    else
        note "$name: not built; $(grep -iE 'error|fatal|not found' "$log" | head -n 1) (whole log: $log)"
        return 1
    fi
}
