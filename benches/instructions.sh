#!/usr/bin/env bash
# How many instructions a reading of 100 000 entries takes, against the bound recorded beside this file.
#
# One thread, no `pdf`: the same count to some thousandths on any machine of the same processor family,
# whatever else it does. `benches/instructions.sh` fails when the count passes the bound; with `--record`
# it writes the bound anew, two hundredths above what was counted.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet --profile instructions --locked --no-default-features --bin compta
books="$(mktemp -d)"
trap 'rm -rf "$books"' EXIT
# Sales, purchases, payments and payroll over 200 declared accounts, from a sequence of its own.
awk -v entries=100000 'BEGIN {
  split("211 281 401 411 421 445 512 601 641 706", root, " ")
  print "decimal-mark ,\n"
  for (g = 1; g <= 10; g++) for (n = 0; n < 20; n++) printf "account %s%03d Compte %s %03d\n", root[g], n, root[g], n
  print ""
  seed = 27
  for (rank = 0; rank < entries; rank++) {
    kind = next_below(4); day = int(rank * 3650 / entries)
    printf "%04d-%02d-%02d * (%s-%07d) Tiers %d | Pièce n° %07d\n", 2015 + int(day / 365), int(day % 365 / 31) + 1, day % 28 + 1, substr("VEACBQOD", kind * 2 + 1, 2), rank, next_below(400), rank
    net = 1000 + next_below(1000000); tax = int(net / 5); sign = kind == 0 ? -1 : 1
    line(kind == 0 ? 4 : kind == 3 ? 5 : 3, -sign * (net + tax)); line(kind == 0 ? 10 : 8, sign * net); line(6, sign * tax)
    print ""
  }
}
function next_below(limit) { seed = (seed * 69069 + 12345) % 2147483648; return int(seed / 8) % limit }
function line(g, cents,   n) {
  n = next_below(20)
  printf "    %s%03d Compte %s %03d   %s%d,%02d €%s\n", root[g], n, root[g], n, cents < 0 ? "-" : "", int(abs(cents) / 100), abs(cents) % 100, next_below(3) ? "" : sprintf("  ; programme: P%02d", next_below(60))
}
function abs(x) { return x < 0 ? -x : x }' > "$books/principal.journal"
run="${CARGO_TARGET_DIR:-target}/instructions/compta"
"$run" -f "$books/principal.journal" check >/dev/null || { echo "the books of the bench are not sound" >&2; exit 1; }
# One processor is one thread.
taskset -c 0 valgrind --tool=callgrind --callgrind-out-file="$books/out" "$run" -f "$books/principal.journal" balance >/dev/null 2>"$books/log" || { cat "$books/log" >&2; exit 1; }
counted="$(sed -n 's/^summary: *\([0-9]*\).*/\1/p;s/^totals: *\([0-9]*\).*/\1/p' "$books/out" | head -1)"
[ -n "$counted" ] || { echo "callgrind counted nothing" >&2; exit 1; }
bound_file="benches/instructions.txt"
if [ "${1:-}" = --record ]; then
  echo $((counted + counted / 50)) >"$bound_file"
fi
bound="$(cat "$bound_file")"
echo "$counted instructions for 100 000 entries, at most $bound"
[ "$counted" -le "$bound" ]
