//! How single entries of HOC's read in the prompt, and which of them are not told.

mod alternatives;
mod criteria;

use serde_json::{Value, json};

use super::*;

fn draft(questionnaire: &Value) -> Draft {
    let questionnaire = fixture(&questionnaire.to_string());
    interview()
        .draft(&samples::phone_trigger(), Some(&questionnaire), &CallId::of_no_call())
        .expect("a draft")
}

fn prompt(questionnaire: &Value) -> String {
    draft(questionnaire).script.prompt.reveal().clone()
}

/// The lines of the prompt about the question with this number.
fn question(prompt: &str, number: usize) -> Vec<&str> {
    let start = format!("Frage {number}");
    prompt.lines().skip_while(|line| !line.starts_with(&start)).take_while(|line| !line.is_empty()).collect()
}

mod facts {
    use super::*;

    fn with_fact(conditions: &Value) -> Value {
        json!({ "questions": [
            { "id": "ex", "question": "Haben Sie ein Examen?", "type": "boolean", "priority": 1 },
            { "id": "ort", "question": "Wo wohnen Sie?", "type": "string" },
            { "id": "i", "question": "Wir helfen bei der Anerkennung.", "type": "info", "conditions": conditions },
        ] })
    }

    fn condition(field: &str, op: &str, value: &Value, action: &str) -> Value {
        json!({ "when": { "field": field, "op": op, "value": value }, "then": { "action": action } })
    }

    #[test]
    fn a_fact_with_a_condition_is_told_only_where_it_holds() {
        for (conditions, expected) in [
            (
                json!([condition("ex", "eq", &json!(false), "ask")]),
                "Nur erwähnen, wenn Frage 1 mit „Nein“ beantwortet wurde: ",
            ),
            (
                json!([condition("ex", "eq", &json!(true), "skip")]),
                "Nur erwähnen, wenn Frage 1 nicht mit „Ja“ beantwortet wurde: ",
            ),
            (
                json!([
                    condition("ort", "in", &json!(["Bonn", "Köln"]), "ask"),
                    condition("ex", "exists", &json!(true), "skip")
                ]),
                "Nur erwähnen, wenn Frage 2 mit „Bonn“ oder „Köln“ beantwortet wurde und Frage 1 nicht beantwortet wurde: ",
            ),
            // A fact asks for no answer that could be known beforehand.
            (json!([condition("ex", "eq", &json!(true), "prefill")]), "Erwähne: "),
        ] {
            let draft = draft(&with_fact(&conditions));
            let prompt = draft.script.prompt.reveal();
            let line = format!("{expected}Wir helfen bei der Anerkennung.");
            assert!(prompt.lines().any(|told| told == line), "{line}\n{prompt}");
            assert_eq!(prompt.matches("Anerkennung").count(), 1, "{prompt}");
            assert_eq!(draft.script.variables["companypitch"].reveal(), "");
            assert_eq!(draft.losses, Losses::default());
        }
    }

    #[test]
    fn a_fact_is_told_behind_the_question_it_depends_on_even_before_the_employer_is_introduced() {
        let mut questionnaire = with_fact(&json!([condition("ex", "eq", &json!(true), "ask")]));
        questionnaire["questions"][0]["category"] = json!("identifikation");
        let prompt = prompt(&questionnaire);
        let place = |text| prompt.find(text).expect(text);
        assert!(place("Nur erwähnen, wenn Frage 1 mit „Ja“ beantwortet wurde") < place("## 2. "), "{prompt}");
    }

    #[test]
    fn a_fact_whose_condition_nobody_here_can_judge_is_not_told() {
        for action in ["ask", "skip"] {
            let draft = draft(&with_fact(&json!([condition("has_visa", "eq", &json!(true), action)])));
            assert!(!draft.script.prompt.reveal().contains("Anerkennung"));
            assert_eq!(draft.losses.unjudged, ["i".to_owned()].into());
        }
    }

