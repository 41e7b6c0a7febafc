//! The map of the code lists every module, and what each one uses.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const MAP: &str = include_str!("../../../docs/architecture.md");

type Dependencies = BTreeMap<String, BTreeSet<String>>;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The top-level modules of the crate, each with all of its files.
fn modules() -> BTreeMap<String, Vec<PathBuf>> {
    let mut modules = BTreeMap::<_, Vec<_>>::new();
    for path in fs::read_dir(source()).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        modules.entry(name).or_default().extend(files(&path));
    }
    modules.retain(|name, _| name != "lib" && name != "main");
    modules
}

/// All files below a path, except those of tests.
fn files(path: &Path) -> Vec<PathBuf> {
    let name = path.file_stem().unwrap().to_string_lossy();
    if name == "tests" {
        return Vec::new();
    }
    if path.is_file() {
        return vec![path.to_owned()];
    }
    fs::read_dir(path).unwrap().flat_map(|entry| files(&entry.unwrap().path())).collect()
}

/// The code of a file, without comments and without the tests at its end.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let text = text.split_once("#[cfg(test)]\nmod tests {").map_or(text.as_str(), |(code, _)| code);
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The names that follow `crate::`.
fn named_in(code: &str) -> impl Iterator<Item = &str> {
    code.split("crate::").skip(1).map(|rest| {
        assert!(!rest.starts_with('{'), "this test reads no lists: write each `use crate::…` by itself");
        rest.split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap_or_default()
    })
}

fn in_the_code() -> Dependencies {
    let modules = modules();
    let uses = |name: &String, files: &Vec<PathBuf>| {
        let code: Vec<_> = files.iter().map(|file| code(file)).collect();
        let named = code.iter().flat_map(|code| named_in(code)).map(str::to_owned);
        named.filter(|other| other != name && modules.contains_key(other)).collect()
    };
    modules.iter().map(|(name, files)| (name.clone(), uses(name, files))).collect()
}

/// The table of the map: the first column names the module, the last what it uses.
fn on_the_map() -> Dependencies {
    let table = MAP.split_once("## What lives where").unwrap().1.split_once("Dependencies point").unwrap().0;
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(2);
    let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").collect();
        let [module, _, uses] = cells.as_slice() else { panic!("three columns: {row}") };
        (quoted(module).remove(0), quoted(uses).into_iter().collect())
    })
    .collect()
}

#[test]
fn the_map_shows_every_module_and_what_it_uses() {
    let (map, code) = (on_the_map(), in_the_code());
    assert!(code.len() > 15, "{code:?}");
    assert_eq!(map.keys().collect::<Vec<_>>(), code.keys().collect::<Vec<_>>());
    for (module, uses) in code {
        assert_eq!(map[&module], uses, "what {module} uses, on the map and in the code");
    }
}
