use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::domain::{ApplicantId, CampaignId, Candidate, CompanyName, PersonName};

const SECRET: &str = "a secret of the tests, long enough for a link";
const OTHER: &str = "another secret of the tests, as long as it was";
const BASE: &str = "https://sellcruiting-webhook.example.org/";

fn invitations(secret: &str, retired: &[&str]) -> Invitations {
    let retired: Vec<_> = retired.iter().map(|secret| SecretString::from(*secret)).collect();
    Invitations::new(&secret.into(), &retired)
}

fn expiry() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_764_674_405_169).unwrap()
}

fn before() -> DateTime<Utc> {
    expiry() - TimeDelta::milliseconds(1)
}

fn invitation(company: &str, first_name: &str, last_name: &str, applicant_id: Option<&str>) -> Invitation {
    Invitation {
        link_id: CallId::parse("67e55044-10b1-426f-9247-bb680e5fe0c8").unwrap(),
        trigger: Trigger {
            campaign_id: CampaignId::new(123).unwrap(),
            company: CompanyName::parse(company).unwrap(),
            candidate: Candidate {
                first_name: PersonName::parse(first_name).unwrap(),
                last_name: PersonName::parse(last_name).unwrap(),
            },
            applicant_id: applicant_id.map(|id| ApplicantId::parse(id).unwrap()),
            call: None,
        },
        expires_at: expiry(),
    }
}

/// The contract's sample request.
fn sample() -> Invitation {
    invitation("Tech Startup GmbH", "Max", "Mustermann", None)
}

fn link(invitation: &Invitation) -> String {
    invitations(SECRET, &[]).link(&Url::parse(BASE).unwrap(), invitation).into_inner()
}

fn foreign_token() -> String {
    invitations(OTHER, &[]).token(&sample()).into_inner()
}

fn open(token: &str) -> Result<Invitation, InvitationError> {
    invitations(SECRET, &[]).open(token, before())
}

#[test]
fn the_sample_s_link_fits_into_a_text_message() {
    let link = link(&sample());
    assert_eq!(link.len(), 145, "{link}");
    assert!(link.len() <= 220);
    let token = link.strip_prefix("https://sellcruiting-webhook.example.org/talk/").unwrap();
    assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')), "{token}");
    assert_eq!(open(token), Ok(sample()));
}

#[test]
fn the_longest_legal_names_still_give_a_link_that_opens() {
    // Four bytes per character, as rare ideographs take.
    let longest = |chars| "𠮷".repeat(chars);
    let mut invitation =
        invitation(&longest(200), &longest(100), &longest(100), Some(&longest(ApplicantId::MAX_CHARS)));
    invitation.trigger.campaign_id = CampaignId::new(CampaignId::MAX).unwrap();
    invitation.expires_at = DateTime::from_timestamp(4_102_444_800, 0).unwrap();
    let token = invitations(SECRET, &[]).token(&invitation).into_inner();
    assert_eq!(token.len(), 2_742);
    assert!(token.len() <= MAX_TOKEN_CHARS);
    assert_eq!(open(&token), Ok(invitation));
}

#[test]
fn no_byte_of_a_token_can_be_changed() {
    let bytes = BASE64.decode(invitations(SECRET, &[]).token(&sample()).reveal()).unwrap();
    for at in 0..bytes.len() {
        for change in 1..=u8::MAX {
            let mut changed = bytes.clone();
            changed[at] ^= change;
            assert_eq!(open(&BASE64.encode(changed)), Err(InvitationError::Damaged), "byte {at} by {change}");
        }
    }
}

#[test]
fn no_character_of_a_token_can_be_changed_removed_or_added() {
    let token = invitations(SECRET, &[]).token(&sample()).into_inner();
    for at in 0..token.len() {
        let (before, after) = (&token[..at], &token[at + 1..]);
        for other in ["A", "_", "=", "+", "/", " ", "%", "\u{0}", "ü", "AA", ""] {
            let changed = format!("{before}{other}{after}");
            assert!(changed == token || open(&changed) == Err(InvitationError::Damaged), "{changed}");
        }
        assert_eq!(open(&token[..at]), Err(InvitationError::Damaged), "cut after {at}");
    }
    for tail in ["A", "AA", "AAAA", "=", "==", ".", "/", " ", "\n"] {
        assert_eq!(open(&format!("{token}{tail}")), Err(InvitationError::Damaged), "{tail:?}");
    }
    // The last character has unused bits, and the same bytes must not have a second encoding.
    assert_ne!(token.len() % 4, 0);
    let (all_but_last, last) = token.split_at(token.len() - 1);
    for other in ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(['-', '_']) {
        let changed = format!("{all_but_last}{other}");
        assert!(last.starts_with(other) || open(&changed) == Err(InvitationError::Damaged), "{changed}");
    }
}

