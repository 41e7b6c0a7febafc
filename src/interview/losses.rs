//! What of a questionnaire does not reach the interview as HOC wrote it, for people who preview it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use super::limits;
use super::merge_field::{is_marked, longest};

/// The longest name of a placeholder that is reported, in characters.
const MAX_NAME: usize = 60;

/// What was left out, removed or cut. Texts are not quoted, only counted or named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses {
    /// Names of placeholders (`street` of `{{street}}`) that nobody fills, as HOC writes them. They were removed,
    /// together with the words that make no sense without them.
    pub placeholders: BTreeSet<String>,
    /// Ids of the questions of which nothing is left without such placeholders.
    pub emptied: BTreeSet<String>,
    /// Ids of the facts that are not told, because a placeholder in them could not be filled.
    pub incomplete: BTreeSet<String>,
    /// Ids of the facts that are not told, because no question that is asked shows whether their condition holds.
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
    /// The prompt was too long even without any question, and was cut: only an operator's own template can make it so.
    pub shortened_prompt: bool,
}

/// Collects losses while texts are filled in. A text may be filled in several times, so everything is kept as a set.
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
    /// Records a placeholder that nobody fills, by its name.
    pub(super) fn removed(&self, name: &str) {
        let name = crate::domain::clean_line(name);
        self.sets.borrow_mut().placeholders.insert(limits::shorten(&name, MAX_NAME));
    }

    /// `text`, shortened to `max` characters if it is longer, which is recorded.
    pub(super) fn shorten(&self, text: &str, max: usize) -> String {
        self.see_that_names_fit(text, max);
        let short = limits::shorten_before_question(text, max);
        if short.len() != text.len() {
            self.sets.borrow_mut().shortened.insert(text.to_owned());
        }
        short
    }

    /// A finished text, shortened to `max` characters if it is longer. The caller records that.
    pub(super) fn shorten_whole(&self, text: String, max: usize) -> String {
        self.see_that_names_fit(&text, max);
        // A text never has more characters than bytes.
        if text.len() <= max { text } else { limits::shorten(&text, max) }
    }

    /// Records if `text` may be longer than `max` with some names and not with others.
    pub(super) fn see_that_names_fit(&self, text: &str, max: usize) {
        if is_marked(text) && longest(text) > max {
            self.depends_on_names();
        }
    }

    /// Records that what names say has decided something, so that the texts do not suit everybody.
    pub(super) fn depends_on_names(&self) {
        self.depends_on_names.set(true);
    }

    /// Whether the texts suit everybody.
    pub(super) fn is_for_everybody(&self) -> bool {
        !self.depends_on_names.get()
    }

    /// Records a question of which nothing is left.
    pub(super) fn emptied(&self, id: &str) {
        self.sets.borrow_mut().emptied.insert(id.to_owned());
    }

    /// Records a fact that lacks what a placeholder stands for.
    pub(super) fn incomplete(&self, id: &str) {
        self.sets.borrow_mut().incomplete.insert(id.to_owned());
    }

    /// Records a fact whose condition depends on something that is not asked.
    pub(super) fn unjudged(&self, id: &str) {
        self.sets.borrow_mut().unjudged.insert(id.to_owned());
    }

    /// Records an option or a fact too many.
    pub(super) fn surplus(&self, text: &str) {
        self.sets.borrow_mut().surplus.insert(text.to_owned());
    }

    /// What was collected. The caller, which leaves out whole questions and shortens variables, adds the rest.
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
