//! How many files the process may open, which bounds how many connections it can serve.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More is not asked for, whatever the host allows.
const WANTED: u64 = 65_536;

/// As many of the wanted connections as there are files for: half of all, since a trigger needs HOC's and ElevenLabs'
/// connection beside its caller's, and few triggers need both at once. Raises the soft limit first, which many hosts
/// leave at 1,024: without a file there is no connection to make room for the next one.
pub(super) fn connections(wanted: usize) -> usize {
    let Some(files) = raised_limit() else { return wanted };
    let room = share(files);
    if room < wanted {
        tracing::warn!(
            open_files = files,
            connections = room,
            "this host allows few open files, so fewer connections are taken; raise its hard limit (ulimit -Hn, \
             LimitNOFILE)"
        );
    }
    room.min(wanted)
}

fn share(files: u64) -> usize {
    usize::try_from(files / 2).unwrap_or(usize::MAX)
}

/// `None`: there is no limit.
fn raised_limit() -> Option<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let current = current?;
    let possible = maximum.map_or(WANTED, |maximum| maximum.min(WANTED));
    if possible <= current {
        return Some(current);
    }
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(possible), maximum });
    Some(raised.map_or(current, |()| possible))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_is_raised_as_far_as_the_host_allows() {
        let files = raised_limit();
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        assert_eq!(files, current);
        assert!(
            current.is_none_or(|current| current >= maximum.map_or(WANTED, |maximum| maximum.min(WANTED)))
        );
    }

    #[test]
    fn half_of_the_files_are_for_connections() {
        assert_eq!(share(1_024), 512);
        assert_eq!(connections(1), 1);
    }
}
