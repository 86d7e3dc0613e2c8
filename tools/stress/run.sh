#!/usr/bin/env bash
# Runs the tests while all cores are kept busy, to find those that depend on an idle machine or on each other: bash tools/stress/run.sh
# The tests of the GPU engine and of the command ten times, the whole suite three times; a line each, exit code 1 if any was red.
# TIMES and SUITE_TIMES change the numbers, FILTER the tests of the first part (as dotnet test's --filter).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NO_COLOR=1
times=${TIMES:-10} suite_times=${SUITE_TIMES:-3} filter=${FILTER:-FullyQualifiedName~Engines.Gpu|FullyQualifiedName~Tests.Cli}
log=$(mktemp) load=() red=0
trap 'kill "${load[@]}" 2> /dev/null; rm -f "$log"' EXIT

dotnet build -c Release -v quiet || exit 1
for ((core = 0; core < $(nproc); core++)); do
  (while :; do :; done) &
  load+=($!)
done

# run NAME ARGUMENTS…: one pass of the tests, and its line.
run() {
  local name=$1 start=$SECONDS summary
  shift
  dotnet test tests/CortexMl.Tests -c Release --no-build "$@" > "$log" 2>&1
  local status=$?
  summary=$(grep -E '^(Passed!|Failed!)' "$log" | sed -E 's/, Duration.*//')
  if [ "$status" -ne 0 ] || [ -z "$summary" ]; then
    red=1
    grep -E '^\s+Failed ' "$log"
  fi
  echo "$name: ${summary:-no test ran}, $((SECONDS - start)) s"
}

for ((i = 1; i <= times; i++)); do run "gpu and command $i of $times" --filter "$filter"; done
for ((i = 1; i <= suite_times; i++)); do
  run "suite $i of $suite_times" -s tests/quick.runsettings
  run "slow tests $i of $suite_times" -s tests/slow.runsettings
done
exit "$red"
