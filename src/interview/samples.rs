//! Made-up input with which every template is rendered once at start, and which the tests share.

use crate::domain::{
    Action, CampaignId, Candidate, ClusteredOptions, CompanyName, Condition, ConditionValue,
    ConversationFlow, Gate, Importance, NextStep, Operator, OptionCluster, PersonName, PreCheck, Question,
    QuestionKind, Questionnaire, Trigger, Wording,
};

/// A trigger that asks for a link.
pub(super) fn link_trigger() -> Trigger {
    Trigger {
        campaign_id: CampaignId::new(123).expect("a campaign"),
        company: CompanyName::parse("Muster & Söhne GmbH").expect("a company"),
        candidate: Candidate {
            first_name: PersonName::parse("Erika").expect("a name"),
            last_name: PersonName::parse("Beispiel").expect("a name"),
        },
        applicant_id: None,
        call: None,
    }
}

/// A trigger that asks for a call. For tests only, because parsing a number would take the start some 50 ms. The number
/// is one of those reserved for fiction.
#[cfg(test)]
pub(super) fn phone_trigger() -> Trigger {
    Trigger {
        call: Some(crate::domain::CallTarget {
            to_number: crate::domain::PhoneNumber::parse("+49 30 23125 001").expect("a number"),
            from: crate::domain::AgentPhoneNumberId::parse("phnum_sample").expect("an id"),
            from_is_default: false,
        }),
        ..link_trigger()
    }
}

/// A questionnaire that exercises every branch of the templates.
pub(super) fn questionnaire() -> Questionnaire {
    Questionnaire {
        questions: vec![
            identification(),
            criterion(),
            alternative(),
            long_list(),
            short_list(),
            asked_beforehand(),
            note("Vollzeit (39 Wochenstunden)", Wording::WorkingCondition, Importance::Wanted),
            note("Führerschein Klasse B", Wording::Criterion, Importance::NiceToHave),
            phased("lohn", "Welche Vergütung stellen Sie sich vor?", QuestionKind::Number, 4),
            phased("start", "Wann könnten Sie anfangen?", QuestionKind::Date, 5),
            phased(
                "rest",
                "Dürfen wir Ihre Unterlagen auch anderen Abteilungen zeigen?",
                QuestionKind::YesNo,
                6,
            ),
            phased("wohnung", "Bei Bedarf gibt es eine Betriebswohnung.", QuestionKind::Info, 4),
            Question::new("fakt", "Wir sind ein Familienbetrieb.", QuestionKind::Info),
            conditional_fact(),
        ],
        skipped: Vec::new(),
        role_title: Some("Elektroniker (m/w/d)".to_owned()),
        location: Some("Werk Nord, Am Beispielweg 3, 12345 Musterstadt".to_owned()),
        company_size: Some("120 Mitarbeitende".to_owned()),
        company_pitch: Some("Seit drei Generationen bauen wir Schaltschränke.".to_owned()),
        company_priorities: None,
    }
}

fn identification() -> Question {
    Question {
        category: Some("identifikation".to_owned()),
        category_order: Some(1),
        importance: Importance::Must,
        ..Question::new("wer", "Spreche ich mit {{first_name}} {{last_name}}?", QuestionKind::YesNo)
    }
}

fn criterion() -> Question {
    Question {
        context: Some("Muss-Kriterium: abgeschlossene Ausbildung".to_owned()),
        group: Some("Qualifikation".to_owned()),
        importance: Importance::Must,
        gate: Gate { is_gate: true, ..Gate::default() },
        ..Question::new("ausbildung", "Haben Sie eine abgeschlossene Ausbildung?", QuestionKind::YesNo)
    }
}

fn alternative() -> Question {
    Question {
        preamble: Some("Es gibt noch einen anderen Weg.".to_owned()),
        gate: Gate { is_gate: false, is_alternative: true, alternative_for: Some("ausbildung".to_owned()) },
        ..Question::new("umschulung", "Wären Sie offen für eine Umschulung?", QuestionKind::YesNo)
    }
}

fn long_list() -> Question {
    Question {
        options: ["Montage", "Prüffeld", "Service", "Planung", "Lager"].map(str::to_owned).to_vec(),
        help_text: Some("Gesucht wird vor allem im Service.".to_owned()),
        flow: Some(ConversationFlow {
            pre_check: Some(PreCheck {
                question: "Haben Sie schon einen Bereich im Sinn?".to_owned(),
                on_yes: Some(NextStep::OpenQuestion),
                on_no: Some(NextStep::ClusteredOptions),
            }),
            open_question: Some("Welcher wäre das?".to_owned()),
            clustered_options: Some(ClusteredOptions {
                presentation_hint: Some("Möchten Sie lieber im Werk oder unterwegs arbeiten?".to_owned()),
                clusters: vec![
                    cluster("Im Werk", &["Montage", "Prüffeld", "Lager"]),
                    cluster("Unterwegs", &["Service"]),
                ],
            }),
        }),
        ..Question::new("bereich", "In welchem Bereich möchten Sie arbeiten?", QuestionKind::Choice)
    }
}

fn asked_beforehand() -> Question {
    Question {
        flow: Some(ConversationFlow {
            pre_check: Some(PreCheck {
                question: "Ist es Ihnen gleich, wo Sie anfangen?".to_owned(),
                on_yes: Some(NextStep::NextQuestion),
                on_no: None,
            }),
            ..ConversationFlow::default()
        }),
        ..Question::new("anfang", "Wo möchten Sie anfangen?", QuestionKind::Open)
    }
}

fn short_list() -> Question {
    Question {
        options: ["Früh", "Spät", "Nacht"].map(str::to_owned).to_vec(),
        conditions: vec![
            Condition {
                field: "bereich".to_owned(),
                operator: Operator::In,
                values: vec![
                    ConditionValue::Text("Montage".to_owned()),
                    ConditionValue::Text("Lager".to_owned()),
                ],
                action: Action::Ask,
            },
            Condition {
                field: "ausbildung".to_owned(),
                operator: Operator::Equals,
                values: vec![ConditionValue::Bool(false)],
                action: Action::Skip,
            },
            Condition {
                field: "has_shift".to_owned(),
                operator: Operator::Exists,
                values: Vec::new(),
                action: Action::Prefill,
            },
        ],
        ..Question::new(
            "schicht",
            "Welche Schichten passen Ihnen ab {{start_date}}?",
            QuestionKind::MultiChoice,
        )
    }
}

fn conditional_fact() -> Question {
    let condition = |field: &str, action| Condition {
        field: field.to_owned(),
        operator: Operator::Equals,
        values: vec![ConditionValue::Bool(false)],
        action,
    };
    Question {
        conditions: vec![condition("ausbildung", Action::Ask), condition("umschulung", Action::Skip)],
        ..Question::new("hilfe", "Eine Umschulung bezahlt die Arbeitsagentur.", QuestionKind::Info)
    }
}

fn note(text: &str, wording: Wording, importance: Importance) -> Question {
    Question { wording, importance, ..Question::new(text, text, QuestionKind::YesNo) }
}

fn phased(id: &str, text: &str, kind: QuestionKind, phase: u8) -> Question {
    Question { phase: Some(phase), ..Question::new(id, text, kind) }
}

fn cluster(label: &str, options: &[&str]) -> OptionCluster {
    OptionCluster {
        label: label.to_owned(),
        options: options.iter().map(|&option| option.to_owned()).collect(),
    }
}
