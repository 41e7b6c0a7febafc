//! Every warning and error that the service can log is explained for whoever reads it at night.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use super::OPERATIONS;

/// How log lines of these levels start. `line!` and `$level!` are local macros that write lines of either level.
const MACROS: [&str; 5] = ["warn!(", "error!(", "line!(warn", "line!(error", "$level!("];

/// All sources of the service, without the simulations.
fn sources(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let (directories, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let directories = directories.iter().filter(|path| !path.ends_with("sandbox"));
    let is_source = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    directories.flat_map(|path| sources(path)).chain(files.into_iter().filter(is_source)).collect()
}

/// The last string among a macro's arguments, which is the message, if there is one.
fn message(arguments: &str) -> Option<String> {
    let (mut depth, mut last) = (1, None);
    let mut rest = arguments.chars();
    while depth > 0 {
        match rest.next()? {
            '(' => depth += 1,
            ')' => depth -= 1,
            '"' => last = Some(text(&mut rest)),
            _ => {}
        }
    }
    last
}

/// The rest of a string up to its closing quote.
fn text(rest: &mut std::str::Chars<'_>) -> String {
    let mut text = String::new();
    while let Some(char) = rest.next() {
        match char {
            '"' => break,
            '\\' => match rest.next() {
                // A wrapped string continues at its first word on the next line.
                Some('\n') => *rest = rest.as_str().trim_start().chars(),
                Some(escaped) => text.push(escaped),
                None => break,
            },
            char => text.push(char),
        }
    }
    text
}

fn messages() -> Vec<String> {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let mut messages = Vec::new();
    for source in sources {
        let source = fs::read_to_string(source).unwrap();
        for begin in MACROS {
            messages.extend(source.split(begin).skip(1).filter_map(message));
        }
    }
    // What the configuration advises about a setting is a sentence of its own.
    messages.retain(|message| message != "{advice}");
    messages
}

#[test]
fn every_warning_and_error_is_explained() {
    let messages = messages();
    assert!(messages.len() > 30, "{messages:#?}");
    let missing: Vec<_> =
        messages.iter().filter(|message| !OPERATIONS.contains(&format!("| `{message}` |"))).collect();
    assert!(missing.is_empty(), "not in docs/operations.md: {missing:#?}");
}

#[test]
fn every_message_that_is_explained_exists() {
    let messages = messages();
    let rows =
        OPERATIONS.lines().filter(|line| line.starts_with("| WARN |") || line.starts_with("| ERROR |"));
    for row in rows {
        let explained = row.split('`').nth(1).unwrap();
        assert!(messages.iter().any(|message| message == explained), "no such message: {explained}");
    }
}

/// The files with the words that can be a metric's label, or a line's `reason`, `outcome`, `questionnaire`,
/// `agent_gone` or `browser_gone`.
const WORDS: [&str; 12] = [
    include_str!("../../../src/calls/dial_gate/mod.rs"),
    include_str!("../../../src/calls/mod.rs"),
    include_str!("../../../src/calls/outcome.rs"),
    include_str!("../../../src/calls/store/error.rs"),
    include_str!("../../../src/elevenlabs/lookup.rs"),
    include_str!("../../../src/elevenlabs/agent_socket/error.rs"),
    include_str!("../../../src/elevenlabs/outcome.rs"),
    include_str!("../../../src/hoc/error.rs"),
    include_str!("../../../src/questionnaires/found.rs"),
    include_str!("../../../src/talk/end.rs"),
    include_str!("../../../src/talk/line/mod.rs"),
    include_str!("../../../src/talk/registry/mod.rs"),
];

#[test]
fn every_word_of_lines_and_metrics_is_explained() {
    let word = Regex::new(r#"=> "([a-z_]+)""#).unwrap();
    let words = WORDS.iter().map(|source| {
        let words: Vec<_> = word.captures_iter(source).map(|found| found.get(1).unwrap().as_str()).collect();
        assert!(!words.is_empty(), "{source}");
        words
    });
    let missing: Vec<_> = words.flatten().filter(|word| !OPERATIONS.contains(&format!("`{word}`"))).collect();
    assert!(missing.is_empty(), "not in docs/operations.md: {missing:#?}");
}
