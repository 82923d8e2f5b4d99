#!/usr/bin/env bash
# Plays the answers of a lab on a server of its own, each step checked; says afterwards whether a step has passed.
#   grade.sh play         answers/step1.sh, answers/step2.sh and so on, up to the first that does not do it
#   grade.sh passed 3     exits 0 if step 3 has passed
set -uo pipefail
cd "$(dirname "$0")/.."
lab=${LAB:-build-a-vpc}
out=hand-in
export PATH="$PWD/.isthmus/bin:$PATH"
export ISTHMUS_STATE="${ISTHMUS_STATE:-$PWD/.state}"

# Exit codes of `isthmus lab check`: 0 all checks pass, 1 some do not, 2 none could be made, 3 only warnings are left.
is_done() { [ "$1" -eq 0 ] || [ "$1" -eq 3 ]; }

play() {
  rm -rf "$out" && mkdir -p "$out"
  isthmus up -d --port "${PORT:-4566}" || exit 1
  trap 'isthmus down' EXIT
  eval "$(isthmus env)"
  isthmus lab start "$lab" --restart || exit 1
  for ((n = 1; ; n++)); do
    answer=answers/step$n.sh
    [ -f "$answer" ] || break
    echo "== $answer"
    # The names of the step, as variables.
    (eval "$(isthmus lab env)" && timeout 300 bash -x "$answer")
    isthmus lab check
    is_done $? || break
    touch "$out/step$n.passed"
  done
  isthmus lab report --out "$out"
  isthmus lab report -o junit >"$out/junit.xml"
}

case ${1:-} in
play) play ;;
passed) [ -f "$out/step${2:-}.passed" ] ;;
*)
  sed -n '2,4p' "$0"
  exit 2
  ;;
esac