    #[test]
    fn a_fact_with_a_condition_that_is_not_understood_is_not_told() {
        for unknown in
            [condition("ex", "neq", &json!(true), "ask"), condition("ex", "eq", &json!(true), "hide")]
        {
            let draft = draft(&with_fact(&json!([condition("ex", "eq", &json!(false), "ask"), unknown])));
            assert!(!draft.script.prompt.reveal().contains("Anerkennung"), "{unknown}");
            assert_eq!(draft.losses.unjudged, ["i".to_owned()].into());
        }
        let draft = draft(&with_fact(&json!([null, {}])));
        assert!(draft.script.prompt.reveal().contains("- Wir helfen bei der Anerkennung."));
    }

    #[test]
    fn a_fact_that_lacks_something_is_not_told() {
        let draft = draft(&json!({ "questions": [
            { "id": "a", "question": "Was ist Ihnen wichtig?" },
            { "id": "lohn", "question": "Wir zahlen {{salary}} Euro im Monat.", "type": "info" },
            { "id": "lohn2", "question": "Wir zahlen {{salary}} Euro.", "type": "info", "phase": 4 },
            { "id": "wer", "question": "Bei {{company_name}} duzen wir uns.", "type": "info" },
        ] }));
        let prompt = draft.script.prompt.reveal();
        assert!(!prompt.contains("Euro"), "{prompt}");
        assert!(prompt.contains("- Bei Muster & Söhne GmbH duzen wir uns."), "{prompt}");
        assert_eq!(draft.losses.incomplete, ["lohn".to_owned(), "lohn2".to_owned()].into());
    }
}

mod flows {
    use super::*;

    /// The steps under the question.
    fn steps(flow: &Value, options: &[&str]) -> Vec<String> {
        let prompt = prompt(&json!({ "questions": [{
            "id": "a", "question": "Welche Station?", "type": "choice", "options": options, "conversation_flow": flow,
        }] }));
        question(&prompt, 1).into_iter().skip(1).map(str::to_owned).collect()
    }

    const HEAD: &str = "- Stelle diese Frage nicht direkt, sondern Schritt für Schritt:";
    const ASK_YES: &str = "- Bei Ja: Stelle die Frage selbst.";
    const NEXT_YES: &str = "- Bei Ja: weiter zur nächsten Frage.";
    const NEXT_NO: &str = "- Bei Nein: weiter zur nächsten Frage.";
    const THEMES: &str = "Nenne die Bereiche in einem Satz und frage, was am ehesten passt.";

    fn themes() -> Value {
        json!({ "categories": [{ "label": "X", "options": ["Eins", "Zwei"] }] })
    }

    #[test]
    fn after_a_question_beforehand_the_question_itself_is_asked() {
        let pre_check = json!({ "pre_check": "Darf ich etwas fragen?" });
        assert_eq!(steps(&pre_check, &[]), [HEAD, "- Zuerst: Darf ich etwas fragen?", ASK_YES]);
        assert_eq!(
            steps(&pre_check, &["Eins", "Zwei"]),
            [HEAD, "- Zuerst: Darf ich etwas fragen?", ASK_YES, "- Zur Wahl: Eins; Zwei"]
        );
        let named =
            json!({ "pre_check": { "question": "Darf ich?", "on_yes": "open_question", "on_no": "next" } });
        assert_eq!(steps(&named, &[]), [HEAD, "- Zuerst: Darf ich?", ASK_YES, NEXT_NO]);
    }

    #[test]
    fn a_yes_may_lead_to_the_next_question() {
        let flow = json!({
            "pre_check": { "question": "Ist es Ihnen egal?", "on_yes": "skip", "on_no": "open_question" },
            "open_question": { "question": "Welche soll es sein?" },
        });
        assert_eq!(
            steps(&flow, &["Eins", "Zwei"]),
            [
                HEAD,
                "- Zuerst: Ist es Ihnen egal?",
                NEXT_YES,
                "- Bei Nein: Welche soll es sein?",
                "- Zur Wahl: Eins; Zwei"
            ]
        );
    }

