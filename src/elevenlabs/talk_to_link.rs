//! Links to ElevenLabs' public page, on which anybody with the link can talk to the agent.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::ElevenLabs;
use crate::domain::{Private, Variables};

/// Links are shorter than this, in characters. Mail programs, proxies and browsers cut or refuse longer ones.
pub const MAX_URL_CHARS: usize = 8_000;

/// Ends a value that was shortened.
const ELLIPSIS: char = '…';

/// All but the unreserved characters of RFC 3986, so that a space becomes `%20`, and a `+` is a `+` again when decoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The page's host for workspaces in the EU, and for an API that is reached through an unknown host.
const EU_HOST: &str = "eu.residency.elevenlabs.io";

impl ElevenLabs {
    /// The public talk-to link with the variables, as `var_<name>=<value>`.
    ///
    /// Every variable is present. If they do not all fit into 8,000 characters, the longest values are shortened, as
    /// few of them and each as little as possible; a shortened value ends in `…`. ElevenLabs accepts neither a prompt
    /// nor a first message in a link.
    #[must_use]
    pub fn talk_to_link(&self, variables: &Variables) -> Private<String> {
        let mut link = self.link_without_variables();
        for (name, value) in &self.talk_to_variables(variables) {
            link.push_str("&var_");
            link.push_str(&encode(name));
            link.push('=');
            link.push_str(&encode(value.reveal()));
        }
        Private::new(link)
    }

    /// The variables as [`Self::talk_to_link`] carries them.
    #[must_use]
    pub fn talk_to_variables(&self, variables: &Variables) -> Variables {
        let names: usize = variables.keys().map(|name| "&var_=".len() + encode(name).len()).sum();
        let room = (MAX_URL_CHARS - 1).saturating_sub(self.link_without_variables().len() + names);
        let most = fair_share(variables.values().map(|value| encode(value.reveal()).len()).collect(), room);
        let carried = |value: &Private<String>| Private::new(shortened(value.reveal(), most));
        variables.iter().map(|(name, value)| (*name, carried(value))).collect()
    }

    fn link_without_variables(&self) -> String {
        let host = page_host(self.base_url.host_str().unwrap_or_default());
        format!("https://{host}/app/talk-to?agent_id={}", encode(self.agent_id.as_str()))
    }
}

/// ElevenLabs declares its API hosts as `api.elevenlabs.io`, `api.us.elevenlabs.io` and
/// `api.{region}.residency.elevenlabs.io`; the page is on the same host without `api.`.
fn page_host(api_host: &str) -> String {
    if matches!(api_host, "api.elevenlabs.io" | "api.us.elevenlabs.io") {
        return "elevenlabs.io".to_owned();
    }
    let region = api_host.strip_prefix("api.").and_then(|host| host.strip_suffix(".residency.elevenlabs.io"));
    match region {
        Some(region) if !region.is_empty() && !region.contains('.') => {
            format!("{region}.residency.elevenlabs.io")
        }
        _ => EU_HOST.to_owned(),
    }
}

/// The largest length that every value may have if all together have `room`. Short values leave what they do not need
/// to long ones.
fn fair_share(mut lengths: Vec<usize>, mut room: usize) -> usize {
    lengths.sort_unstable();
    let mut values = lengths.len();
    for length in lengths {
        let share = room / values;
        if length > share {
            return share;
        }
        room -= length;
        values -= 1;
    }
    usize::MAX
}

/// `value` if its encoded form has at most `most` characters, else as many whole words as fit, and `…`.
fn shortened(value: &str, most: usize) -> String {
    if encode(value).len() <= most {
        return value.to_owned();
    }
    let Some(room) = most.checked_sub(encoded_len(ELLIPSIS)) else { return String::new() };
    let mut length = 0;
    let end = value
        .char_indices()
        .find(|(_, character)| {
            length += encoded_len(*character);
            length > room
        })
        .map_or(value.len(), |(at, _)| at);
    let (kept, rest) = value.split_at(end);
    let is_between_words = rest.starts_with(char::is_whitespace);
    let words =
        if is_between_words { kept } else { kept.rfind(char::is_whitespace).map_or(kept, |at| &kept[..at]) };
    format!("{}{ELLIPSIS}", words.trim_end())
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

fn encoded_len(character: char) -> usize {
    encode(character.encode_utf8(&mut [0; 4])).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_between_words_and_inside_one_only_if_there_is_no_space() {
        // The ellipsis takes 9 characters, a space 3.
        assert_eq!(shortened("eins zwei drei vier", 25), "eins zwei drei vier");
        assert_eq!(shortened("eins zwei drei vier", 24), "eins zwei…");
        assert_eq!(shortened("eins zwei drei vier", 20), "eins zwei…");
        assert_eq!(shortened("eins zwei drei vier", 19), "eins…");
        assert_eq!(shortened("einszweidreivier", 13), "eins…");
        assert_eq!(shortened("äöüäöüäöü", 20), "ä…");
        assert_eq!(shortened("eins zwei", 8), "");
    }

    #[test]
    fn short_values_leave_their_rest_to_long_ones() {
        assert_eq!(fair_share(vec![500, 10, 300], 410), 200);
        assert_eq!(fair_share(vec![500, 10, 300], 810), usize::MAX);
        assert_eq!(fair_share(vec![500, 150, 300], 610), 230);
        assert_eq!(fair_share(vec![], 10), usize::MAX);
    }
}
