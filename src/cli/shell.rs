use std::path::PathBuf;

use clap::CommandFactory;
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::args::{Cli, Common};
use super::failure::Failure;
use super::host::Host;

const NAME: &str = "compta";

/// `compta completions`: what a shell completes, for it to read.
pub(super) fn completions(shell: Shell, host: &mut Host) -> Result<u8, Failure> {
    let mut bytes = Vec::new();
    generate(shell, &mut Cli::command(), NAME, &mut bytes);
    host.put(&bytes)?;
    Ok(0)
}

/// `compta man`: the page of the program on stdout, or with `-o` a page for it and each of its commands.
pub(super) fn man(common: &Common, host: &mut Host) -> Result<u8, Failure> {
    let mut whole = Cli::command();
    whole.build();
    let Some(folder) = common.output.as_deref().filter(|path| path.as_os_str() != "-") else {
        host.put(&page(&whole))?;
        return Ok(0);
    };
    let mut pages = vec![(format!("{NAME}.1"), page(&whole))];
    below(&whole, NAME, &mut pages);
    host.make_folder(folder)?;
    let files: Vec<(PathBuf, &[u8])> =
        pages.iter().map(|(name, bytes)| (folder.join(name), bytes.as_slice())).collect();
    host.write_all(&files)?;
    let shown = folder.display();
    host.put(
        format!("{} pages dans {shown}\n\nEnsuite : man -l {shown}/{NAME}.1\n", files.len())
            .as_bytes(),
    )?;
    Ok(0)
}

/// The pages of the commands of a command, and of theirs.
fn below(command: &clap::Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) {
    for one in
        command.get_subcommands().filter(|one| !one.is_hide_set() && one.get_name() != "help")
    {
        let name = format!("{name}-{}", one.get_name());
        pages.push((format!("{name}.1"), page(&one.clone().name(name.clone()))));
        below(one, &name, pages);
    }
}

fn page(command: &clap::Command) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing into memory does not fail.
    let written = Man::new(command.clone()).render(&mut bytes);
    assert!(written.is_ok(), "a page is written into memory");
    bytes
}
