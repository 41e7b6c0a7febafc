//! Questions that belong to every conversation and say nothing about what the person can do or wants.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::{Question, QuestionKind};
use crate::pattern::pattern;

/// Every phrase below contains one of these. Hardly any question does, and each question is checked several times.
static SIGN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"preche ich | noch |Zeit|asst es |töre ich|richtig bei |prechen|elefonieren|reden| für mich|(?:ind Sie|st da)[ /HFa-z]*\{\{",
    )
});

/// What such a question is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SmallTalk {
    /// Who is speaking: `Spreche ich mit {{first_name}} {{last_name}}?`
    Identity,
    /// Whether now is a good time: `Haben Sie gerade Zeit?` The first message has asked that already.
    Time,
    /// What the candidate wants to know: `Haben Sie noch Fragen an uns?`
    Farewell,
}

/// Ids of questions about who is speaking. They count only for questions without a heading, which would say more.
const IDENTITY_IDS: [&str; 5] =
    ["name_confirmation", "identity", "identity_check", "identification", "identifikation"];
/// How one asks who is speaking.
const IDENTITY_PHRASES: [&str; 7] = [
    " spreche ich mit ",
    " spreche ich da mit ",
    " spreche ich gerade mit ",
    " spreche ich jetzt mit ",
    " bin ich richtig bei ",
    " bin ich da richtig bei ",
    " bin ich hier richtig bei ",
];

/// `Sind Sie {{first_name}} {{last_name}}`: nothing but the candidate's name.
static IS_IT_YOU: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:Sind Sie|Ist da)(?:[\s/]+(?:Frau|Herrn?))*(?:\s+\{\{[^{}]*(?i:name)[^{}]*\}\})+$")
});

/// A question of nothing but known words: one more word (`Haben Sie jetzt Zeit für eine Ausbildung?`) makes it a
/// different question.
struct Phrase {
    talk: SmallTalk,
    /// One of these is its first word.
    begins: &'static [&'static str],
    /// It contains a word from each of these.
    needs: &'static [&'static [&'static str]],
    /// Which other words it may contain.
    fillers: &'static [&'static str],
}

const PHRASES: [Phrase; 6] = [
    Phrase {
        talk: SmallTalk::Time,
        begins: &["haben", "hätten", "passt"],
        needs: &[&["gerade", "jetzt", "kurz", "moment", "minuten"], &["zeit", "es", "mich"]],
        fillers: &[
            "im",
            "sie",
            "bei",
            "ihnen",
            "gut",
            "dafür",
            "etwas",
            "ein",
            "einen",
            "paar",
            "etwa",
            "für",
            "kurzes",
            "unser",
            "das",
            "dieses",
            "gespräch",
            "telefonat",
            "interview",
        ],
    },
    Phrase {
        talk: SmallTalk::Time,
        begins: &["können", "könnten"],
        needs: &[&["gerade", "jetzt", "kurz", "moment"], &["sprechen", "reden", "telefonieren"]],
        fillers: &["sie", "wir", "frei", "ungestört", "offen", "im", "in", "ruhe", "mit", "mir"],
    },
    Phrase {
        talk: SmallTalk::Time,
        begins: &["störe"],
        needs: &[&["ich"]],
        fillers: &["sie", "gerade", "jetzt", "im", "moment", "bei", "etwas"],
    },
    Phrase {
        talk: SmallTalk::Time,
        begins: &["ist"],
        needs: &[&["jetzt", "gerade", "das"], &["zeitpunkt"]],
        fillers: &[
            "ein",
            "der",
            "guter",
            "günstiger",
            "passender",
            "richtige",
            "für",
            "sie",
            "unser",
            "kurzes",
            "das",
            "gespräch",
            "telefonat",
            "interview",
        ],
    },
    Phrase {
        talk: SmallTalk::Farewell,
        begins: &["gibt", "möchten"],
        needs: &[&["noch"], &["etwas"], &["wissen", "ergänzen", "hinzufügen", "fragen"]],
        fillers: &[
            "es", "sie", "das", "was", "mich", "uns", "von", "mir", "möchten", "gern", "gerne", "sonst",
        ],
    },
    Phrase {
        talk: SmallTalk::Farewell,
        begins: &["haben", "hätten", "gibt"],
        needs: &[&["noch"], &["fragen"]],
        fillers: &[
            "sie",
            "es",
            "denn",
            "sonst",
            "aktuell",
            "momentan",
            "im",
            "moment",
            "jetzt",
            "offene",
            "weitere",
            "irgendwelche",
            "an",
            "uns",
            "mich",
            "zu",
            "zur",
            "zum",
            "der",
            "stelle",
            "position",
            "unternehmen",
            "arbeitgeber",
            "von",
            "ihrer",
            "seite",
            "ihrerseits",
        ],
    },
];

impl SmallTalk {
    /// `None` for a question about the person, or a fact.
    pub(super) fn of(question: &Question) -> Option<Self> {
        if question.kind == QuestionKind::Info {
            return None;
        }
        let has_heading = question.group.is_some() || question.category.is_some();
        if !has_heading && IDENTITY_IDS.contains(&question.id.to_lowercase().as_str()) {
            return Some(Self::Identity);
        }
        Self::of_text(&question.text)
    }

