//! How much memory a questionnaire takes.
//!
//! Every structure is destructured in full, so that the compiler complains about a member that is added later.

use crate::domain::{
    ClusteredOptions, Condition, ConditionValue, ConversationFlow, Gate, OptionCluster, PreCheck, Question,
    Questionnaire, SkippedEntry,
};

/// The bytes of a questionnaire: the structures, and the heap reserved for their lists and texts. The allocator's
/// overhead (some 16 bytes per allocation) is not counted.
pub(super) fn size(questionnaire: &Questionnaire) -> u64 {
    let bytes = size_of::<Questionnaire>() + questionnaire.heap();
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// The bytes that a value owns on the heap.
trait Heap {
    fn heap(&self) -> usize;
}

impl Heap for String {
    fn heap(&self) -> usize {
        self.capacity()
    }
}

impl<T: Heap> Heap for Option<T> {
    fn heap(&self) -> usize {
        self.as_ref().map_or(0, Heap::heap)
    }
}

impl<T: Heap> Heap for Vec<T> {
    fn heap(&self) -> usize {
        self.capacity() * size_of::<T>() + self.iter().map(Heap::heap).sum::<usize>()
    }
}

impl Heap for Questionnaire {
    fn heap(&self) -> usize {
        let Self {
            questions,
            skipped,
            role_title,
            location,
            company_size,
            company_pitch,
            company_priorities,
        } = self;
        let texts = [role_title, location, company_size, company_pitch, company_priorities];
        questions.heap() + skipped.heap() + texts.into_iter().map(Heap::heap).sum::<usize>()
    }
}

impl Heap for SkippedEntry {
    fn heap(&self) -> usize {
        let Self { id, reason: _ } = self;
        id.heap()
    }
}

impl Heap for Question {
    fn heap(&self) -> usize {
        let Self {
            id,
            text,
            wording: _,
            kind: _,
            importance: _,
            group,
            category,
            category_order: _,
            phase: _,
            options,
            context,
            preamble,
            help_text,
            input_hint,
            conditions,
            gate,
            flow,
        } = self;
        let texts = [group, category, context, preamble, help_text, input_hint];
        id.heap()
            + text.heap()
            + options.heap()
            + conditions.heap()
            + gate.heap()
            + flow.heap()
            + texts.into_iter().map(Heap::heap).sum::<usize>()
    }
}

impl Heap for Condition {
    fn heap(&self) -> usize {
        let Self { field, operator: _, values, action: _ } = self;
        field.heap() + values.heap()
    }
}

impl Heap for ConditionValue {
    fn heap(&self) -> usize {
        match self {
            Self::Bool(_) => 0,
            Self::Text(text) => text.heap(),
        }
    }
}

impl Heap for Gate {
    fn heap(&self) -> usize {
        let Self { is_gate: _, is_alternative: _, alternative_for } = self;
        alternative_for.heap()
    }
}

impl Heap for ConversationFlow {
    fn heap(&self) -> usize {
        let Self { pre_check, open_question, clustered_options } = self;
        pre_check.heap() + open_question.heap() + clustered_options.heap()
    }
}

impl Heap for PreCheck {
    fn heap(&self) -> usize {
        let Self { question, on_yes: _, on_no: _ } = self;
        question.heap()
    }
}

impl Heap for ClusteredOptions {
    fn heap(&self) -> usize {
        let Self { presentation_hint, clusters } = self;
        presentation_hint.heap() + clusters.heap()
    }
}

impl Heap for OptionCluster {
    fn heap(&self) -> usize {
        let Self { label, options } = self;
        label.heap() + options.heap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Action, Operator, QuestionKind};

    fn text(bytes: usize) -> String {
        "x".repeat(bytes)
    }

    #[test]
    fn every_text_counts_wherever_it_stands() {
        let condition = Condition {
            field: text(1),
            operator: Operator::Equals,
            values: vec![ConditionValue::Text(text(2)), ConditionValue::Bool(true)],
            action: Action::Ask,
        };
        let flow = ConversationFlow {
            pre_check: Some(PreCheck { question: text(4 + 8 + 16), on_yes: None, on_no: None }),
            open_question: Some(text(32)),
            clustered_options: Some(ClusteredOptions {
                presentation_hint: Some(text(64)),
                clusters: vec![OptionCluster { label: text(128), options: vec![text(256)] }],
            }),
        };
        let question = Question {
            options: vec![text(512)],
            context: Some(text(1_024)),
            gate: Gate { alternative_for: Some(text(2_048)), ..Gate::default() },
            conditions: vec![condition],
            flow: Some(flow),
            ..Question::new(text(4_096), text(8_192), QuestionKind::Open)
        };
        let questionnaire = Questionnaire {
            questions: vec![question],
            company_pitch: Some(text(16_384)),
            ..Questionnaire::default()
        };
        let structures = size_of::<Questionnaire>()
            + size_of::<Question>()
            + size_of::<Condition>()
            + 2 * size_of::<ConditionValue>()
            + size_of::<OptionCluster>()
            + 2 * size_of::<String>();
        assert_eq!(size(&questionnaire), (structures + 32_767) as u64);
    }
}
