//! A disk that remembers what is durable and what is not.
//!
//! Names and bytes are durable apart from each other: syncing a file keeps its bytes, not its name;
//! syncing a folder keeps the names in it, not the bytes behind them. What is not synced may reach
//! the disk or not, in any order. After a sync that failed, the bytes of a file are never durable
//! again, whatever a second sync answers (that is what Linux does); the names in a folder still can be.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard};

use compta::closing::StorageErrorKind as Kind;
use compta::closing::{Storage, StorageError};

use super::random::Random;

/// What a reader sees: each path, with the bytes of files.
pub type Seen = BTreeMap<String, Option<Vec<u8>>>;

type Node = u32;
const ROOT: Node = 0;

/// One thing that a call does, which reaches the disk or not.
#[derive(Clone, Debug, PartialEq)]
enum Effect {
    Name { folder: Node, name: String, node: Node },
    Unname { folder: Node, name: String },
    Rename { folder: Node, from: String, to: String, node: Node },
    Bytes { node: Node, bytes: Vec<u8> },
}

impl Effect {
    /// What must be synced for it to be durable.
    fn kept_by(&self) -> Node {
        match self {
            Self::Name { folder, .. }
            | Self::Unname { folder, .. }
            | Self::Rename { folder, .. } => *folder,
            Self::Bytes { node, .. } => *node,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Tree {
    /// The bytes of files; a folder has none.
    bytes: BTreeMap<Node, Vec<u8>>,
    names: BTreeMap<(Node, String), Node>,
}

impl Tree {
    fn apply(&mut self, effect: &Effect) {
        match effect.clone() {
            Effect::Name { folder, name, node } => {
                self.names.insert((folder, name), node);
            }
            Effect::Unname { folder, name } => {
                self.names.remove(&(folder, name));
            }
            Effect::Rename { folder, from, to, node } => {
                // Even where the making of the old name was lost.
                if self.names.get(&(folder, from.clone())) == Some(&node) {
                    self.names.remove(&(folder, from));
                }
                self.names.insert((folder, to), node);
            }
            Effect::Bytes { node, bytes } => {
                self.bytes.insert(node, bytes);
            }
        }
    }

    fn find(&self, path: &str) -> Option<Node> {
        let parts = path.split('/').filter(|part| !part.is_empty());
        parts.into_iter().try_fold(ROOT, |at, part| self.names.get(&(at, part.to_owned())).copied())
    }

    fn children(&self, folder: Node) -> Vec<(String, Node)> {
        let all = self.names.range((folder, String::new())..(folder + 1, String::new()));
        all.map(|((_, name), node)| (name.clone(), *node)).collect()
    }
}

/// A disk at one moment.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    durable: Tree,
    now: Tree,
    /// What is seen and not durable, in order.
    pending: Vec<Effect>,
    folders: BTreeSet<Node>,
    next: Node,
}

impl Disk {
    /// Durable books: one journal, and what else is named; a path that ends in `/` is a folder.
    pub fn with(paths: &[(&str, &str)]) -> Self {
        let disk = Self { folders: BTreeSet::from([ROOT]), next: 1, ..Self::default() };
        let world = World::new(disk);
        let mut process = world.process();
        for (path, text) in [("principal.journal", "2024-12-31 Fin\n")].iter().chain(paths) {
            match path.strip_suffix('/') {
                Some(folder) => process.create_folder(folder).unwrap(),
                None => process.create_file(path, text.as_bytes()).unwrap(),
            }
        }
        world.disk().settled()
    }

    fn done(&mut self, effect: Effect) {
        self.now.apply(&effect);
        self.pending.push(effect);
    }

    fn sync(&mut self, node: Node) {
        let (kept, pending) =
            std::mem::take(&mut self.pending).into_iter().partition(|e| e.kept_by() == node);
        self.pending = pending;
        let kept: Vec<Effect> = kept;
        for effect in &kept {
            self.durable.apply(effect);
        }
    }

    /// Linux after a failed sync: the bytes are held for clean, and will not be written.
    fn forget(&mut self, node: Node) {
        if !self.folders.contains(&node) {
            self.pending.retain(|effect| effect.kept_by() != node);
        }
    }

    /// The disk after a power cut that kept these of the pending effects.
    fn cut(&self, kept: impl Fn(usize) -> bool, torn: Option<&(usize, Vec<u8>)>) -> Self {
        let mut tree = self.durable.clone();
        for (rank, effect) in self.pending.iter().enumerate() {
            match (torn, effect) {
                (Some((at, bytes)), Effect::Bytes { node, .. }) if *at == rank => {
                    tree.apply(&Effect::Bytes { node: *node, bytes: bytes.clone() });
                }
                _ if kept(rank) => tree.apply(effect),
                _ => {}
            }
        }
        Self { durable: tree.clone(), now: tree, pending: Vec::new(), ..self.clone() }
    }

    /// All that is seen, made durable.
    pub fn settled(&self) -> Self {
        self.cut(|_| true, None)
    }

    /// Only what was synced.
    pub fn synced(&self) -> Self {
        self.cut(|_| false, None)
    }

    /// Some of what was not synced, by chance.
    pub fn some(&self, random: &mut Random) -> Self {
        let kept: Vec<bool> = self.pending.iter().map(|_| random.below(2) == 0).collect();
        self.cut(|rank| kept[rank], None)
    }

    /// Every state that a power cut here is tried with, each with its name.
    pub fn cuts(&self, random: &mut Random) -> Vec<(String, Self)> {
        let mut all = vec![("all kept".to_owned(), self.settled())];
        all.push(("only what was synced".to_owned(), self.synced()));
        let bytes = |rank: usize| matches!(self.pending[rank], Effect::Bytes { .. });
        all.push(("names without bytes".to_owned(), self.cut(|rank| !bytes(rank), None)));
        all.push(("bytes without names".to_owned(), self.cut(bytes, None)));
        for (rank, effect) in self.pending.iter().enumerate() {
            all.push((format!("without {effect:?}"), self.cut(|other| other != rank, None)));
            all.push((format!("only {effect:?}"), self.cut(|other| other == rank, None)));
            if let Effect::Bytes { bytes, .. } = effect {
                let half = bytes.len() / 2;
                let mut torn: Vec<Vec<u8>> =
                    [0, 1, half, bytes.len() - 1].map(|end| bytes[..end].to_vec()).into();
                // The length reached the disk, and the bytes did not.
                torn.push(vec![0; bytes.len()]);
                for bytes in torn {
                    let name = format!("torn at {}", bytes.len());
                    all.push((name, self.cut(|_| true, Some(&(rank, bytes)))));
                }
            }
        }
        for nth in 0..20 {
            all.push((format!("subset {nth}"), self.some(random)));
        }
        all
    }

    /// All that a reader sees.
    pub fn seen(&self) -> Seen {
        let mut seen = Seen::new();
        let mut todo = vec![(String::new(), ROOT)];
        while let Some((path, node)) = todo.pop() {
            for (name, child) in self.now.children(node) {
                let path = if path.is_empty() { name } else { format!("{path}/{name}") };
                let file = !self.folders.contains(&child);
                let bytes = self.now.bytes.get(&child).cloned().unwrap_or_default();
                seen.insert(path.clone(), file.then_some(bytes));
                todo.push((path, child));
            }
        }
        seen
    }
}

/// A call that a process made: its name in Linux, where, and whether it was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub process: usize,
    pub name: &'static str,
    pub path: String,
    pub granted: bool,
}

/// When a refused call has done what it was asked all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Before,
    /// A write does half; anything else does nothing.
    Half,
    After,
}

