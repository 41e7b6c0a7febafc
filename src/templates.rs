//! German texts for people, as templates. They are built in, can be replaced from a directory, and are checked at
//! start.
//!
//! In templates whose names end in `.html`, every value is HTML-escaped; see minijinja's `AutoEscape`.

use std::fs;
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior};
use serde::{Serialize, Serializer};
use thiserror::Error;

/// The files in `templates/`, each of which a file in the operator's directory may replace.
const NAMES: [&str; 9] = [
    "first_message.txt",
    "prompt.md",
    "question.md",
    "question_list.txt",
    "questionnaire_context.txt",
    "talk.html",
    "talk_layout.html",
    "talk_parts.html",
    "talk_trouble.html",
];

/// How many unknown file names are reported at most.
const MOST_TOLD: usize = 10;

/// What to tell the operator about the files in a template directory: a misspelt name replaces nothing.
pub(crate) fn advice(directory: &Path) -> Option<String> {
    let entries = fs::read_dir(directory).ok()?.filter_map(Result::ok);
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    // Hidden files are left there by editors, version control and Kubernetes.
    let (own, mut others): (Vec<_>, Vec<_>) =
        names.filter(|name| !name.starts_with('.')).partition(|name| NAMES.contains(&name.as_str()));
    if own.is_empty() {
        return Some(format!("the directory replaces none of the templates, which are {}", NAMES.join(", ")));
    }
    others.sort();
    others.truncate(MOST_TOLD);
    let told = format!("no templates have these names, so they replace nothing: {}", others.join(", "));
    (!others.is_empty()).then_some(told)
}

/// Why a template cannot be used. It is meant for the operator who wrote it, and holds no candidate's data.
#[derive(Debug, Error)]
pub enum TemplateError {
    /// A file in `TEMPLATES_DIR` cannot be read.
    #[error("the template {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A template has a syntax error or uses a value that does not exist.
    #[error("the template {name} is wrong{}: {kind}", line.map(|line| format!(" in line {line}")).unwrap_or_default())]
    Wrong {
        /// The template's file name.
        name: String,
        /// The line, if it is known.
        line: Option<usize>,
        /// The kind of mistake. The engine's own message is left out, because it may quote values.
        kind: String,
    },
    /// The rendered text breaks a promise of the service.
    #[error("the template {name} {problem}")]
    BrokenPromise {
        /// The template's file name.
        name: &'static str,
        /// Which promise.
        problem: String,
    },
}

/// A set of compiled templates.
pub(crate) struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// Loads the built-in templates, each replaced by the file of the same name in `directory`, if there is one.
    pub(crate) fn load(
        directory: Option<&Path>,
        built_in: impl IntoIterator<Item = (&'static str, &'static str)>,
    ) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(syntax());
        environment.add_filter("full_stop", full_stop);
        for (name, built_in) in built_in {
            let source = match directory {
                Some(directory) => replacement(&directory.join(name))?.unwrap_or_else(|| built_in.to_owned()),
                None => built_in.to_owned(),
            };
            environment.add_template_owned(name, source).map_err(|error| wrong(name, &error))?;
        }
        Ok(Self { environment })
    }

    /// Renders a template.
    pub(crate) fn render(&self, name: &str, context: impl Serialize) -> Result<String, TemplateError> {
        self.render_with(name, &Context::of(context))
    }

    /// Renders a template with a context that is shared with others.
    pub(crate) fn render_with(&self, name: &str, context: &Context) -> Result<String, TemplateError> {
        let template = self.environment.get_template(name).map_err(|error| wrong(name, &error))?;
        template.render(context.0.clone()).map_err(|error| wrong(name, &error))
    }
}

/// The values that a template may use.
pub(crate) struct Context(Value);

impl Context {
    /// Serialises the values, which takes about as long as rendering a template.
    pub(crate) fn of(context: impl Serialize) -> Self {
        Self(Value::from(Serde(context)))
    }
}

/// Something that several templates use. It is serialised once, however many contexts it is part of.
#[derive(Debug)]
pub(crate) struct Prepared<T> {
    original: T,
    value: Value,
}

impl<T: Serialize> Prepared<T> {
    pub(crate) fn new(original: T) -> Self {
        let value = Value::from(Serde(&original));
        Self { original, value }
    }
}

impl<T> Deref for Prepared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.original
    }
}

impl<T> Serialize for Prepared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// Keeps a block tag on a line of its own from leaving an empty line.
fn syntax() -> SyntaxConfig {
    SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().expect("the default delimiters")
}

fn replacement(path: &Path) -> Result<Option<String>, TemplateError> {
    match fs::read_to_string(path) {
        Ok(source) => Ok(Some(source)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(TemplateError::Unreadable { path: path.to_owned(), source }),
    }
}

fn wrong(name: &str, error: &minijinja::Error) -> TemplateError {
    TemplateError::Wrong {
        name: error.name().unwrap_or(name).to_owned(),
        line: error.line(),
        kind: error.kind().to_string(),
    }
}

/// Ends a name with exactly one full stop (`Beispiel e.V.` already has one).
fn full_stop(text: &str) -> String {
    if sentence_end(text).is_some() { text.to_owned() } else { format!("{text}.") }
}

/// The punctuation mark with which a text ends as a sentence, if it does.
pub(crate) fn sentence_end(text: &str) -> Option<char> {
    text.chars().next_back().filter(|last| matches!(last, '.' | '!' | '?'))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_directory_that_replaces_nothing_is_told_and_so_are_misspelt_names() {
        let directory = tempfile::tempdir().expect("a directory");
        let put = |name: &str| fs::write(directory.path().join(name), "").expect("a file");
        assert!(advice(directory.path()).expect("advice").contains("replaces none of the templates"));
        put("prompt.txt");
        assert!(advice(directory.path()).expect("advice").contains("replaces none of the templates"));
        put("talk.html");
        put(".gitignore");
        assert!(advice(directory.path()).expect("advice").ends_with("replace nothing: prompt.txt"));
        fs::remove_file(directory.path().join("prompt.txt")).expect("a file");
        assert_eq!(advice(directory.path()), None);
    }

    #[test]
    fn the_names_are_those_of_the_built_in_templates() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let entries = fs::read_dir(directory).expect("the templates").filter_map(Result::ok);
        let found: BTreeSet<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        assert_eq!(found, NAMES.into_iter().map(str::to_owned).collect());
    }

    #[test]
    fn a_name_ends_with_exactly_one_full_stop() {
        assert_eq!(full_stop("Muster GmbH"), "Muster GmbH.");
        assert_eq!(full_stop("Beispiel e.V."), "Beispiel e.V.");
    }
}
