use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What a person at a terminal sees of a command that takes more than a second; nothing otherwise.
pub(super) struct Progress(ProgressBar);

/// What is not worth a sign.
const PATIENCE: Duration = Duration::from_secs(1);

impl Progress {
    /// A sign that appears after a second, on a terminal alone.
    pub(super) fn begin(terminal: bool) -> Self {
        let bar = ProgressBar::hidden();
        if terminal {
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}… {elapsed}") {
                bar.set_style(style);
            }
            bar.set_message("lecture des livres");
            let later = bar.clone();
            // Without a thread for it, there is no sign.
            let _ = std::thread::Builder::new().spawn(move || {
                std::thread::sleep(PATIENCE);
                if !later.is_finished() {
                    later.set_draw_target(ProgressDrawTarget::stderr());
                    later.enable_steady_tick(Duration::from_millis(120));
                }
            });
        }
        Self(bar)
    }

    /// Says what is being done.
    pub(super) fn say(&self, words: &'static str) {
        self.0.set_message(words);
    }

    /// Lets something else write: the sign is taken away meanwhile.
    pub(super) fn apart<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