/// A refusal: from which call, what, once or for ever.
#[derive(Clone, Debug)]
pub struct Fault {
    pub at: usize,
    pub kind: Kind,
    pub forever: bool,
    pub how: How,
}

/// A disk and the processes that use it.
#[derive(Clone)]
pub struct World(Arc<Mutex<Shared>>);

struct Shared {
    disk: Disk,
    calls: Vec<Call>,
    holder: Option<usize>,
    processes: usize,
}

impl World {
    pub fn new(disk: Disk) -> Self {
        let shared = Shared { disk, calls: Vec::new(), holder: None, processes: 0 };
        Self(Arc::new(Mutex::new(shared)))
    }

    pub fn process(&self) -> Process {
        let mut shared = self.shared();
        shared.processes += 1;
        let me = shared.processes;
        Process {
            world: self.clone(),
            me,
            made: 0.into(),
            dies_at: None,
            fault: None,
            never: None,
            before: None,
        }
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap()
    }

    /// Someone writes over a file, durably.
    pub fn edit(&self, path: &str, text: &str) {
        let disk = &mut self.shared().disk;
        let node = disk.now.find(path).unwrap();
        disk.done(Effect::Bytes { node, bytes: text.as_bytes().to_vec() });
        disk.sync(node);
    }

    pub fn disk(&self) -> Disk {
        self.shared().disk.clone()
    }