    fn of_text(text: &str) -> Option<Self> {
        // Several sentences may ask more than that.
        let sentence = text.strip_suffix('?').filter(|rest| !rest.contains(['?', '.', '!']))?;
        if !SIGN.is_match(sentence) {
            return None;
        }
        if IS_IT_YOU.is_match(sentence.trim()) {
            return Some(Self::Identity);
        }
        let sentence = sentence.to_lowercase();
        let words = sentence.split(|character: char| !character.is_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        if asks_who_speaks(&words) {
            return Some(Self::Identity);
        }
        PHRASES.iter().find(|phrase| phrase.is(&words)).map(|phrase| phrase.talk)
    }
}

fn asks_who_speaks(words: &[&str]) -> bool {
    let sentence = format!(" {} ", words.join(" "));
    IDENTITY_PHRASES.iter().any(|phrase| sentence.contains(phrase))
}

impl Phrase {
    fn is(&self, words: &[&str]) -> bool {
        let is_needed = |word: &&str| self.needs.iter().any(|some| some.contains(word));
        let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
        words.first().is_some_and(|first| self.begins.contains(first))
            && self.needs.iter().all(|some| words.iter().any(|word| some.contains(word)))
            && words[1..].iter().all(|word| is_needed(word) || self.fillers.contains(word) || is_number(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<SmallTalk> {
        SmallTalk::of(&Question::new("q", text, QuestionKind::YesNo))
    }

    #[test]
    fn who_speaks_whether_it_suits_and_what_is_left_to_ask_is_small_talk() {
        for (text, talk) in [
            ("Spreche ich mit {{first_name}} {{last_name}}?", SmallTalk::Identity),
            ("Guten Tag, spreche ich gerade mit {{name}}?", SmallTalk::Identity),
            ("Haben Sie gerade Zeit?", SmallTalk::Time),
            ("Hätten Sie jetzt kurz Zeit für ein Gespräch?", SmallTalk::Time),
            ("Haben Sie dafür jetzt etwa 15 Minuten Zeit?", SmallTalk::Time),
            ("Passt es Ihnen gerade?", SmallTalk::Time),
            ("Passt es gerade gut bei Ihnen?", SmallTalk::Time),
            ("Haben Sie einen Moment Zeit?", SmallTalk::Time),
            ("Hätten Sie ein paar Minuten Zeit für mich?", SmallTalk::Time),
            ("Sind Sie {{first_name}} {{last_name}}?", SmallTalk::Identity),
            ("Ist da Frau / Herr {{ last_name }}?", SmallTalk::Identity),
            ("Bin ich richtig bei {{last_name}}?", SmallTalk::Identity),
            ("Haben Sie 10 Minuten für mich?", SmallTalk::Time),
            ("Passt es Ihnen im Moment?", SmallTalk::Time),
            ("Können Sie gerade ungestört sprechen?", SmallTalk::Time),
            ("Können wir kurz telefonieren?", SmallTalk::Time),
            ("Störe ich gerade?", SmallTalk::Time),
            ("Ist jetzt ein guter Zeitpunkt für ein Gespräch?", SmallTalk::Time),
            ("Haben Sie sonst noch Fragen?", SmallTalk::Farewell),
            ("Gibt es noch etwas, das Sie wissen möchten?", SmallTalk::Farewell),
            ("Möchten Sie noch etwas ergänzen?", SmallTalk::Farewell),
            ("Haben Sie noch Fragen an uns?", SmallTalk::Farewell),
            ("Gibt es Ihrerseits noch offene Fragen zur Stelle?", SmallTalk::Farewell),
        ] {
            assert_eq!(of(text), Some(talk), "{text}");
        }
    }

    #[test]
    fn one_more_word_or_sentence_makes_another_question_of_it() {
        for text in [
            "Haben Sie gerade Zeit für eine Ausbildung?",
            "Haben Sie im Sommer Zeit?",
            "Haben Sie Zeit?",
            "Arbeiten Sie jetzt in Vollzeit?",
            "Passt es Ihnen, in Schichten zu arbeiten?",
            "Haben Sie noch eine Ausbildung vor sich?",
            "Haben Sie noch Fragen zu Ihrem Examen zu klären?",
            "Spreche ich mit Herrn Beispiel? Haben Sie einen Führerschein?",
            "Was bespreche ich mit Ihnen zuerst?",
            "Sprechen Sie mit Kunden Englisch?",
            "Sind Sie Erzieher?",
            "Spreche ich mit",
            "Können Sie jetzt Englisch sprechen?",
            "Können Sie mit Kunden telefonieren?",
            "Sind Sie {{job_title}}?",
            "Sind Sie {{first_name}} Jahre alt?",
            "Ist jetzt ein guter Zeitpunkt für einen Wechsel?",
            "Haben Sie noch etwas Zeit bis zum Examen?",
            "Möchten Sie noch etwas lernen?",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_tells_who_speaks_only_where_no_heading_says_more() {
        let mut question = Question::new("name_confirmation", "Sind Sie es?", QuestionKind::YesNo);
        assert_eq!(SmallTalk::of(&question), Some(SmallTalk::Identity));
        question.group = Some("Qualifikation".to_owned());
        assert_eq!(SmallTalk::of(&question), None);
        let fact = Question::new("identity", "Wir sind für Sie da.", QuestionKind::Info);
        assert_eq!(SmallTalk::of(&fact), None);
    }
}
