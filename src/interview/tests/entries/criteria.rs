//! What counts as a must criterion, and what is passed on about it.

use super::*;

fn variables(questionnaire: &Value) -> impl Fn(&str) -> String + use<> {
    let script = draft(questionnaire).script;
    move |name| script.variables[name].reveal().clone()
}

#[test]
fn a_note_for_the_interviewer_is_nothing_that_the_employer_requires() {
    let variable = variables(&json!({ "questions": [
        { "id": 1, "question": "Haben Sie eine Ausbildung?", "type": "boolean", "priority": 1,
          "context": "Bei Nein bitte nachhaken, ob sie noch läuft" },
        { "id": 2, "question": "Haben Sie ein Auto?", "type": "boolean", "priority": 1,
          "context": "Zur Not reicht ein Roller. Nicht erwähnen!" },
        { "id": 3, "question": "Sprechen Sie Deutsch?", "type": "boolean", "context": "Zwingend: B2" },
        { "id": 4, "question": "Haben Sie Erfahrung?", "type": "boolean", "context": "Muss-Kriterium: ja" },
    ] }));
    let criteria = "Haben Sie eine Ausbildung?; Haben Sie ein Auto?; B2; Haben Sie Erfahrung?";
    assert_eq!(variable("companypriorities"), criteria);
    assert!(variable("questionnaire_context").contains(&format!("Voraussetzungen: {criteria}")));
}

#[test]
fn small_talk_is_none() {
    let questionnaire = json!({ "questions": [
        { "id": "name_confirmation", "question": "Spreche ich mit {{first_name}} {{last_name}}?",
          "type": "boolean", "priority": 1, "group": null, "category": null },
        { "id": 2, "question": "Haben Sie gerade Zeit?", "type": "boolean", "priority": 1 },
        { "id": 3, "question": "Haben Sie noch Fragen an uns?", "type": "boolean", "priority": 1 },
        { "id": 4, "question": "Haben Sie einen Führerschein?", "type": "boolean", "priority": 1 },
    ] });
    let prompt = prompt(&questionnaire);
    let place = |text| prompt.find(text).expect(text);
    assert!(place("Spreche ich mit Erika Beispiel?") < place("Darf ich Ihre Antworten"), "{prompt}");
    assert!(place("Haben Sie gerade Zeit?") < place("## 2. "), "{prompt}");
    assert_eq!(
        question(&prompt, 2)[1],
        "- Nur fragen, wenn es sich nicht schon aus dem Gespräch ergeben hat.",
        "the first message asks it"
    );
    assert!(place("Haben Sie noch Fragen an uns?") > place("## 6. "), "{prompt}");
    let variable = variables(&questionnaire);
    assert_eq!(variable("gate_questions"), "1. Haben Sie einen Führerschein?");
    assert_eq!(variable("companypriorities"), "Haben Sie einen Führerschein?");
    assert_eq!(variable("preference_questions"), "");
}

#[test]
fn a_question_that_hoc_has_twice_is_asked_once() {
    let text = "Haben Sie einen Führerschein Klasse B";
    let questionnaire = json!({ "questions": [
        { "id": 1, "question": text, "type": "boolean", "priority": 2 },
        { "id": 2, "question": format!("{text}?"), "type": "boolean", "priority": 1 },
        { "id": 3, "question": format!("{text}?"), "type": "boolean", "priority": 1 },
    ] });
    let variable = variables(&questionnaire);
    assert_eq!(variable("questions"), format!("1. {text}?"));
    assert_eq!(variable("companypriorities"), format!("{text}?"));
    let pages = json!({ "name": "Koch", "pages": [{ "name": "Kriterien", "prompts": [
        { "question": "Wünschenswert: Deutschkenntnisse B2" },
        { "question": "Zwingend: Deutschkenntnisse B2" },
    ] }] });
    assert_eq!(variables(&pages)("gate_questions"), "1. Deutschkenntnisse B2");
    assert_eq!(variables(&pages)("preference_questions"), "");
}
