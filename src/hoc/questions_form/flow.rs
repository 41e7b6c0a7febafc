//! How to lead through a long list (`conversation_flow`).

use serde_json::Value;

use crate::domain::{ClusteredOptions, ConversationFlow, NextStep, OptionCluster, PreCheck};
use crate::hoc::loose::{Object, as_text, items, member, text_of};
use crate::hoc::options::options;

/// The usable parts; `None` if there are none.
pub(super) fn flow(config: &Object) -> Option<ConversationFlow> {
    let flow = ConversationFlow {
        pre_check: member(config, &["pre_check"]).and_then(pre_check),
        open_question: member(config, &["open_question"]).and_then(question),
        clustered_options: member(config, &["clustered_options"]).and_then(clustered_options),
    };
    (flow != ConversationFlow::default()).then_some(flow)
}

fn question(step: &Value) -> Option<String> {
    step.as_object().map_or_else(|| as_text(step), |step| text_of(step, &["question"]))
}

fn pre_check(step: &Value) -> Option<PreCheck> {
    let next = |answer| next_step(&text_of(step.as_object()?, &[answer])?);
    Some(PreCheck { question: question(step)?, on_yes: next("on_yes"), on_no: next("on_no") })
}

/// `None` for an unknown word, which says nothing.
fn next_step(word: &str) -> Option<NextStep> {
    match word.to_lowercase().replace(['-', ' '], "_").as_str() {
        "open_question" => Some(NextStep::OpenQuestion),
        "clustered_options" => Some(NextStep::ClusteredOptions),
        "next" | "next_question" | "skip" | "skip_question" => Some(NextStep::NextQuestion),
        _ => None,
    }
}

fn clustered_options(step: &Value) -> Option<ClusteredOptions> {
    let (presentation_hint, categories) = match step {
        Value::Object(step) => (text_of(step, &["presentation_hint"]), member(step, &["categories"])),
        list => (None, Some(list)),
    };
    let clusters: Vec<_> = categories.map(clusters).unwrap_or_default();
    (presentation_hint.is_some() || !clusters.is_empty())
        .then_some(ClusteredOptions { presentation_hint, clusters })
}

/// A category without a name or without options is dropped.
fn clusters(categories: &Value) -> Vec<OptionCluster> {
    items(categories)
        .into_iter()
        .filter_map(|category| {
            let category = category.as_object()?;
            let label = text_of(category, &["label", "name", "id"])?;
            let options = options(category.get("options")?);
            (!options.is_empty()).then_some(OptionCluster { label, options })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> Option<ConversationFlow> {
        flow(value.as_object().expect("an object"))
    }

    #[test]
    fn every_part_may_be_missing_or_of_a_wrong_type() {
        for value in [
            json!({}),
            json!({"pre_check": null, "open_question": [], "clustered_options": 3}),
            json!({"pre_check": {"on_yes": "open_question"}, "open_question": {}, "clustered_options": {}}),
            json!({"clustered_options": {"categories": [{"label": "Leer", "options": []}, "x", {"options": ["a"]}]}}),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }

    #[test]
    fn the_usable_parts_are_kept() {
        let flow = read(&json!({
            "pre_check": {"question": "Wissen Sie schon wohin?", "on_yes": true, "on_no": "clustered_options"},
            "open_question": "Wohin?",
            "clustered_options": {"categories": {"id": "nord", "options": "Haus A\nHaus B"}},
        }))
        .expect("a flow");
        assert_eq!(
            flow.pre_check,
            Some(PreCheck {
                question: "Wissen Sie schon wohin?".into(),
                on_yes: None,
                on_no: Some(NextStep::ClusteredOptions)
            })
        );
        assert_eq!(flow.open_question.as_deref(), Some("Wohin?"));
        let clusters = flow.clustered_options.expect("clusters").clusters;
        assert_eq!(
            clusters,
            [OptionCluster { label: "nord".into(), options: vec!["Haus A".into(), "Haus B".into()] }]
        );
    }
}
