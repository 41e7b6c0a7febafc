//! How many files the process may open, which bounds how many connections it can serve.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The limit is raised to this at most, whatever the host allows.
const WANTED: u64 = 65_536;

/// Files that are open beside connections: the record of calls, the listener, standard streams, the runtime's own.
const OTHERS: u64 = 64;

/// A call in flight needs HOC's and ElevenLabs' connection beside its caller's.
const OF_A_CALL: u64 = 3;

/// A talk needs the candidate's and the agent's.
const OF_A_TALK: u64 = 2;

/// How many of the wanted connections may be accepted: a third of all files, so that the calls they bring can open
/// connections to HOC and ElevenLabs, too. A dial that finds no file fails here and looks like ElevenLabs' fault. The
/// soft limit, which many hosts leave at 1,024, is raised first.
///
/// `needed`: see [`needed`].
pub(super) fn connections(wanted: usize, needed: u64) -> usize {
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
    if files < needed {
        tracing::warn!(
            open_files = files,
            needed,
            "this host allows too few open files for MAX_CONCURRENT_DIALS and MAX_TALKS; raise its hard limit (ulimit -Hn, \
             LimitNOFILE), or lower them"
        );
    }
    room.min(wanted)
}

fn share(files: u64) -> usize {
    usize::try_from(files.saturating_sub(OTHERS) / OF_A_CALL).unwrap_or(usize::MAX).max(1)
}

/// How many files are open when so many calls are being dialled and so many talks go on.
pub(crate) const fn needed(dials: usize, talks: usize) -> u64 {
    OTHERS + OF_A_CALL * dials as u64 + OF_A_TALK * talks as u64
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
    fn a_third_of_the_files_are_for_connections_from_outside() {
        assert_eq!((share(1_024), share(65_536), share(10)), (320, 21_824, 1));
        assert_eq!(connections(1, needed(1, 1)), 1);
    }

    #[test]
    fn talks_need_files_too() {
        assert_eq!((needed(100, 0), needed(100, 100)), (364, 564));
        assert!(needed(10_000, 10_000) <= WANTED, "what may be set is possible where the host allows it");
    }
}
