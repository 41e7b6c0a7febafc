//! How to lead through a long list, as the templates see it. No wording is decided here.

use serde::Serialize;

use super::options::options;
use crate::domain::{ClusteredOptions, ConversationFlow, NextStep, PreCheck};
use crate::interview::limits;
use crate::interview::placeholders::Placeholders;

#[derive(Debug, Clone, Serialize)]
pub(super) struct FlowView {
    pre_check: Option<String>,
    /// Where a yes to the preliminary question leads; `None`: nowhere in particular.
    on_yes: Option<Step>,
    on_no: Option<Step>,
    open_question: Option<String>,
    presentation_hint: Option<String>,
    clusters: Vec<ClusterView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    OpenQuestion,
    Clusters,
    /// The question that the flow belongs to.
    Itself,
    NextQuestion,
}

#[derive(Debug, Clone, Serialize)]
struct ClusterView {
    label: Option<String>,
    options: Vec<String>,
}

impl FlowView {
    /// `None` if nothing in the flow is usable; the options then speak for themselves.
    pub(super) fn of(flow: &ConversationFlow, options: &[String], fill: &Placeholders) -> Option<Self> {
        let sentence = |text: Option<&str>| fill.fill_sentence(text, limits::TEXT);
        let clustered = flow.clustered_options.as_ref();
        let mut view = Self {
            pre_check: sentence(flow.pre_check.as_ref().map(|check| check.question.as_str())),
            on_yes: None,
            on_no: None,
            open_question: sentence(flow.open_question.as_deref()),
            presentation_hint: clustered
                .and_then(|clustered| fill.fill_text(clustered.presentation_hint.as_deref(), limits::TEXT)),
            clusters: clustered.map(|clustered| clusters(clustered, options, fill)).unwrap_or_default(),
        };
        if let Some(check) = flow.pre_check.as_ref().filter(|_| view.pre_check.is_some()) {
            view.on_yes = view.after_yes(check);
            view.on_no = view.after_no(check);
        }
        let usable = view.pre_check.is_some() || view.open_question.is_some() || view.clusters.len() > 1;
        usable.then_some(view)
    }

    /// If HOC says nothing, a yes leads to the open question, unless that is for a no.
    fn after_yes(&self, check: &PreCheck) -> Option<Step> {
        match check.on_yes {
            Some(NextStep::NextQuestion) => Some(Step::NextQuestion),
            Some(NextStep::ClusteredOptions) if self.has_clusters() => Some(Step::Clusters),
            Some(NextStep::ClusteredOptions) => Some(Step::Itself),
            None if check.on_no == Some(NextStep::OpenQuestion) => {
                self.has_clusters().then_some(Step::Clusters)
            }
            Some(NextStep::OpenQuestion) | None => Some(self.open_step()),
        }
    }

    /// If HOC says nothing usable, a no leads to what a yes does not lead to.
    fn after_no(&self, check: &PreCheck) -> Option<Step> {
        match (check.on_no, self.on_yes) {
            (Some(NextStep::NextQuestion), _) => Some(Step::NextQuestion),
            (Some(NextStep::ClusteredOptions), _) if self.has_clusters() => Some(Step::Clusters),
            // A yes that means "I do not mind" leads to no question, so a no must lead to one.
            (Some(NextStep::OpenQuestion), _) | (_, Some(Step::NextQuestion)) => Some(self.open_step()),
            (_, Some(Step::Clusters)) => self.open_question.is_some().then_some(Step::OpenQuestion),
            _ => self.has_clusters().then_some(Step::Clusters),
        }
    }

    /// Without an open question of its own, the question itself is asked.
    const fn open_step(&self) -> Step {
        if self.open_question.is_some() { Step::OpenQuestion } else { Step::Itself }
    }

    const fn has_clusters(&self) -> bool {
        !self.clusters.is_empty()
    }
}

/// The clusters, and one more for the options that HOC put into none.
fn clusters(clustered: &ClusteredOptions, all: &[String], fill: &Placeholders) -> Vec<ClusterView> {
    let mut room = limits::OPTIONS;
    let mut views: Vec<ClusterView> = Vec::new();
    for cluster in clustered.clusters.iter().take(limits::OPTIONS) {
        let mut options = options(&cluster.options, fill);
        options.truncate(room);
        room -= options.len();
        if !options.is_empty() {
            views.push(ClusterView { label: fill.fill_text(Some(&cluster.label), limits::OPTION), options });
        }
    }
    let is_named = |option: &&String| views.iter().any(|view| view.options.contains(option));
    let rest: Vec<String> = all.iter().filter(|option| !is_named(option)).take(room).cloned().collect();
    if !rest.is_empty() {
        views.push(ClusterView { label: None, options: rest });
    }
    views
}