#[test]
fn a_token_of_any_size_is_refused_without_a_panic() {
    for bytes in 0..=HEADER_BYTES + 40 {
        for first in [0, VERSION, VERSION + 1, 0xFF] {
            let mut token = vec![0; bytes];
            token.fill(first);
            assert_eq!(open(&BASE64.encode(token)), Err(InvitationError::Damaged), "{bytes} bytes");
        }
    }
    assert_eq!(open(&"A".repeat(1_000_000)), Err(InvitationError::Damaged));
}

#[test]
fn a_token_of_another_secret_or_version_is_damaged() {
    let invitation = sample();
    assert_eq!(open(&foreign_token()), Err(InvitationError::Damaged));

    // A future version, sealed correctly.
    let mut bytes = vec![VERSION + 1];
    bytes.extend(invitation.link_id.as_uuid().as_bytes());
    let payload = Payload::of(&invitation).to_bytes();
    let message = Message { msg: &payload, aad: &bytes };
    let sealed = cipher(&SECRET.into()).encrypt(&nonce(&bytes), message).unwrap();
    bytes.extend(sealed);
    assert_eq!(open(&BASE64.encode(bytes)), Err(InvitationError::Damaged));
}

#[test]
fn a_payload_that_no_trigger_could_have_is_damaged_though_it_is_sealed() {
    let seal = |payload: &[u8]| {
        let mut bytes = vec![VERSION];
        bytes.extend(sample().link_id.as_uuid().as_bytes());
        let message = Message { msg: payload, aad: &bytes };
        let sealed = cipher(&SECRET.into()).encrypt(&nonce(&bytes), message).unwrap();
        bytes.extend(sealed);
        BASE64.encode(bytes)
    };
    let good = Payload::of(&sample()).to_bytes();
    assert_eq!(open(&seal(&good)), Ok(sample()));
    let longer = [&good[..], &[0]].concat();
    let no_campaign = [&[0], &good[1..]].concat();
    for bad in [&[][..], &longer, &no_campaign, &good[..good.len() - 1], &[0xFF; 40]] {
        assert_eq!(open(&seal(bad)), Err(InvitationError::Damaged), "{bad:?}");
    }
}

#[test]
fn what_a_retired_secret_sealed_still_opens_until_the_secret_is_dropped() {
    let old = foreign_token();
    let both = invitations(SECRET, &["a third", OTHER]);
    assert_eq!(both.open(&old, before()), Ok(sample()));
    // New links are sealed with the new secret from the start.
    let new = both.token(&sample()).into_inner();
    assert_ne!(new, old);
    assert_eq!(open(&new), Ok(sample()));
    assert_eq!(open(&old), Err(InvitationError::Damaged));
}

#[test]
fn a_link_expires_to_the_millisecond_and_only_a_genuine_one_says_so() {
    let invitations = invitations(SECRET, &[]);
    let token = invitations.token(&sample()).into_inner();
    assert_eq!(invitations.open(&token, before()), Ok(sample()));
    assert_eq!(invitations.open(&token, expiry()), Err(InvitationError::Expired));
    let years_later = expiry() + TimeDelta::days(4_000);
    assert_eq!(invitations.open(&token, years_later), Err(InvitationError::Expired));
    assert_eq!(invitations.open(&token[1..], years_later), Err(InvitationError::Damaged));
    let foreign = foreign_token();
    assert_eq!(invitations.open(&foreign, years_later), Err(InvitationError::Damaged));
}

#[test]
fn the_same_invitation_has_the_same_link_and_another_a_quite_different_one() {
    assert_eq!(link(&sample()), link(&sample()));
    let mut other = sample();
    other.trigger.campaign_id = CampaignId::new(124).unwrap();
    let (one, other) = (link(&sample()), link(&other));
    // The header is the same because the link's id is.
    let after_header = BASE.len() + "talk/".len() + HEADER_BYTES * 4 / 3;
    let same = one.bytes().zip(other.bytes()).skip(after_header + 1).filter(|(a, b)| a == b).count();
    assert!(same < 15, "{same} of {} characters are the same", one.len() - after_header);
}

