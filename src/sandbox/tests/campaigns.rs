use std::collections::BTreeSet;

use super::*;

#[test]
fn no_campaign_is_listed_twice() {
    let ids: BTreeSet<_> = CAMPAIGNS.iter().map(|campaign| campaign.id).collect();
    assert_eq!(ids.len(), CAMPAIGNS.len());
}

#[test]
fn every_sentence_is_one() {
    for campaign in CAMPAIGNS {
        let (first, last) = (campaign.what.chars().next(), campaign.what.chars().last());
        assert!(first.is_some_and(char::is_uppercase) && last == Some('.'), "{}", campaign.what);
    }
}

#[tokio::test]
async fn every_campaign_of_elevenlabs_has_a_good_questionnaire() {
    let sandbox = sandbox().await;
    let sections = [Section::ElevenLabsTrouble, Section::TalkTrouble];
    for campaign in CAMPAIGNS.iter().filter(|campaign| sections.contains(&campaign.section)) {
        let (status, body) = answer(questionnaire(&sandbox, campaign.id)).await;
        assert_eq!(status, 200, "{}", campaign.id);
        assert!(!body["questions"].as_array().unwrap().is_empty(), "{}", campaign.id);
        assert!(campaign.questionnaire_loaded, "{}", campaign.id);
    }
}

#[tokio::test]
async fn every_campaign_but_those_of_calls_is_called_without_trouble() {
    let sandbox = sandbox().await;
    for campaign in CAMPAIGNS.iter().filter(|campaign| campaign.section != Section::ElevenLabsTrouble) {
        let (status, body) = answer(dial(&sandbox, &call_for_campaign(campaign.id))).await;
        assert_eq!((status.as_u16(), &body["success"]), (200, &json!(true)), "{}", campaign.id);
        assert_eq!(campaign.expected_status, 200, "{}", campaign.id);
    }
}

#[tokio::test]
async fn a_questionnaire_is_announced_exactly_where_one_can_be_read() {
    let sandbox = sandbox().await;
    for campaign in CAMPAIGNS.iter().filter(|campaign| campaign.id != 503) {
        // Two attempts, for the campaign that recovers at the second.
        let mut loaded = false;
        for _ in 0..2 {
            loaded |= has_questions(questionnaire(&sandbox, campaign.id)).await;
        }
        // The oversized questionnaire exists, but a careful client does not read it.
        let expected = campaign.questionnaire_loaded || campaign.id == 507;
        assert_eq!(loaded, expected, "{}", campaign.id);
    }
}

async fn has_questions(request: RequestBuilder) -> bool {
    let Ok(response) = request.send().await else { return false };
    if response.status() != 200 {
        return false;
    }
    let body = response.bytes().await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    ["questions", "pages"].iter().any(|name| body[*name].as_array().is_some_and(|list| !list.is_empty()))
}

#[tokio::test]
async fn nothing_but_the_listed_campaigns_makes_trouble() {
    let sandbox = sandbox().await;
    for campaign_id in [1, 123, 403, 510, 599, 609, 699, 705] {
        assert!(CAMPAIGNS.iter().all(|campaign| campaign.id != campaign_id));
        let (status, _) = answer(dial(&sandbox, &call_for_campaign(campaign_id))).await;
        assert_eq!(status, 200, "{campaign_id}");
    }
}
