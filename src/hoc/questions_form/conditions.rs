//! When a question is asked (`conditions`).

use serde_json::Value;

use crate::domain::{Action, Condition, ConditionValue, Operator};
use crate::hoc::loose::{Object, as_text, boolean, items, member, object, text_of};

/// The conditions that are understood. Any other is left out: better one question too many than one too few.
pub(super) fn conditions(value: &Value) -> Vec<Condition> {
    items(value).into_iter().filter_map(|entry| condition(entry.as_object()?)).collect()
}

/// Like [`conditions`], for a fact: it is told only if all of its conditions are known to hold. So one that is not
/// understood refers to something that nobody can know.
pub(super) fn conditions_of_fact(value: &Value) -> Vec<Condition> {
    let stated = items(value).into_iter().filter(|entry| entry.as_object().is_some_and(|it| !it.is_empty()));
    let mut understood = conditions(value);
    if understood.len() < stated.count() {
        let (field, operator, action) = (String::new(), Operator::Exists, Action::Ask);
        understood.push(Condition { field, operator, values: Vec::new(), action });
    }
    understood
}

fn condition(entry: &Object) -> Option<Condition> {
    let when = object(entry, "when").unwrap_or(entry);
    let field = text_of(when, &["field"])?;
    let value = member(when, &["value", "values"]);
    let operator = operator(when, value)?;
    let action = action(entry)?;
    match operator {
        Operator::Exists if value.and_then(boolean) == Some(false) => {
            Some(Condition { field, operator, values: Vec::new(), action: opposite(action)? })
        }
        Operator::Exists => Some(Condition { field, operator, values: Vec::new(), action }),
        Operator::Equals | Operator::In => {
            let values: Vec<_> = value.map(values).unwrap_or_default();
            (!values.is_empty()).then_some(Condition { field, operator, values, action })
        }
    }
}

fn operator(when: &Object, value: Option<&Value>) -> Option<Operator> {
    let Some(word) = text_of(when, &["op", "operator"]) else {
        return Some(match value {
            None => Operator::Exists,
            Some(Value::Array(_)) => Operator::In,
            Some(_) => Operator::Equals,
        });
    };
    match word.to_lowercase().as_str() {
        "eq" | "equals" => Some(Operator::Equals),
        "in" => Some(Operator::In),
        "exists" => Some(Operator::Exists),
        _ => None,
    }
}

/// `{"then": {"action": "ask"}}`, `{"then": "ask"}` or `{"action": "ask"}`. Without any of them, the action is to ask.
fn action(entry: &Object) -> Option<Action> {
    let then = member(entry, &["then"]);
    let word = match then {
        Some(Value::Object(then)) => text_of(then, &["action"]),
        Some(word) => as_text(word),
        None => text_of(entry, &["action"]),
    };
    match word.as_deref().map(str::to_lowercase).as_deref() {
        Some("ask") | None => Some(Action::Ask),
        Some("skip") => Some(Action::Skip),
        Some("prefill") => Some(Action::Prefill),
        Some("reorder") => Some(Action::Reorder),
        Some(_) => None,
    }
}

/// `ask` where there is no answer is the same as `skip` where there is one.
const fn opposite(action: Action) -> Option<Action> {
    match action {
        Action::Ask => Some(Action::Skip),
        Action::Skip => Some(Action::Ask),
        Action::Prefill | Action::Reorder => None,
    }
}

fn values(value: &Value) -> Vec<ConditionValue> {
    items(value).into_iter().filter_map(condition_value).collect()
}

fn condition_value(value: &Value) -> Option<ConditionValue> {
    match value {
        Value::Bool(answer) => Some(ConditionValue::Bool(*answer)),
        Value::String(word) if word.trim().eq_ignore_ascii_case("true") => Some(ConditionValue::Bool(true)),
        Value::String(word) if word.trim().eq_ignore_ascii_case("false") => Some(ConditionValue::Bool(false)),
        value => as_text(value).map(ConditionValue::Text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one(value: &Value) -> Option<(Operator, Vec<ConditionValue>, Action)> {
        let mut conditions = conditions(value);
        assert!(conditions.len() < 2, "{conditions:?}");
        conditions.pop().map(|condition| {
            assert_eq!(condition.field, "67");
            (condition.operator, condition.values, condition.action)
        })
    }

    #[test]
    fn values_may_be_of_every_type() {
        for (value, expected) in [
            (json!(false), vec![ConditionValue::Bool(false)]),
            (json!("False"), vec![ConditionValue::Bool(false)]),
            (json!(3.0), vec![ConditionValue::Text("3".into())]),
            (json!(" Nacht "), vec![ConditionValue::Text("Nacht".into())]),
            (json!(["a", true, null]), vec![ConditionValue::Text("a".into()), ConditionValue::Bool(true)]),
        ] {
            let condition =
                json!([{"when": {"field": 67, "op": "EQ", "value": value}, "then": {"action": "ask"}}]);
            assert_eq!(one(&condition), Some((Operator::Equals, expected, Action::Ask)), "{value}");
        }
    }

    #[test]
    fn a_condition_may_stand_without_a_list_and_without_its_wrappers() {
        let expected = Some((Operator::In, vec![ConditionValue::Text("a".into())], Action::Skip));
        for condition in [
            json!({"when": {"field": "67", "op": "in", "value": ["a"]}, "then": {"action": "skip"}}),
            json!({"field": 67, "operator": "in", "values": ["a"], "action": "skip"}),
            json!([{"when": {"field": 67, "value": ["a"]}, "then": "SKIP"}]),
        ] {
            assert_eq!(one(&condition), expected, "{condition}");
        }
    }

    #[test]
    fn exists_carries_no_values_and_exists_false_turns_the_action_round() {
        let exists = |value: Value, action: &str| {
            one(&json!({"when": {"field": 67, "op": "exists", "value": value}, "then": {"action": action}}))
        };
        assert_eq!(exists(json!(null), "prefill"), Some((Operator::Exists, vec![], Action::Prefill)));
        assert_eq!(exists(json!(true), "ask"), Some((Operator::Exists, vec![], Action::Ask)));
        assert_eq!(exists(json!(false), "ask"), Some((Operator::Exists, vec![], Action::Skip)));
        assert_eq!(exists(json!("false"), "skip"), Some((Operator::Exists, vec![], Action::Ask)));
        assert_eq!(exists(json!(false), "prefill"), None);
    }

    #[test]
    fn what_is_not_understood_is_no_condition() {
        for condition in [
            json!(null),
            json!("immer"),
            json!([1, null, []]),
            json!({"when": {"op": "eq", "value": 1}}),
            json!({"when": {"field": 67, "op": "eq", "value": null}}),
            json!({"when": {"field": 67, "op": "greater_than", "value": 1}}),
            json!({"when": {"field": 67, "op": "eq", "value": 1}, "then": {"action": "explode"}}),
        ] {
            assert_eq!(one(&condition), None, "{condition}");
        }
    }
}
