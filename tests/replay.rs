//! The inputs that fuzzing kept, read again: what was met once never comes back unseen.

use std::fs;
use std::time::{Duration, Instant};

use crate::fuzzed;
use crate::harness::{files, root};

/// What one input may take in this profile, beside other tests; in the release profile the fuzzer's own limit
/// is a second.
const PATIENCE: Duration = Duration::from_secs(5);

type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 7] = [
    ("journal", fuzzed::journal),
    ("policy", fuzzed::policy),
    ("amount", fuzzed::amount),
    ("fec", fuzzed::fec),
    ("seal", fuzzed::seal),
    ("workbook", fuzzed::workbook),
    ("books", fuzzed::books),
];

#[test]
fn what_fuzzing_kept_is_read_again() {
    for (name, target) in TARGETS {
        let kept = files(&root().join("fuzz/corpus").join(name));
        assert!(kept.len() >= 10, "{name}: {} inputs", kept.len());
        for path in kept {
            let began = Instant::now();
            target(&fs::read(&path).unwrap());
            assert!(began.elapsed() < PATIENCE, "{}: {:?}", path.display(), began.elapsed());
        }
        assert!(root().join(format!("fuzz/fuzz_targets/{name}.rs")).is_file());
    }
}