    #[test]
    fn a_yes_may_lead_to_the_themes() {
        let flow = json!({
            "pre_check": { "question": "Möchten Sie sie hören?", "on_yes": "clustered_options", "on_no": "skip_question" },
            "clustered_options": themes(),
        });
        let steps = steps(&flow, &["Eins", "Zwei", "Drei"]);
        let lead = format!("- Bei Ja, oder wenn die Antwort unklar bleibt: {THEMES}");
        assert_eq!(
            steps[..6],
            [
                HEAD,
                "- Zuerst: Möchten Sie sie hören?",
                NEXT_NO,
                &lead,
                "  - X: Eins; Zwei",
                "  - Weitere: Drei"
            ]
        );
    }

    #[test]
    fn every_word_for_going_on_is_understood_and_an_unknown_one_is_none() {
        let lead_to = |on_no: &str| {
            let flow = json!({
                "pre_check": { "question": "Haben Sie eine im Sinn?", "on_yes": "telepathy", "on_no": on_no },
                "open_question": "Welche?",
                "clustered_options": themes(),
            });
            steps(&flow, &["Eins", "Zwei"])
        };
        let unclear = format!("- Kommt keine klare Antwort: {THEMES}");
        for word in ["next", "next_question", "skip", "skip_question", "SKIP", "Next-Question"] {
            assert_eq!(
                lead_to(word)[..5],
                [HEAD, "- Zuerst: Haben Sie eine im Sinn?", "- Bei Ja: Welche?", NEXT_NO, &unclear],
                "{word}"
            );
        }
        let themes_on_no = format!("- Bei Nein, oder wenn die Antwort unklar bleibt: {THEMES}");
        for word in ["telepathy", "clustered_options"] {
            assert_eq!(
                lead_to(word)[..4],
                [HEAD, "- Zuerst: Haben Sie eine im Sinn?", "- Bei Ja: Welche?", &themes_on_no],
                "{word}"
            );
        }
    }

    #[test]
    fn both_answers_may_lead_to_the_same_step() {
        let flow = |step: &str| {
            json!({
                "pre_check": { "question": "Kennen Sie uns?", "on_yes": step, "on_no": step },
                "open_question": "Welche?",
                "clustered_options": themes(),
            })
        };
        assert_eq!(steps(&flow("open_question"), &["Eins"])[2], "- Danach: Welche?");
        assert_eq!(steps(&flow("clustered_options"), &["Eins"])[2], format!("- Danach: {THEMES}"));
    }

    #[test]
    fn themes_alone_follow_the_question_itself() {
        let steps = steps(&json!({ "clustered_options": themes() }), &["Eins", "Zwei", "Drei"]);
        let unclear = format!("- Kommt keine klare Antwort: {THEMES}");
        assert_eq!(steps[..2], ["- Stelle diese Frage zuerst offen.", unclear.as_str()]);
    }
}

#[test]
fn an_option_that_ends_with_a_gap_ends_with_a_word() {
    let prompt = prompt(&json!({ "questions": [
        { "id": "a", "question": "Passt es?", "type": "choice", "options": ["Ja, {{first_name}}", "Nein, {{unbekannt}}"] },
    ] }));
    assert!(prompt.contains("- Zur Wahl: Ja, Erika; Nein\n"), "{prompt}");
}

#[test]
fn placeholders_in_other_brackets_survive_hoc_s_markup() {
    let prompt = prompt(&json!({ "questions": [
        { "id": "a", "question": "Sind Sie << first_name >> [Nachname] bei ${company_name}?", "type": "boolean" },
        { "id": "b", "question": "Sind Sie &lt;&lt;first_name&gt;&gt;?", "type": "boolean" },
    ] }));
    assert!(prompt.contains("Sind Sie Erika Beispiel bei Muster & Söhne GmbH?"), "{prompt}");
    assert!(prompt.contains("Sind Sie Erika?"), "{prompt}");
}
