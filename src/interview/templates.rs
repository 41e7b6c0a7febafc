//! The templates of the interview.

use std::path::Path;

use serde::Serialize;

use crate::templates::{self, Context, TemplateError};

/// The templates by name, as they are built in.
const BUILT_IN: [(&str, &str); 5] = [
    ("prompt.md", include_str!("../../templates/prompt.md")),
    ("question.md", include_str!("../../templates/question.md")),
    ("first_message.txt", include_str!("../../templates/first_message.txt")),
    ("question_list.txt", include_str!("../../templates/question_list.txt")),
    ("questionnaire_context.txt", include_str!("../../templates/questionnaire_context.txt")),
];

/// All of them, compiled.
pub(super) struct Templates(templates::Templates);

impl Templates {
    pub(super) fn load(directory: Option<&Path>) -> Result<Self, TemplateError> {
        templates::Templates::load(directory, BUILT_IN).map(Self)
    }

    /// Renders a template: no white space at the ends, never more than one empty line in a row.
    pub(super) fn render(&self, name: &str, context: impl Serialize) -> Result<String, TemplateError> {
        self.render_with(name, &Context::of(context))
    }

    /// Like [`Templates::render`], with a context that serves several templates.
    pub(super) fn render_with(&self, name: &str, context: &Context) -> Result<String, TemplateError> {
        self.0.render_with(name, context).map(|text| tidy(&text))
    }
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
    fn at_most_one_empty_line_stands_in_a_row() {
        assert_eq!(tidy("\n\na  \n\n\n\nb\n"), "a\n\nb");
    }
}
