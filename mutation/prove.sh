#!/usr/bin/env bash
# Mutation testing, by hand: mutation/prove.sh FOLDER [--sample N] [--seed N] [--budget SECONDS] [--within FILE,...] [--again]
#
# Copies the project into FOLDER, puts each mutant of the rooms below behind a switch, leaves out those that
# no compiler takes, builds the tests once, learns which test meets which mutant, and asks the tests to catch
# them; without the feature `pdf`, which mutants of these rooms have no part in. A run that is stopped goes on where it was; FOLDER/results.tsv has a line a mutant. Hours on two cores.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
folder="${1:?the folder of the copy}"
shift
rooms=(measure ledger care statement closing exchange/fec book/balance.rs analytic/sharing.rs
  cli/storage.rs cli/sealing.rs cli/verify.rs cli/allocate.rs)
cargo build --quiet --release --manifest-path "$here/Cargo.toml"
mutation="$here/target/release/compta-mutation"
if [ ! -d "$folder" ]; then
  git clone --quiet "$here/.." "$folder"
  # The copy warns of itself on every line.
  sed -i 's/^unsafe_code = "forbid"/unsafe_code = "allow"/; s/= "warn"/= "allow"/; s/level = "warn"/level = "allow"/' "$folder/Cargo.toml"
fi
cd "$folder"
if [ ! -f tests.tsv ]; then
  while true; do
    "$mutation" instrument . "${rooms[@]}"
    cargo check --locked --no-default-features --lib --message-format=short >check.txt 2>&1 && break
    grep ': error' check.txt >errors.txt
    "$mutation" drop . errors.txt
  done
  cargo test --locked --no-default-features --no-run 2>&1 | tee build.txt | tail -3
  grep -o '(.*/deps/[a-z]*-[0-9a-f]*)' build.txt | tr -d '()' >binaries.txt
  "$mutation" trace .
fi
"$mutation" run . "$@"
