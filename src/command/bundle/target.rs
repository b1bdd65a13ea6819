//! `--target`: which year of the language the output may use. Nothing is rewritten for it; what is newer than the
//! target is told where it stands, so that nobody ships it unknowingly.

mod newer;

use std::fmt;

pub use newer::newer_syntax;

/// The oldest of the engines and language versions that the output is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The newest year of the language that all of them know.
    year: u16,
    /// As it was written.
    text: String,
}

/// Versions from which an engine knows all syntax of a year, newest first.
type Years = &'static [(u32, u16)];

const CHROME: Years = &[
    (119, 2024),
    (94, 2022),
    (85, 2021),
    (80, 2020),
    (66, 2019),
    (64, 2018),
    (55, 2017),
    (52, 2016),
    (51, 2015),
];
const FIREFOX: Years = &[(116, 2024), (93, 2022), (79, 2021), (78, 2020), (54, 2017)];
/// Major versions times a hundred plus minor ones.
const SAFARI: Years = &[
    (1700, 2024),
    (1640, 2022),
    (1410, 2021),
    (1310, 2020),
    (1200, 2019),
    (1010, 2017),
    (1000, 2016),
];
const NODE: Years = &[
    (20, 2024),
    (17, 2022),
    (15, 2021),
    (14, 2020),
    (10, 2019),
    (8, 2017),
    (7, 2016),
    (6, 2015),
];

const NEWEST: u16 = u16::MAX;

impl Target {
    /// Reads `esnext`, `es2020`, or a list of engines as `chrome100,safari16.4`.
    ///
    /// # Errors
    /// One sentence that says what is wrong with `text`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let years: Result<Vec<u16>, String> = text.split(',').map(|one| year_of(one.trim())).collect();
        let year = years?.into_iter().min().unwrap_or(NEWEST);
        Ok(Self {
            year,
            text: text.to_owned(),
        })
    }

    /// Whether syntax of a year may stay.
    pub fn knows(&self, year: u16) -> bool {
        year <= self.year
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

fn year_of(text: &str) -> Result<u16, String> {
    let lower = text.to_ascii_lowercase();
    if lower == "esnext" {
        return Ok(NEWEST);
    }
    let digits = lower
        .find(|one: char| one.is_ascii_digit())
        .unwrap_or(lower.len());
    let (name, version) = lower.split_at(digits);
    let unknown = || {
        format!(
            "`{text}` is neither `esnext`, a year as `es2020`, nor an engine with its version as `chrome100`, `firefox100`, `safari16`, `edge100` or `node20`"
        )
    };
    let mut numbers = version.split('.').map(str::parse::<u32>);
    let Some(Ok(major)) = numbers.next() else {
        return Err(unknown());
    };
    let minor = numbers.next().unwrap_or(Ok(0)).map_err(|_| unknown())?;
    if name == "es" {
        let year = match major {
            6..=16 => 2009 + major,
            2015..=2026 => major,
            3 | 5 => return Err("the output is ES modules, which need es2015 at least".to_owned()),
            _ => return Err(unknown()),
        };
        return u16::try_from(year).map_err(|_| unknown());
    }
    let (years, version) = match name {
        "chrome" | "edge" => (CHROME, major),
        "firefox" => (FIREFOX, major),
        "safari" | "ios" => (SAFARI, major * 100 + if minor < 10 { minor * 10 } else { minor }),
        "node" => (NODE, major),
        _ => return Err(unknown()),
    };
    let known = years
        .iter()
        .find(|(from, _)| version >= *from)
        .map(|(_, year)| *year);
    known.ok_or_else(|| format!("`{text}` does not know ES modules, which the output is"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(text: &str) -> Option<u16> {
        Target::parse(text).ok().map(|target| target.year)
    }

    #[test]
    fn the_oldest_counts() {
        assert_eq!(year("esnext"), Some(NEWEST));
        assert_eq!(year("ES6"), Some(2015));
        assert_eq!(year("es2020,chrome120"), Some(2020));
        assert_eq!(year("chrome100, safari15.6"), Some(2021));
        assert_eq!(year("safari16.4"), Some(2022));
        assert_eq!(year("node20.10"), Some(2024));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for text in [
            "es5",
            "es2",
            "",
            "chrome",
            "opera12",
            "chrome12",
            "node1x",
            "es2020 chrome80",
        ] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }
}