/// Links already sent must keep opening however this code changes: a new format needs a new version beside this one.
#[test]
fn a_link_of_the_first_day_still_opens() {
    let token =
        "AWflUEQQsUJvkke7aA5f4MhHIvVctV2VKlx5n06qE6OEeZj9Z5RFtuP3EQzj_2S2fgOeC4hJJvcIfoO3W4FMiiu6B15JhCgO8KY";
    assert_eq!(open(token), Ok(sample()));
}

#[test]
fn a_base_address_may_have_a_path() {
    let invitation = sample();
    for (base, begin) in [
        ("https://example.org", "https://example.org/talk/"),
        ("https://example.org/susi", "https://example.org/susi/talk/"),
        ("http://[::1]:8080/", "http://[::1]:8080/talk/"),
    ] {
        let link = invitations(SECRET, &[]).link(&Url::parse(base).unwrap(), &invitation).into_inner();
        assert!(link.starts_with(begin), "{link}");
    }
}

#[test]
fn debug_shows_neither_secret_nor_name_nor_token() {
    let invitations = invitations(SECRET, &[OTHER]);
    let shown = format!("{invitations:?} {:?} {:?}", sample(), invitations.token(&sample()));
    for private in ["secret of the tests", "Max", "Mustermann", "Tech Startup", "AWflU"] {
        assert!(!shown.contains(private), "{private} in {shown}");
    }
}

/// Any text that is a valid name once it is cleaned.
fn name<const MAX: usize>() -> impl Strategy<Value = crate::domain::SpokenName<MAX>> {
    "\\PC{1,60}".prop_filter_map("no name", |raw| crate::domain::SpokenName::parse(&raw).ok())
}

prop_compose! {
    fn any_invitation()(
        id in any::<u128>(),
        campaign in 1..=CampaignId::MAX,
        company in name::<200>(),
        first_name in name::<100>(),
        last_name in name::<100>(),
        applicant_id in proptest::option::of("[^{}]{1,60}".prop_filter_map("no id", |raw| ApplicantId::parse(&raw))),
        expires_at in 0..=4_102_444_800_000_i64,
    ) -> Invitation {
        Invitation {
            link_id: CallId::from_uuid(Uuid::from_u128(id)),
            trigger: Trigger {
                campaign_id: CampaignId::new(campaign).unwrap(),
                company,
                candidate: Candidate { first_name, last_name },
                applicant_id,
                call: None,
            },
            expires_at: DateTime::from_timestamp_millis(expires_at).unwrap(),
        }
    }
}

proptest! {
    #[test]
    fn any_invitation_opens_to_itself(invitation in any_invitation()) {
        let invitations = invitations(SECRET, &[]);
        let token = invitations.token(&invitation).into_inner();
        prop_assert!(token.len() <= MAX_TOKEN_CHARS);
        let before = invitation.expires_at - TimeDelta::milliseconds(1);
        prop_assert_eq!(invitations.open(&token, before), Ok(invitation.clone()));
        prop_assert_eq!(invitations.open(&token, invitation.expires_at), Err(InvitationError::Expired));
    }

    #[test]
    fn nothing_of_an_invitation_can_be_read_in_its_token(invitation in any_invitation()) {
        let token = invitations(SECRET, &[]).token(&invitation).into_inner();
        let bytes = BASE64.decode(&token).unwrap();
        let Trigger { company, candidate, applicant_id, .. } = &invitation.trigger;
        let id = applicant_id.as_ref().map_or("", |id| id.reveal());
        for text in [company.reveal(), candidate.first_name.reveal(), candidate.last_name.reveal(), id] {
            // Shorter texts may occur by chance.
            if text.len() >= 4 {
                prop_assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()));
                prop_assert!(!token.contains(text));
            }
        }
    }

    #[test]
    fn no_text_opens_anything_or_panics(token in "[A-Za-z0-9_-]{0,200}|\\PC{0,60}") {
        prop_assert_eq!(open(&token), Err(InvitationError::Damaged));
    }
}
