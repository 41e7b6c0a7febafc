use serde_json::json;

use super::*;

fn questions(list: &Value) -> Vec<Question> {
    entries(list).questions
}

fn one(entry: &Value) -> Question {
    let mut questions = questions(&json!([entry]));
    assert_eq!(questions.len(), 1, "{questions:?}");
    questions.remove(0)
}

#[test]
fn every_type_and_its_synonyms_are_known() {
    for (words, kind) in [
        (&["string", "text", "TEXT", " Text "][..], QuestionKind::Open),
        (&["number", "integer", "float"], QuestionKind::Number),
        (&["date", "datetime"], QuestionKind::Date),
        (&["boolean", "Bool", "yes_no", "yes-no"], QuestionKind::YesNo),
        (&["choice", "select", "single_choice", "radio"], QuestionKind::Choice),
        (&["multi_choice", "multiselect", "Multi Select", "checkbox"], QuestionKind::MultiChoice),
        (&["ranked_list", "ranking"], QuestionKind::Ranking),
        (&["info", "information", "statement"], QuestionKind::Info),
    ] {
        for word in words {
            assert_eq!(one(&json!({"question": "Was?", "type": word})).kind, kind, "{word}");
            assert_eq!(
                one(&json!({"question": "Was?", "question_type": word, "type": "unbekannt"})).kind,
                kind,
                "{word}"
            );
        }
    }
}

#[test]
fn question_type_comes_before_type_unless_it_says_nothing() {
    let kind = |entry: Value| one(&entry).kind;
    assert_eq!(
        kind(json!({"question": "Was?", "question_type": "date", "type": "boolean"})),
        QuestionKind::Date
    );
    for nothing in [json!(null), json!(""), json!("telepathie"), json!(7), json!(["date"])] {
        let entry = json!({"question": "Was?", "question_type": nothing, "type": "boolean"});
        assert_eq!(kind(entry), QuestionKind::YesNo, "{nothing}");
    }
}

#[test]
fn an_unknown_type_is_a_choice_where_there_are_options_and_open_where_not() {
    let kind = |entry: Value| one(&entry).kind;
    assert_eq!(kind(json!({"question": "Was?", "type": "slider"})), QuestionKind::Open);
    assert_eq!(kind(json!({"question": "Was?", "type": "slider", "options": []})), QuestionKind::Open);
    assert_eq!(kind(json!({"question": "Was?", "type": "slider", "options": ["a"]})), QuestionKind::Choice);
    assert_eq!(kind(json!({"question": "Was?", "options": "a;b"})), QuestionKind::Choice);
    assert_eq!(kind(json!({"question": "Was?", "type": "text", "options": ["a"]})), QuestionKind::Open);
}

#[test]
fn scalars_are_read_whatever_their_type_is() {
    for (priority, expected) in [
        (json!(1), Importance::Must),
        (json!("1"), Importance::Must),
        (json!(2.0), Importance::Wanted),
        (json!(3), Importance::NiceToHave),
        (json!("12"), Importance::NiceToHave),
        (json!(0), Importance::Unknown),
        (json!(-1), Importance::Unknown),
        (json!("hoch"), Importance::Unknown),
        (json!(null), Importance::Unknown),
        (json!([1]), Importance::Unknown),
    ] {
        assert_eq!(
            one(&json!({"question": "Was?", "priority": priority})).importance,
            expected,
            "{priority}"
        );
    }
    let question = one(&json!({
        "id": 3.0, "question": "Was?", "required": "true", "category_order": "3", "phase": 6.0, "group": 5,
        "context": true, "preamble": ["x"], "help_text": {}, "input_hint": "",
    }));
    assert_eq!((question.id.as_str(), question.category_order), ("3", Some(3)));
    assert_eq!((question.phase, question.group.as_deref()), (Some(6), Some("5")));
    assert_eq!(
        (question.context, question.preamble, question.help_text, question.input_hint),
        (None, None, None, None)
    );
}

#[test]
fn a_phase_outside_one_to_six_is_none() {
    for phase in [json!(0), json!(7), json!(-1), json!(300), json!("x")] {
        assert_eq!(one(&json!({"question": "Was?", "phase": phase})).phase, None, "{phase}");
    }
}

#[test]
fn an_entry_without_a_usable_text_is_skipped_and_counts_for_the_position_of_others() {
    let questions = questions(&json!([
        null, 1, "Was?", [], {}, {"question": null}, {"question": " "}, {"question": "?"}, {"question": "12"},
        {"question": ["Was?"]}, {"question": "Was?"}, {"question": "Wann?", "id": " "}, {"question": "Wo?", "id": 7},
        {"question": "Wie?", "id": 7},
    ]));
    let read: Vec<_> =
        questions.iter().map(|question| (question.id.as_str(), question.text.as_str())).collect();
    assert_eq!(read, [("question-11", "Was?"), ("question-12", "Wann?"), ("7", "Wo?"), ("7", "Wie?")]);
}

