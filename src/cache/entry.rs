//! What a build made.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::Digest;

/// Outputs and report of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// In the order in which they were given.
    pub outputs: Vec<Output>,
    /// What was reported.
    pub report: String,
    /// How long the build took: nobody waits longer to get it from elsewhere.
    pub took: Duration,
}

/// A file that a build wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// As the command calls it.
    pub name: String,
    /// That of its bytes.
    pub digest: Digest,
    /// How many they are.
    pub size: u64,
}

#[derive(Serialize, Deserialize)]
struct Document {
    outputs: Vec<(String, String, u64)>,
    report: String,
    milliseconds: u64,
}

impl Entry {
    pub(super) fn to_text(&self) -> String {
        let outputs = self.outputs.iter();
        let document = Document {
            outputs: outputs
                .map(|output| (output.name.clone(), output.digest.to_string(), output.size))
                .collect(),
            report: self.report.clone(),
            milliseconds: u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
        };
        serde_json::to_string(&document).expect("texts and numbers are JSON")
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let document: Document = serde_json::from_str(text).ok()?;
        let output = |(name, digest, size): (String, String, u64)| {
            let digest = Digest::parse(&digest)?;
            Some(Output { name, digest, size })
        };
        Some(Self {
            outputs: document.outputs.into_iter().map(output).collect::<Option<_>>()?,
            report: document.report,
            took: Duration::from_millis(document.milliseconds),
        })
    }
}