    pub fn calls(&self) -> Vec<Call> {
        self.shared().calls.clone()
    }
}

/// Told of the world and of the number of the call.
pub type Before = Box<dyn Fn(&World, usize) + Send>;

/// The storage as one process has it.
pub struct Process {
    world: World,
    me: usize,
    made: AtomicUsize,
    /// After so many calls it does nothing any more.
    pub dies_at: Option<usize>,
    pub fault: Option<Fault>,
    /// Calls of that name are always denied.
    pub never: Option<&'static str>,
    /// What happens elsewhere just before a call.
    pub before: Option<Before>,
}

/// What a call is to do.
enum Verdict {
    Go,
    Refuse(StorageError, How),
}

impl Process {
    /// How many calls it made.
    pub fn made(&self) -> usize {
        self.made.load(Relaxed)
    }

    fn call(&self, name: &'static str, path: &str) -> Verdict {
        let at = self.made.fetch_add(1, Relaxed);
        if let Some(before) = &self.before {
            before(&self.world, at);
        }
        if self.dies_at.is_some_and(|end| at >= end) {
            let dead = StorageError::new(Kind::Other("mort".to_owned()), path);
            return Verdict::Refuse(dead, How::Before);
        }
        if self.never == Some(name) {
            return Verdict::Refuse(StorageError::new(Kind::Denied, path), How::Before);
        }
        let fault = self.fault.as_ref();
        let fault = fault.filter(|f| f.at == at || f.forever && at > f.at);
        let granted = fault.is_none();
        self.world.shared().calls.push(Call {
            process: self.me,
            name,
            path: path.to_owned(),
            granted,
        });
        match fault {
            Some(f) => Verdict::Refuse(StorageError::new(f.kind.clone(), path), f.how),
            None => Verdict::Go,
        }
    }

    /// Makes a call that changes something, unless it is refused.
    fn act(
        &self,
        name: &'static str,
        path: &str,
        act: impl FnOnce(&mut Disk) -> Result<(), Kind>,
    ) -> Result<(), StorageError> {
        let verdict = self.call(name, path);
        let disk = &mut self.world.shared().disk;
        match verdict {
            Verdict::Refuse(error, How::After) => {
                let _ = act(disk);
                Err(error)
            }
            Verdict::Refuse(error, _) => Err(error),
            Verdict::Go => act(disk).map_err(|kind| StorageError::new(kind, path)),
        }
    }

    fn ask(&self, name: &'static str, path: &str) -> Result<(), StorageError> {
        match self.call(name, path) {
            Verdict::Go => Ok(()),
            Verdict::Refuse(error, _) => Err(error),
        }
    }

    fn create(&self, name: &'static str, path: &str, folder: bool) -> Result<(), StorageError> {
        self.act(name, path, |disk| {
            let (parent, last) = place(disk, path)?;
            if disk.now.names.contains_key(&(parent, last.clone())) {
                return Err(Kind::AlreadyThere);
            }
            let node = disk.next;
            disk.next += 1;
            if folder {
                disk.folders.insert(node);
            }
            disk.done(Effect::Name { folder: parent, name: last, node });
            Ok(())
        })
    }

    fn sync(&self, path: &str) -> Result<(), StorageError> {
        let verdict = self.call("fsync", path);
        let disk = &mut self.world.shared().disk;
        let node = disk.now.find(path);
        let node = node.ok_or_else(|| StorageError::new(Kind::Missing, path))?;
        match verdict {
            Verdict::Go => disk.sync(node),
            Verdict::Refuse(error, how) => {
                // A dead process asks for nothing, so nothing is forgotten.
                if self.dies_at.is_none_or(|end| self.made() <= end) {
                    if how == How::After { disk.sync(node) } else { disk.forget(node) }
                }
                return Err(error);
            }
        }
        Ok(())
    }
}

