//! The link to ElevenLabs' public page.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn link(base_url: &str, variables: &Variables) -> String {
    client_of(&config(base_url, "none")).talk_to_link(variables).into_inner()
}

#[test]
fn a_link_holds_every_variable_percent_encoded() {
    assert_eq!(
        link(
            "https://api.eu.residency.elevenlabs.io",
            &variables(&[("a", "Größe & Co + 1"), ("b", ""), ("c", "50%/x?y=z#1")])
        ),
        "https://eu.residency.elevenlabs.io/app/talk-to?agent_id=agent_1\
         &var_a=Gr%C3%B6%C3%9Fe%20%26%20Co%20%2B%201&var_b=&var_c=50%25%2Fx%3Fy%3Dz%231"
    );
}

#[test]
fn a_link_leads_to_the_region_of_the_api() {
    for (api, host) in [
        ("https://api.elevenlabs.io", "elevenlabs.io"),
        ("https://api.us.elevenlabs.io", "elevenlabs.io"),
        ("https://api.eu.residency.elevenlabs.io", "eu.residency.elevenlabs.io"),
        ("https://API.in.residency.elevenlabs.io", "in.residency.elevenlabs.io"),
        ("http://127.0.0.1:9", "eu.residency.elevenlabs.io"),
        ("https://api.evil.example", "eu.residency.elevenlabs.io"),
        ("https://api.a.b.residency.elevenlabs.io", "eu.residency.elevenlabs.io"),
        ("https://api..residency.elevenlabs.io", "eu.residency.elevenlabs.io"),
        ("https://api.elevenlabs.io.evil.example", "eu.residency.elevenlabs.io"),
    ] {
        let link = Url::parse(&link(api, &Variables::new())).expect("a URL");
        assert_eq!((link.host_str(), link.path()), (Some(host), "/app/talk-to"), "{api}");
    }
}

#[test]
fn long_values_are_shortened_between_words_and_short_ones_stay_whole() {
    let long = "wort ".repeat(2_000);
    let link = link(
        "https://api.elevenlabs.io",
        &variables(&[("long", &long), ("short", "kurz und gut"), ("solid", &"ä".repeat(3_000))]),
    );
    assert!(link.len() < MAX_URL_CHARS && link.len() > MAX_URL_CHARS - 40, "{}", link.len());
    let values = values_of(&link);
    assert_eq!(values["var_short"], "kurz und gut");
    let kept = values["var_long"].strip_suffix('…').expect("an ellipsis");
    assert!(kept.ends_with(" wort") && long.starts_with(kept), "{kept}");
    let kept = values["var_solid"].strip_suffix('…').expect("an ellipsis");
    assert!(kept.chars().count() > 600 && kept.chars().all(|c| c == 'ä'));
}

fn values_of(link: &str) -> BTreeMap<String, String> {
    Url::parse(link).expect("a URL").query_pairs().into_owned().collect()
}

const NAMES: [&str; 6] =
    ["companyname", "questions", "questionnaire_context", "gate_questions", "x", "campaign_id"];

proptest! {
    #[test]
    fn any_variables_fit_into_a_link(
        values in prop::collection::vec(
            prop_oneof![".{0,60}", "[a-zäß ]{0,9000}", "\\PC{0,3000}", "(wort ){0,2000}"], NAMES.len()
        )
    ) {
        let given: Vec<_> = NAMES.into_iter().zip(values.iter().map(String::as_str)).collect();
        let link = link("https://api.eu.residency.elevenlabs.io", &variables(&given));
        prop_assert!(link.len() < MAX_URL_CHARS && link.is_ascii());
        let sent = values_of(&link);
        prop_assert_eq!(sent.len(), NAMES.len() + 1);
        let needed: usize = given.iter().map(|(_, value)| value.len() * 3).sum();
        for (name, value) in given {
            let sent = &sent[&format!("var_{name}")];
            if sent != value {
                prop_assert!(needed > 7_000, "shortened without need");
                let kept = sent.strip_suffix('…').expect("an ellipsis");
                prop_assert!(value.starts_with(kept), "{:?} is no beginning of {:?}", kept, value);
            }
        }
    }
}
