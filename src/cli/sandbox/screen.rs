//! What `sandbox` prints. It should explain the product to a stranger.

use serde_json::Value;

use super::curl;
use crate::sandbox::{CAMPAIGNS, Campaign, Section};

/// Where the service is, and what it takes to use it.
pub(super) struct Screen {
    /// The service's address.
    pub(super) url: String,
    /// The key made for this run.
    pub(super) key: String,
    /// The settings with which the other commands use the simulated upstreams.
    pub(super) settings: Vec<(&'static str, String)>,
}

impl Screen {
    pub(super) fn title(&self) {
        println!(
            "\nSellcruiting call webhook: the sandbox\n\n\
             HOC, which knows the questionnaires, and ElevenLabs, whose agent Susi leads the talks, are simulated on this\n\
             machine. Nobody is called, and nothing leaves it.\n\n\
             The service   {}\n\
             The key       {}   (made for this run)\n\
             Its health    {}/webhook/health",
            self.url, self.key, self.url
        );
    }

    /// Shows the call: the request, what the agent was told, and the answer.
    pub(super) fn call(&self, request: &Value, dial: &Value, answer: &Value) {
        let client_data = &dial["conversation_initiation_client_data"];
        let agent = &client_data["conversation_config_override"]["agent"];
        heading("A call: HOC sends");
        println!("POST {}/webhook/trigger-call\n{}", self.url, pretty(request));
        heading("The first words the candidate hears");
        println!("{}", text(&agent["first_message"]));
        heading("The prompt the agent gets");
        println!("{}", text(&agent["prompt"]["prompt"]));
        heading("The variables the agent gets");
        print_variables(&client_data["dynamic_variables"]);
        heading("HOC hears");
        print_answer(answer);
    }

    /// Shows the link: the request and the answer.
    pub(super) fn link(&self, request: &Value, answer: &Value) {
        heading("A link: without to_number, HOC gets a link to mail to the candidate");
        println!("POST {}/webhook/trigger-call\n{}", self.url, pretty(request));
        heading("HOC hears");
        print_answer(answer);
        heading("The candidate opens the link");
        print_invitation(answer);
    }

    /// Prints commands to paste, for every questionnaire, every trouble and every error, and repeats the link of
    /// `linked`.
    pub(super) fn try_yourself(&self, linked: &Value) {
        heading("Try it yourself: calls and links");
        for campaign in section(Section::Questionnaire) {
            self.print_campaign(campaign);
        }
        println!("\n# A link instead of a call: leave out to_number. -> 200");
        println!("{}", curl::trigger_call(&self.url, &self.key, &curl::trigger(200, false).to_string()));
        println!("\n# A preview of the first call: nobody is called, nothing is stored. -> 200");
        println!("{}", curl::preview_call(&self.url, &self.key, &curl::trigger(300, true).to_string()));
        println!("\n# Health, for a monitor. -> 200\ncurl -sS -i {}/webhook/health", self.url);
        heading("Try it yourself: trouble at HOC (the call is made all the same)");
        section(Section::HocTrouble).for_each(|campaign| self.print_campaign(campaign));
        heading("Try it yourself: trouble at ElevenLabs");
        section(Section::ElevenLabsTrouble).for_each(|campaign| self.print_campaign(campaign));
        heading(
            "Try it yourself: trouble at ElevenLabs while one talks (open the conversation_link of the answer)",
        );
        section(Section::TalkTrouble).for_each(|campaign| self.print_campaign(campaign));
        heading("Try it yourself: bad requests");
        for (status, what, command) in curl::bad_requests(&self.url, &self.key) {
            println!("\n# {what} -> {status}\n{command}");
        }
        heading("Try it yourself: the other commands, in another terminal");
        for (name, value) in &self.settings {
            println!("export {name}='{value}'");
        }
        println!("cargo run -- check --campaign 300");
        println!(
            "cargo run -- preview --campaign 300 --company 'Musterwerk GmbH' --first Max --last Mustermann \
             --to '030 23125-001'"
        );
        println!("\nOpen this in your browser and talk: {}", conversation_link(linked));
        println!("\nThe sandbox stays up and logs every request below. Stop it with Ctrl-C.\n");
    }

    fn print_campaign(&self, campaign: &Campaign) {
        let is_call = campaign.section != Section::TalkTrouble;
        let trigger = curl::trigger(campaign.id, is_call).to_string();
        println!("\n# {} -> {}", campaign.what, campaign.expected_status);
        println!("{}", curl::trigger_call(&self.url, &self.key, &trigger));
    }
}

fn section(section: Section) -> impl Iterator<Item = &'static Campaign> {
    CAMPAIGNS.iter().filter(move |campaign| campaign.section == section)
}

fn heading(title: &str) {
    print!("{}", crate::cli::heading(title));
}

fn print_answer(answer: &Value) {
    println!("HTTP {}\n{}", answer["status"], pretty(&answer["body"]));
}

/// Tells a newcomer what to do with the link, and what then happens.
fn print_invitation(answer: &Value) {
    println!(
        "Open this in your browser and talk:\n\n{}\n\n\
         One click, and the microphone is on. The simulated Susi has no words but a melody, a note a syllable; what she\n\
         says stands on the page. She greets you, listens, and tells you for how long and how loud she heard you. Speak\n\
         while she does, and she stops. She says goodbye after six answers, or when you say nothing for long.",
        conversation_link(answer)
    );
}

fn conversation_link(answer: &Value) -> &str {
    text(&answer["body"]["data"]["conversation_link"])
}

fn print_variables(variables: &Value) {
    for (name, value) in variables.as_object().into_iter().flatten() {
        println!("{name} = {}", text(value).replace('\n', "\n    "));
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("(not sent)")
}
