//! What of a questionnaire does not reach the interview as HOC wrote it, for a person who looks at it beforehand.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use super::limits;
use super::merge_field::{is_marked, longest};

/// The longest name of a placeholder that is told, in characters.
const MAX_NAME: usize = 60;

/// What was left out, removed or cut. Texts are not repeated, only counted or named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses {
    /// Names of placeholders (`street` of `{{street}}`) that nobody fills, as HOC writes them. They were removed,
    /// together with the words that make no sense without them.
    pub placeholders: BTreeSet<String>,
    /// Ids of the questions of which nothing is left without such placeholders.
    pub emptied: BTreeSet<String>,
    /// Ids of the facts that are not told, because a placeholder in them could not be filled.
    pub incomplete: BTreeSet<String>,
    /// Ids of the facts that are not told, because no question that is asked tells whether their condition holds.
    pub unjudged: BTreeSet<String>,
    /// Ids of the questions that were left out because the prompt would have become too long.
    pub omitted: Vec<String>,
    /// Ids of the questions that are not asked because another one asks the same.
    pub duplicates: Vec<String>,
    /// How many texts were cut because they are longer than one can listen to.
    pub shortened_texts: usize,
    /// How many options and facts were left out because there are too many.
    pub surplus: usize,
    /// Names of the variables whose values were cut.
    pub shortened_variables: Vec<&'static str>,
    /// The prompt is too long even without any question, and was cut: the work of an operator's own template.
    pub shortened_prompt: bool,
}

/// Gathers losses while texts are filled. Texts may be filled several times, so everything is kept as a set.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    sets: RefCell<Sets>,
    depends_on_names: Cell<bool>,
}

#[derive(Debug, Default)]
struct Sets {
    placeholders: BTreeSet<String>,
    emptied: BTreeSet<String>,
    incomplete: BTreeSet<String>,
    unjudged: BTreeSet<String>,
    shortened: BTreeSet<String>,
    surplus: BTreeSet<String>,
}

impl Ledger {
    /// A placeholder that nobody fills, by its name.
    pub(super) fn removed(&self, name: &str) {
        let name = crate::domain::clean_line(name);
        self.sets.borrow_mut().placeholders.insert(limits::shorten(&name, MAX_NAME));
    }

    /// `text` as far as it fits; notes if it does not.
    pub(super) fn shorten(&self, text: &str, max: usize) -> String {
        self.see_that_names_fit(text, max);
        let short = limits::shorten_before_question(text, max);
        if short.len() != text.len() {
            self.sets.borrow_mut().shortened.insert(text.to_owned());
        }
        short
    }

    /// A finished text as far as it fits. Whoever wrote it notes if it does not.
    pub(super) fn shorten_whole(&self, text: String, max: usize) -> String {
        self.see_that_names_fit(&text, max);
        // As many bytes are no more characters.
        if text.len() <= max { text } else { limits::shorten(&text, max) }
    }

    /// Notes if `text` may be longer than `max` with some names and not with others.
    pub(super) fn see_that_names_fit(&self, text: &str, max: usize) {
        if is_marked(text) && longest(text) > max {
            self.depends_on_names();
        }
    }

    /// What was written for everybody does not hold for everybody: something was decided by what names say.
    pub(super) fn depends_on_names(&self) {
        self.depends_on_names.set(true);
    }

    /// Whether what was written holds for everybody.
    pub(super) fn is_for_everybody(&self) -> bool {
        !self.depends_on_names.get()
    }

    /// A question of which nothing is left.
    pub(super) fn emptied(&self, id: &str) {
        self.sets.borrow_mut().emptied.insert(id.to_owned());
    }

    /// A fact that lacks what a placeholder stands for.
    pub(super) fn incomplete(&self, id: &str) {
        self.sets.borrow_mut().incomplete.insert(id.to_owned());
    }

    /// A fact with a condition on what is not asked.
    pub(super) fn unjudged(&self, id: &str) {
        self.sets.borrow_mut().unjudged.insert(id.to_owned());
    }

    /// An option or a fact too many.
    pub(super) fn surplus(&self, text: &str) {
        self.sets.borrow_mut().surplus.insert(text.to_owned());
    }

    /// What was gathered; the rest is for whoever leaves out whole questions and fills the variables.
    pub(super) fn into_losses(self) -> Losses {
        let sets = self.sets.into_inner();
        Losses {
            placeholders: sets.placeholders,
            emptied: sets.emptied,
            incomplete: sets.incomplete,
            unjudged: sets.unjudged,
            shortened_texts: sets.shortened.len(),
            surplus: sets.surplus.len(),
            ..Losses::default()
        }
    }
}
