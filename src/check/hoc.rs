//! HOC's address and token.
//!
//! All that HOC's API offers for reading is a campaign's questionnaire. Without a campaign that exists, one is asked for
//! that never will: a good token gets 404 (or 403) for it, a wrong one 401.

use super::Finding;
use crate::domain::CampaignId;
use crate::hoc::{HocClient, HocError};

const NAME: &str = "hoc_token";

/// The largest id there is. HOC counts up from 1.
const NO_CAMPAIGN: CampaignId = CampaignId::new(CampaignId::MAX).expect("a campaign's id");

pub(super) async fn check(hoc: &HocClient, campaign: Option<CampaignId>) -> Finding {
    let answer = hoc.questionnaire(campaign.unwrap_or(NO_CAMPAIGN)).await;
    match (campaign, answer) {
        (_, Ok(questionnaire)) => Finding::ok(
            NAME,
            format!("HOC gives out the questionnaire, with {} entries", questionnaire.questions.len()),
        ),
        (None, Err(HocError::UnknownCampaign | HocError::Forbidden)) => Finding::ok(
            NAME,
            "HOC does not refuse the token (asked for a campaign that does not exist; --campaign asks for a real one)",
        ),
        (None, Err(HocError::NoUsableQuestion)) => Finding::ok(NAME, "HOC accepts the token"),
        (_, Err(error)) if is_hoc_s_trouble(&error) => Finding::warning(
            NAME,
            format!("{error}: try again; without HOC calls are made without a questionnaire"),
        ),
        (Some(_), Err(error @ HocError::NoUsableQuestion)) => {
            Finding::warning(NAME, format!("{error}: add questions to the campaign in HOC"))
        }
        (_, Err(error)) => Finding::failed(NAME, advice(&error)),
    }
}

/// Whether waiting may help, and nothing here is set wrong.
const fn is_hoc_s_trouble(error: &HocError) -> bool {
    matches!(
        error,
        HocError::Timeout | HocError::ConnectionBroken(_) | HocError::UnexpectedStatus(429 | 500..)
    )
}

fn advice(error: &HocError) -> String {
    match error {
        HocError::Forbidden => {
            format!("{error}: have HOC give the token that right, or check the campaign's id")
        }
        HocError::UnknownCampaign => format!("{error}: check --campaign first"),
        HocError::UnexpectedStatus(_) | HocError::NotAQuestionnaire | HocError::TooLarge { .. } => {
            format!("{error}: check HIRINGS_API_URL")
        }
        // The others say themselves what to check.
        _ => error.to_string(),
    }
}
