//! The journal: an append-only file of receipts, one JSON line each, that survives a kill at any moment.
//!
//! A receipt exists once its line is whole, newline included. A torn last line (a kill, a full disk) is no receipt and is
//! cut off before the next one is written. Later lines win. Old receipts stay, so that a parameter that is switched
//! back finds its chunks; only a receipt that was replaced under the same key is dropped when the journal is rewritten.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};

use super::digest::Digest;
use super::disk;
use super::error::Error;
use super::lock::LOCK;
use super::receipt::Receipt;
use super::stage::CACHE;

/// The journal is rewritten once this many lines have been replaced, and they outnumber those that count.
const REPLACED: usize = 1000;

/// All receipts, by stage, oldest first, at most one for each key.
#[derive(Debug, Default)]
pub(super) struct Receipts(BTreeMap<String, Vec<Receipt>>);

impl Receipts {
    /// Receipts of `stage`, oldest first.
    pub(super) fn of(&self, stage: &str) -> &[Receipt] {
        self.0.get(stage).map_or(&[], Vec::as_slice)
    }

    pub(super) fn with_key(&self, stage: &str, key: &Digest) -> Option<&Receipt> {
        self.of(stage).iter().rev().find(|receipt| receipt.key == *key)
    }

    /// Adds a receipt, which replaces one with the same stage and key.
    pub(super) fn insert(&mut self, receipt: Receipt) {
        let receipts = self.0.entry(receipt.stage.clone()).or_default();
        receipts.retain(|old| old.key != receipt.key);
        receipts.push(receipt);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Receipt> {
        self.0.values().flatten()
    }
}

/// What a journal file holds.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub receipts: Receipts,
    /// Whole lines read.
    lines: usize,
    /// Length up to and including the last newline.
    whole: u64,
}

/// Reads the journal at `path`; one that does not exist is empty.
pub(super) fn read(path: &Path) -> Result<Contents, Error> {
    let Some(bytes) = disk::read_own(path)? else { return Ok(Contents::default()) };
    let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let mut contents = Contents { whole: whole as u64, ..Contents::default() };
    for line in bytes[..whole].split_inclusive(|&byte| byte == b'\n') {
        contents.lines += 1;
        // A line that is no receipt costs one stage's rerun, never the others' receipts.
        if let Ok(receipt) = serde_json::from_slice::<Receipt>(line)
            && receipt.products.iter().all(|product| product.digest.is_well_formed() && is_own(&product.path))
        {
            contents.receipts.insert(receipt);
        }
    }
    Ok(contents)
}

/// Whether a stage can have written `path`: receipts come from a file, and files are removed on their word.
pub(super) fn is_own(path: &Path) -> bool {
    let private = |part: Component<'_>| [CACHE, LOCK].iter().any(|name| part.as_os_str() == *name);
    disk::is_plain(path) && !path.components().next().is_some_and(private)
}

/// The writing end, for the holder of the lock.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    length: u64,
}

impl Journal {
    /// Opens the journal at `path`, cutting off a torn last line.
    pub(super) fn open(path: &Path, contents: &Contents) -> Result<Self, Error> {
        let options = File::options().create(true).truncate(false).write(true).open(path);
        let mut file = options.map_err(Error::io("write", path))?;
        let length = contents.whole;
        file.set_len(length).and_then(|()| file.seek(SeekFrom::End(0))).map_err(Error::io("write", path))?;
        Ok(Self { path: path.to_owned(), file, length })
    }

    /// Appends one receipt; on an error the journal is as it was.
    pub(super) fn append(&mut self, receipt: &Receipt) -> Result<(), Error> {
        let line = line(receipt).map_err(Error::io("write", &self.path))?;
        if let Err(source) = self.file.write_all(&line).and_then(|()| self.file.sync_data()) {
            // If even this fails, the next opening cuts the torn line.
            let _ = self.file.set_len(self.length).and_then(|()| self.file.seek(SeekFrom::End(0)));
            return Err(Error::io("write", &self.path)(source));
        }
        self.length += line.len() as u64;
        Ok(())
    }
}

/// The journal without replaced lines, if there are enough of them to matter.
pub(super) fn compacted(contents: &Contents) -> Option<std::io::Result<Vec<u8>>> {
    let live = contents.receipts.iter().count();
    let replaced = contents.lines - live;
    (replaced > REPLACED.max(live)).then(|| {
        let mut bytes = Vec::new();
        for receipt in contents.receipts.iter() {
            bytes.extend(line(receipt)?);
        }
        Ok(bytes)
    })
}

fn line(receipt: &Receipt) -> std::io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(receipt)?;
    line.push(b'\n');
    Ok(line)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::pipeline::receipt::{Parts, Product};
    use crate::pipeline::stage::{Place, Stage};

    fn receipt(stage: &str, bytes: &str) -> Receipt {
        let parts = Parts::new(&Stage::new(stage, "toy", Place::Cache), BTreeMap::new(), BTreeMap::new());
        let product = Product { path: "a".into(), digest: Digest::of(bytes.as_bytes()), bytes: 1 };
        let key = parts.key(stage).unwrap();
        let (products, measures) = (vec![product], BTreeMap::new());
        Receipt { stage: stage.into(), key, parts, cached: true, products, seconds: 0.1, peak_bytes: None, measures }
    }

    #[test]
    fn a_line_torn_anywhere_loses_that_line_only_and_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let mut journal = Journal::open(&path, &Contents::default()).unwrap();
        journal.append(&receipt("a", "1")).unwrap();
        let first = fs::metadata(&path).unwrap().len() as usize;
        journal.append(&receipt("b", "1")).unwrap();
        let bytes = fs::read(&path).unwrap();
        for torn in [first + 1, (first + bytes.len()) / 2, bytes.len() - 1] {
            fs::write(&path, &bytes[..torn]).unwrap();
            let contents = read(&path).unwrap();
            assert_eq!((contents.receipts.of("a").len(), contents.receipts.of("b").len()), (1, 0));
            Journal::open(&path, &contents).unwrap().append(&receipt("c", "1")).unwrap();
            let contents = read(&path).unwrap();
            assert_eq!((contents.receipts.of("a").len(), contents.receipts.of("c").len()), (1, 1));
        }
    }

    #[test]
    fn later_lines_win_and_are_dropped_only_when_many_were_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let lines: Vec<u8> = (0..=REPLACED + 1).flat_map(|i| line(&receipt("a", &i.to_string())).unwrap()).collect();
        fs::write(&path, &lines).unwrap();
        let contents = read(&path).unwrap();
        let last = Digest::of((REPLACED + 1).to_string().as_bytes());
        assert_eq!(contents.receipts.of("a").len(), 1);
        assert_eq!(contents.receipts.of("a")[0].products[0].digest, last);
        assert_eq!(compacted(&contents).unwrap().unwrap(), line(&contents.receipts.of("a")[0]).unwrap());
        fs::write(&path, &lines[..lines.len() / 2]).unwrap();
        assert!(compacted(&read(&path).unwrap()).is_none());
    }
}
