//! One code at two URLs. A browser tells modules apart by their URL, the query included, so each has a state of its
//! own, however short it is.

use super::{Package, second_copy};
use crate::command::importmap::deployment::Deployment;
use crate::diagnostic::Diagnostic;

/// How much of a package at two URLs under one name makes it the same package.
const SAME_PERCENT: usize = 80;

/// Packages that are the same by their bytes, under one name or at one path; and packages under one name that have most
/// of their code in common. The pairs of URLs are added to what is told.
pub(super) fn findings(
    deployment: &Deployment,
    packages: &[Package],
    told: &mut Vec<(String, String)>,
    major_of: impl Fn(&str) -> Option<u64>,
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (index, first) in packages.iter().enumerate() {
        for second in &packages[index + 1..] {
            let has_one_name = first.name == second.name;
            if !has_one_name && path_of(first.url) != path_of(second.url) {
                continue;
            }
            let is_told = told.iter().any(|(one, other)| {
                (one == first.url && other == second.url) || (one == second.url && other == first.url)
            });
            let majors = [first, second].map(|package| major_of(package.url));
            let are_known = majors.iter().all(Option::is_some);
            // Two majors may live side by side, whatever is in them.
            if is_told || are_known && majors[0] != majors[1] {
                continue;
            }
            let what = if is_same(deployment, first, second) {
                "the same code"
            } else if has_one_name
                && !are_known
                && !first.files.contains(&second.url)
                && !second.files.contains(&first.url)
                && first
                    .code
                    .percent_in(&second.code)
                    .max(second.code.percent_in(&first.code))
                    >= SAME_PERCENT
            {
                "mostly the same code"
            } else {
                continue;
            };
            told.push((first.url.to_owned(), second.url.to_owned()));
            findings.push(second_copy(
                deployment,
                &first.name,
                &format!(
                    "{} runs twice: {} and {} are {what} at two URLs",
                    first.name,
                    deployment.files.shown(first.url),
                    deployment.files.shown(second.url)
                ),
                first.url,
                second.url,
            ));
        }
    }
    findings
}

/// Whether all files of two packages are the same by their bytes, and some of them, at two URLs, can have a state: a
/// file that only hands on what others have has none.
fn is_same(deployment: &Deployment, first: &Package, second: &Package) -> bool {
    if first.files.len() != second.files.len() {
        return false;
    }
    let mut has_state = false;
    for (one, other) in first.files.iter().zip(&second.files) {
        if one == other {
            continue;
        }
        let (Some(one), Some(other)) = (deployment.modules.get(*one), deployment.modules.get(*other)) else {
            return false;
        };
        let (Ok(one_file), Ok(other_file)) = (&one.file, &other.file) else {
            return false;
        };
        if one_file.bytes != other_file.bytes {
            return false;
        }
        has_state |= one.surface.as_ref().is_ok_and(|surface| surface.has_own_code);
    }
    has_state
}

/// A URL without its query and fragment.
fn path_of(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}
