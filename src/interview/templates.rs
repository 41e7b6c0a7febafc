//! The templates: German text for people, built in, replaceable by a directory, checked at start.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use thiserror::Error;

/// The templates by name, as they are built in.
const BUILT_IN: [(&str, &str); 5] = [
    ("prompt.md", include_str!("../../templates/prompt.md")),
    ("question.md", include_str!("../../templates/question.md")),
    ("first_message.txt", include_str!("../../templates/first_message.txt")),
    ("question_list.txt", include_str!("../../templates/question_list.txt")),
    ("questionnaire_context.txt", include_str!("../../templates/questionnaire_context.txt")),
];

/// Why a template cannot be used. For the operator who wrote it; holds nothing of a candidate.
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
        /// What kind of mistake it is. Without the engine's own text, which may quote values.
        kind: String,
    },
    /// What comes out does not keep a promise of the service.
    #[error("the template {name} {problem}")]
    BrokenPromise {
        /// The template's file name.
        name: &'static str,
        /// Which promise.
        problem: String,
    },
}

/// All templates, compiled.
pub(super) struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// The built-in templates, those of the same name in `directory` instead of them.
    pub(super) fn load(directory: Option<&Path>) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(syntax());
        environment.add_filter("full_stop", full_stop);
        for (name, built_in) in BUILT_IN {
            let source = match directory {
                Some(directory) => replacement(&directory.join(name))?.unwrap_or_else(|| built_in.to_owned()),
                None => built_in.to_owned(),
            };
            environment.add_template_owned(name, source).map_err(|error| wrong(name, &error))?;
        }
        Ok(Self { environment })
    }

    /// Renders a template: no white space at the ends, never more than one empty line in a row.
    pub(super) fn render(&self, name: &str, context: impl Serialize) -> Result<String, TemplateError> {
        let template = self.environment.get_template(name).map_err(|error| wrong(name, &error))?;
        let text = template.render(Serde(context)).map_err(|error| wrong(name, &error))?;
        Ok(tidy(&text))
    }
}

/// A block tag on a line of its own leaves no empty line behind.
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

/// Ends a name with exactly one full stop (`Beispiel e.V.` has one already).
fn full_stop(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty_lines = 0;
    for line in text.trim().lines().map(str::trim_end) {
        empty_lines = if line.is_empty() { empty_lines + 1 } else { 0 };
        if empty_lines > 1 {
            continue;
        }
        if !tidy.is_empty() {
            tidy.push('\n');
        }
        tidy.push_str(line);
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_with_exactly_one_full_stop() {
        assert_eq!(full_stop("Muster GmbH"), "Muster GmbH.");
        assert_eq!(full_stop("Beispiel e.V."), "Beispiel e.V.");
    }

    #[test]
    fn at_most_one_empty_line_stands_in_a_row() {
        assert_eq!(tidy("\n\na  \n\n\n\nb\n"), "a\n\nb");
    }
}
