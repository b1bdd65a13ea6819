//! What there is to say about elections (PROTOCOL §8.4): contested groups, losers whose files are stale,
//! majors that live side by side.

use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::link::behaviour::Owners;
use crate::link::election::Election;
use crate::link::mount::MountTable;
use crate::link::offer::{Major, Offer};
use crate::protocol::{PackageRecord, parse_version};

/// `W_MULTI_CANDIDATE` for every contested group, and `E_VERSION substitution-safety` for its stale losers.
pub(in crate::link) fn contested_groups(
    root: &PackageRecord,
    mounts: &MountTable,
    elections: &[Election],
    owners: Owners,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for election in elections.iter().filter(|election| election.is_contested()) {
        let diagnostic = contested(root, election, owners);
        diagnostics.push(match owners {
            Owners::Elected => diagnostic,
            Owners::Strict => diagnostic.raised_to_error(),
        });
        diagnostics.extend(
            election
                .losers()
                .filter_map(|loser| stale(mounts, election, loser)),
        );
    }
    diagnostics
}

fn contested(root: &PackageRecord, election: &Election, owners: Owners) -> Diagnostic {
    let Election { group, winner, .. } = election;
    let losers: Vec<&str> = election.losers().map(|loser| loser.provider.as_str()).collect();
    let versions: Vec<String> = election.candidates.iter().map(Offer::described).collect();
    let is_own = winner.provider == root.label();
    let fix = match owners {
        Owners::Strict => format!(
            "Keep {} in esmx.provides of one of these modules, and remove it from the others.",
            group.identity
        ),
        Owners::Elected if is_own => format!(
            "Nothing has to change; to hand the decision to a used module, remove {:?} from \
                 esmx.provides of {}.",
            winner.name, winner.provider
        ),
        Owners::Elected => format!(
            "Nothing has to change; to elect another, move it to the end of esmx.uses, or \
                 remove {} from esmx.provides of all but one.",
            group.identity
        ),
    };
    Diagnostic::new(
        Code::MultiCandidate,
        root.label(),
        format!(
            "{group} is offered by {}; {} is elected, because the last in merge order wins.",
            versions.join(" and "),
            winner.described()
        ),
        fix,
    )
    .with_package(group.identity.clone())
    .with_found(losers.join(", "))
    .with_required(winner.provider.clone())
    .at(root
        .location_of_item(&["esmx", "provides"], &winner.name)
        .filter(|_| is_own)
        .or_else(|| root.location_of_item(&["esmx", "uses"], &winner.provider))
        .or_else(|| root.location_of_key(&["esmx", "uses"])))
}

/// A loser's consumers get the winner instead. That is safe within a major, and its artifact may be of
/// another one.
fn stale(mounts: &MountTable, election: &Election, loser: &Offer) -> Option<Diagnostic> {
    let mount = mounts.get(&loser.provider)?;
    let built = &mount.client_manifest.as_ref()?.provides.get(&loser.name)?.version;
    let winner_version = election.winner.version.as_deref()?;
    if parse_version(built)?.major == parse_version(winner_version)?.major {
        return None;
    }
    let identity = &election.group.identity;
    Some(
        Diagnostic::new(
            Code::Version,
            loser.provider.clone(),
            format!(
                "The artifact of {} was built against {identity} {built}, but {} takes the place \
                 of its copy: another major.",
                loser.provider,
                election.winner.described()
            ),
            format!(
                "Build {} again with its installed {identity}, or change its dependency on \
                 {identity} back to the major it was built with.",
                loser.provider
            ),
        )
        .with_package(identity.clone())
        .with_check("substitution-safety")
        .with_found(winner_version)
        .with_required(format!("built against {built} (same major)"))
        .at(mount.record.location_of_item(&["esmx", "provides"], &loser.name)),
    )
}

/// `W_MULTI_MAJOR` for every identity with two or more groups.
pub(in crate::link) fn coexisting_majors(root: &PackageRecord, elections: &[Election]) -> Vec<Diagnostic> {
    let mut by_identity: IndexMap<&str, Vec<&Election>> = IndexMap::new();
    for election in elections {
        by_identity
            .entry(&election.group.identity)
            .or_default()
            .push(election);
    }
    by_identity.retain(|_, groups| groups.len() > 1);
    by_identity
        .into_iter()
        .map(|(identity, mut groups)| {
            groups.sort_by_key(|election| std::cmp::Reverse(election.group.major));
            let summary: Vec<String> = groups
                .iter()
                .map(|election| match election.group.major {
                    Major::Number(major) => format!("{major}: {}", election.winner.described()),
                    Major::Unknown => format!("unknown: {}", election.winner.identifier()),
                })
                .collect();
            let summary = summary.join(", ");
            Diagnostic::new(
                Code::MultiMajor,
                root.label(),
                format!(
                    "{} majors of {identity} live side by side ({summary}); each module gets the \
                     one its own package.json asks for.",
                    groups.len()
                ),
                format!(
                    "Nothing has to change; to load only one, let every module declare the same \
                     major of {identity} and remove the others from esmx.provides."
                ),
            )
            .with_package(identity)
            .with_found(summary)
            .at(root.location_of_key(&["esmx"]))
        })
        .collect()
}
