//! A questionnaire whose texts are all recognisable.

use serde_json::{Value, json};

/// One must criterion and one wish.
pub(crate) fn questionnaire() -> Value {
    json!({
        "campaignrole_title": "Quittenpflücker",
        "campaignlocation_label": "Obsthof Quittenau",
        "companysize": "40 Pflückende",
        "questions": [
            {
                "id": 1,
                "question": "Besitzen Sie eine eigene Quittenleiter?",
                "question_type": "boolean",
                "priority": 1,
                "context": "Muss-Kriterium: Quittenleiter vorhanden",
            },
            {
                "id": 2,
                "question": "Welche Quittensorten mögen Sie am liebsten?",
                "question_type": "text",
                "priority": 2,
            },
        ],
    })
}
