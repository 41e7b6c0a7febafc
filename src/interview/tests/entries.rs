//! How single entries of HOC's read in the prompt, and which of them are not told.

use serde_json::{Value, json};

use super::*;

fn draft(questionnaire: &Value) -> Draft {
    let questionnaire = fixture(&questionnaire.to_string());
    interview().draft(&samples::phone_trigger(), Some(&questionnaire), &samples::call_id()).expect("a draft")
}

fn prompt(questionnaire: &Value) -> String {
    draft(questionnaire).script.prompt.reveal().clone()
}

/// The lines of the prompt about the question with this number.
fn question(prompt: &str, number: usize) -> Vec<&str> {
    let start = format!("Frage {number}");
    prompt.lines().skip_while(|line| !line.starts_with(&start)).take_while(|line| !line.is_empty()).collect()
}

mod alternatives {
    use super::*;

    fn pages(pages: &[(&str, &[&str])]) -> Value {
        let pages = pages.iter().map(|(name, prompts)| {
            let prompts: Vec<_> = prompts.iter().map(|prompt| json!({ "question": prompt })).collect();
            json!({ "name": name, "prompts": prompts })
        });
        json!({ "name": "Koch", "pages": pages.collect::<Vec<_>>() })
    }

    #[test]
    fn one_is_asked_instead_of_the_note_before_it_and_of_none_on_another_page() {
        let prompt = prompt(&pages(&[
            ("Kriterien", &["Zwingend: Deutschkenntnisse B2"]),
            (
                "Rahmenbedingungen",
                &["Vollzeit (39 Wochenstunden)", "Alternativ: Teilzeit (30 Wochenstunden)"],
            ),
        ]));
        assert!(question(&prompt, 1)[0].contains("Deutschkenntnisse B2"), "{prompt}");
        assert!(question(&prompt, 2)[0].starts_with("Frage 2: Stichwort „Vollzeit"), "{prompt}");
        assert!(question(&prompt, 2)[1].ends_with("weiter mit Frage 3."), "{prompt}");
        assert!(
            question(&prompt, 3)[0].starts_with("Frage 3 (Alternative zu Frage 2): Stichwort „Teilzeit"),
            "{prompt}"
        );
    }

    #[test]
    fn one_that_begins_its_page_is_a_usual_question() {
        let prompt = prompt(&pages(&[
            ("Kriterien", &["Zwingend: Deutschkenntnisse B2"]),
            ("Rahmenbedingungen", &["Alternativ: Teilzeit", "Schichtdienst"]),
        ]));
        assert!(!prompt.contains("Alternative zu"), "{prompt}");
        assert!(question(&prompt, 2)[0].starts_with("Frage 2: Stichwort „Teilzeit“"), "{prompt}");
    }

    #[test]
    fn only_one_of_a_criterion_is_among_the_criteria() {
        let draft = draft(&pages(&[
            ("Kriterien", &["Zwingend: Examen", "Alternativ: Anerkennung"]),
            ("Rahmenbedingungen", &["Vollzeit", "Alternativ: Teilzeit"]),
        ]));
        let variable = |name| draft.script.variables[name].reveal().as_str();
        assert_eq!(variable("gate_questions"), "1. Examen\n2. Anerkennung");
        assert_eq!(variable("preference_questions"), "1. Vollzeit\n2. Teilzeit");
    }
}