/// The folder of a path, and its last part.
fn place(disk: &Disk, path: &str) -> Result<(Node, String), Kind> {
    let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
    let parent = disk.now.find(parent).ok_or(Kind::Missing)?;
    if disk.folders.contains(&parent) {
        Ok((parent, last.to_owned()))
    } else {
        Err(Kind::NotAFolder)
    }
}

/// Gives the lock back.
struct Held(World, usize);

impl Drop for Held {
    fn drop(&mut self) {
        let holder = &mut self.0.shared().holder;
        if *holder == Some(self.1) {
            *holder = None;
        }
    }
}

impl Storage for Process {
    fn list(&self, folder: &str) -> Result<Vec<String>, StorageError> {
        self.ask("getdents64", folder)?;
        let disk = self.world.disk();
        let node = disk.now.find(folder);
        let node = node.ok_or_else(|| StorageError::new(Kind::Missing, folder))?;
        Ok(disk.now.children(node).into_iter().map(|(name, _)| name).collect())
    }

    fn exists(&self, path: &str) -> Result<bool, StorageError> {
        self.ask("stat", path)?;
        Ok(self.world.disk().now.find(path).is_some())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, StorageError> {
        self.ask("read", path)?;
        let disk = self.world.disk();
        let node = disk.now.find(path);
        let node = node.ok_or_else(|| StorageError::new(Kind::Missing, path))?;
        Ok(disk.now.bytes.get(&node).cloned().unwrap_or_default())
    }

    fn create_folder(&mut self, path: &str) -> Result<(), StorageError> {
        self.create("mkdir", path, true)
    }

    fn create_file(&mut self, path: &str, bytes: &[u8]) -> Result<(), StorageError> {
        self.create("open", path, false)?;
        if bytes.is_empty() {
            return Ok(());
        }
        let half = matches!(&self.fault, Some(f) if f.how == How::Half && f.at == self.made());
        let write = |disk: &mut Disk, bytes: &[u8]| {
            let node = disk.now.find(path).ok_or(Kind::Missing)?;
            disk.done(Effect::Bytes { node, bytes: bytes.to_vec() });
            Ok(())
        };
        if half {
            let _ = write(&mut self.world.shared().disk, &bytes[..bytes.len() / 2]);
        }
        self.act("write", path, |disk| write(disk, bytes))
    }

    fn sync_file(&mut self, path: &str) -> Result<(), StorageError> {
        self.sync(path)
    }

    fn sync_folder(&mut self, path: &str) -> Result<(), StorageError> {
        self.sync(path)
    }

    fn rename_no_replace(&mut self, from: &str, to: &str) -> Result<(), StorageError> {
        self.act("rename", to, |disk| {
            let (folder, old) = place(disk, from)?;
            let (same, new) = place(disk, to)?;
            assert_eq!(folder, same, "a renaming between folders is two names to sync");
            if disk.now.names.contains_key(&(folder, new.clone())) {
                return Err(Kind::AlreadyThere);
            }
            let node = disk.now.names.get(&(folder, old.clone())).copied().ok_or(Kind::Missing)?;
            disk.done(Effect::Rename { folder, from: old, to: new, node });
            Ok(())
        })
    }

    fn remove_tree(&mut self, path: &str) -> Result<(), StorageError> {
        let disk = self.world.disk();
        let node = disk.now.find(path);
        let node = node.ok_or_else(|| StorageError::new(Kind::Missing, path))?;
        for (name, _) in disk.now.children(node) {
            self.remove_tree(&format!("{path}/{name}"))?;
        }
        self.act("unlink", path, |disk| {
            let (folder, name) = place(disk, path)?;
            disk.done(Effect::Unname { folder, name });
            Ok(())
        })
    }

    fn try_lock(&mut self, path: &str) -> Result<Box<dyn Any>, StorageError> {
        match self.create("open", path, false) {
            Err(error) if error.kind != Kind::AlreadyThere => return Err(error),
            _ => self.ask("flock", path)?,
        }
        let holder = &mut self.world.shared().holder;
        if holder.is_some() {
            return Err(StorageError::new(Kind::Busy, path));
        }
        *holder = Some(self.me);
        Ok(Box::new(Held(self.world.clone(), self.me)))
    }
}
