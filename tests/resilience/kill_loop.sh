#!/usr/bin/env bash
# Kill `archive.all` with -9 at a random moment, bring the sample back, look; 200 times, or as often as you say.
#
#     tests/resilience/kill_loop.sh [TIMES] [MOTHBALL]
#
# MOTHBALL is how the program is started (default: python -P -m mothball of .venv, or of your PATH).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
times=${1:-200}
python=$([ -x .venv/bin/python ] && echo .venv/bin/python || echo python3)
python=$(command -v "$python")
read -r -a mothball <<<"${2:-$python -P -m mothball}"
export PYTHONPATH=$PWD/tasks GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_AUTHOR_DATE=@1700000000+0000 GIT_COMMITTER_DATE=@1700000000+0000

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export TMPDIR=$place/tmp # a killed run cannot clear up there
mkdir "$TMPDIR"

# What a repository is: its commits, its index, and every file with its mode and bytes, in one number.
look() {
  (
    cd "$1"
    git for-each-ref --format='%(refname) %(objectname)'
    git symbolic-ref -q HEAD
    git ls-files -s -v -z | tr '\0' '\n'
    git --no-optional-locks status --porcelain --ignored -uall
    find . -path ./.git -prune -o -printf '%y %m %p %l\n' | LC_ALL=C sort
    find . -path ./.git -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  ) | sha256sum | cut -d' ' -f1
}

now() { "$python" -c 'import time; print(time.time_ns() // 1000)'; }

"$python" -c 'import pathlib, sys; from mothball.sample import build; build(pathlib.Path(sys.argv[1]))' "$place/sample"
before=$(look "$place/sample")

cp -a "$place/sample" "$place/run"
begun=$(now)
"${mothball[@]}" archive.all --trust --repo "$place/run" >"$place/said" 2>&1 || { cat "$place/said" >&2; exit 1; }
span=$(($(now) - begun))
after=$(look "$place/run")
[ "$before" != "$after" ] || { echo "archive.all did nothing" >&2; exit 1; }

declare -A ended=([before]=0 [after]=0 [other]=0)
killed=0 recovered=0
for ((turn = 1; turn <= times; turn++)); do
  rm -rf "$place/run"
  cp -a "$place/sample" "$place/run"
  setsid "${mothball[@]}" archive.all --trust --repo "$place/run" >/dev/null 2>&1 &
  run=$!
  moment=$(((RANDOM * 32768 + RANDOM) % span))
  sleep "$(printf '%d.%06d' $((moment / 1000000)) $((moment % 1000000)))"
  kill -9 -- "-$run" 2>/dev/null && killed=$((killed + 1)) || true
  wait "$run" 2>/dev/null || true
  [ ! -e "$place/run/.git/mothball/journal" ] || recovered=$((recovered + 1))
  end=other
  if "${mothball[@]}" archive.recover --repo "$place/run" >"$place/said" 2>&1; then
    found=$(look "$place/run")
    if [ "$found" = "$before" ]; then end=before; elif [ "$found" = "$after" ]; then end=after; fi
    git -C "$place/run" fsck --strict --no-dangling --no-progress >>"$place/said" 2>&1 || end=other
    [ -z "$(find "$place/run/.git" -name '*.lock')" ] || end=other
  fi
  ended[$end]=$((ended[$end] + 1))
  if [ "$end" = other ]; then
    cp -a "$place/run" "${KEEP:-$(dirname "$place")}/mothball-killed-$turn"
    echo "turn $turn: neither before nor after; kept in ${KEEP:-$(dirname "$place")}/mothball-killed-$turn" >&2
    cat "$place/said" >&2
  fi
done

printf '%-28s %6s\n' 'archive.all, whole, takes' "$((span / 1000)) ms" 'started' "$times" 'killed with -9' "$killed" \
  'had a journal to go back by' "$recovered" 'ended before' "${ended[before]}" 'ended after' "${ended[after]}" \
  'ended otherwise' "${ended[other]}"
[ "${ended[other]}" = 0 ]