#[test]
fn the_gate_is_read_from_gate_config_alone() {
    let gate = |config: Value| one(&json!({"question": "Was?", "priority": 1, "gate_config": config})).gate;
    for nothing in
        [json!(null), json!(true), json!([]), json!({}), json!({"is_gate": null, "alternative_for": null})]
    {
        assert_eq!(gate(nothing.clone()), Gate::default(), "{nothing}");
    }
    assert_eq!(gate(json!({"is_gate": "true"})), Gate { is_gate: true, ..Gate::default() });
    assert!(gate(json!({"is_alternative": 1})).is_alternative);
    assert!(gate(json!({"can_satisfy_gate": true})).is_alternative);
    assert!(!gate(json!({"can_satisfy_gate": true, "is_gate": true})).is_alternative);
    for target in [json!(67), json!("67"), json!([67, 68]), json!([null, "67"])] {
        let gate = gate(json!({"is_alternative": true, "alternative_for": target}));
        assert_eq!(gate.alternative_for.as_deref(), Some("67"), "{target}");
    }
}

#[test]
fn contact_data_is_removed_from_every_member() {
    let secret = "Kommen Sie vorbei. AP: Frau Beispiel, e.beispiel@example.org, Tel. 030 23125001";
    let question = one(&json!({
        "id": secret, "question": secret, "group": secret, "category": secret, "context": secret, "preamble": secret,
        "help_text": secret, "input_hint": secret, "options": [secret, {"label": secret}],
        "conditions": {"when": {"field": secret, "op": "eq", "value": [secret]}},
        "gate_config": {"alternative_for": secret},
        "conversation_flow": {
            "pre_check": {"question": secret, "on_yes": secret, "on_no": secret},
            "open_question": {"question": secret},
            "clustered_options": {"presentation_hint": secret, "categories": [{"label": secret, "options": secret}]},
        },
    }));
    let shown = format!("{question:?}");
    assert_eq!(shown.matches("Kommen Sie vorbei").count(), 18, "{shown}");
    for trace in ["Beispiel", "beispiel", "@", "23125", "AP"] {
        assert!(!shown.contains(trace), "{trace} is left in {shown}");
    }
}

#[test]
fn what_is_told_of_the_employer_names_nobody() {
    let read = entries(&json!([
        {"id": 1, "question": "Frau Beispiel führt die Gespräche", "type": "info"},
        {"id": 2, "question": "Das Team ist jung. Herr Muster leitet es.", "type": "info"},
        {"id": 3, "question": "Kita Frau Holle", "type": "info"},
    ]));
    let texts: Vec<_> = read.questions.iter().map(|question| question.text.as_str()).collect();
    assert_eq!(texts, ["Das Team ist jung.", "Kita Frau Holle"]);
    assert_eq!(
        read.skipped.iter().map(|entry| entry.reason).collect::<Vec<_>>(),
        [SkipReason::ContactPerson]
    );
}

#[test]
fn what_recruiters_note_is_left_out_with_its_reason() {
    let read = entries(&json!([
        {"id": 1, "question": "Wirkt der Kandidat sympathisch?", "type": "boolean", "priority": 1},
        {"id": 2, "question": "INTERN: Budget max. 48.000 €", "type": "info"},
        {"id": 3, "question": "Kündigungsgrund des Vorgängers", "group": "Interne Hinweise"},
        {"id": 4, "question": "Intern: Deutsch B2", "gate_config": {"is_gate": true}},
        {
            "id": 5, "question": "Wie hoch ist Ihr Gehaltswunsch?", "context": "Intern: höchstens 48.000 €",
            "help_text": "Streng vertraulich: 48.000 €", "input_hint": "Spanne nicht vorlesen!", "preamble": "Jetzt zum Geld.",
        },
    ]));
    let skipped: Vec<_> = read.skipped.iter().map(|entry| (entry.id.as_str(), entry.reason)).collect();
    let internal = SkipReason::Internal;
    assert_eq!(skipped, [("1", internal), ("2", internal), ("3", internal), ("4", SkipReason::NoText)]);
    let question = &read.questions[0];
    assert_eq!((&question.context, &question.help_text), (&None, &None));
    let noted =
        one(&json!({"question": "Sprechen Sie Deutsch?", "context": "Interner Hinweis: Muss-Kriterium"}));
    assert!(noted.context.is_some(), "else nobody would know that it decides");
    assert_eq!(
        (question.input_hint.as_deref(), question.preamble.as_deref()),
        (Some("Spanne nicht vorlesen!"), Some("Jetzt zum Geld."))
    );
}
