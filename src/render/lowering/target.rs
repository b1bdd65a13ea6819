//! `--target`: which years of the language, and which engines, the output is for.

use std::fmt;

use swc_core::ecma::ast::EsVersion;
use swc_core::ecma::preset_env::{Feature, Version, Versions};

use super::syntax::Syntax;
use crate::protocol::Side;

/// The engines and language versions that the output is for; it may use what all of them know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The newest year of the language that all of them know as a whole.
    year: u16,
    /// The oldest year that is named.
    named_year: u16,
    engines: Vec<(Engine, Release)>,
    /// As it was written.
    text: String,
}

/// Major and minor version.
pub(super) type Release = (u32, u32);

/// What runs the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Chrome,
    Deno,
    Edge,
    Firefox,
    Ios,
    Node,
    Opera,
    Safari,
}

/// Versions from which an engine knows all syntax of a year, newest first.
type Years = &'static [(Release, u16)];

const CHROME: Years = &[
    ((119, 0), 2024),
    ((94, 0), 2022),
    ((85, 0), 2021),
    ((80, 0), 2020),
    ((66, 0), 2019),
    ((64, 0), 2018),
    ((55, 0), 2017),
    ((52, 0), 2016),
    ((51, 0), 2015),
];
const DENO: Years = &[((1, 38), 2024), ((1, 14), 2022), ((1, 2), 2021), ((1, 0), 2020)];
const FIREFOX: Years = &[
    ((116, 0), 2024),
    ((93, 0), 2022),
    ((79, 0), 2021),
    ((78, 0), 2020),
    ((54, 0), 2017),
];
const NODE: Years = &[
    ((20, 0), 2024),
    ((16, 11), 2022),
    ((15, 0), 2021),
    ((14, 0), 2020),
    ((10, 0), 2019),
    ((8, 0), 2017),
    ((7, 0), 2016),
    ((6, 0), 2015),
];
const OPERA: Years = &[
    ((105, 0), 2024),
    ((80, 0), 2022),
    ((71, 0), 2021),
    ((67, 0), 2020),
    ((53, 0), 2019),
    ((51, 0), 2018),
    ((42, 0), 2017),
    ((39, 0), 2016),
    ((38, 0), 2015),
];
const SAFARI: Years = &[
    ((17, 0), 2024),
    ((16, 4), 2022),
    ((14, 1), 2021),
    ((13, 1), 2020),
    ((12, 0), 2019),
    ((10, 1), 2017),
    ((10, 0), 2016),
];

const NEWEST: u16 = u16::MAX;

impl Target {
    /// Reads `esnext`, `es2020`, or a list of engines as `chrome100,safari16.4`.
    ///
    /// # Errors
    /// One sentence that says what is wrong with `text`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut target = Self {
            year: NEWEST,
            named_year: NEWEST,
            engines: Vec::new(),
            text: text.to_owned(),
        };
        for one in text.split(',') {
            match Item::parse(one.trim())? {
                Item::Year(year) => {
                    target.year = target.year.min(year);
                    target.named_year = target.named_year.min(year);
                }
                Item::Engine(engine, release) => {
                    target.year = target.year.min(year_of(engine, release).ok_or_else(|| {
                        format!("`{}` does not know ES modules, which the output is", one.trim())
                    })?);
                    target.engines.push((engine, release));
                }
            }
        }
        Ok(target)
    }

    /// The part of it that says something of the side where browsers or Node run the output.
    #[must_use]
    pub fn on_side(&self, side: Side) -> Self {
        let is_of_side = |engine: &Engine| {
            let is_server = matches!(engine, Engine::Node | Engine::Deno);
            is_server == (side == Side::Server)
        };
        let years = self
            .engines
            .iter()
            .filter(|(engine, _)| is_of_side(engine))
            .filter_map(|(engine, release)| year_of(*engine, *release));
        Self {
            year: years.min().unwrap_or(NEWEST).min(self.named_year),
            engines: self
                .engines
                .iter()
                .filter(|(engine, _)| is_of_side(engine))
                .copied()
                .collect(),
            ..self.clone()
        }
    }

    /// Whether some syntax may stay that cannot be rewritten.
    pub fn knows(&self, syntax: Syntax) -> bool {
        syntax.year() <= self.named_year
            && self
                .engines
                .iter()
                .all(|(engine, release)| syntax.since(*engine).is_some_and(|since| since <= *release))
    }

    /// The version of the language that code generators may use.
    pub(in crate::render) fn version(&self) -> EsVersion {
        match self.year {
            ..=2015 => EsVersion::Es2015,
            2016 => EsVersion::Es2016,
            2017 => EsVersion::Es2017,
            2018 => EsVersion::Es2018,
            2019 => EsVersion::Es2019,
            2020 => EsVersion::Es2020,
            2021 => EsVersion::Es2021,
            _ => EsVersion::Es2022,
        }
    }

    /// What has to be rewritten.
    pub(super) fn lowered(&self) -> Vec<Feature> {
        let mut lowered: Vec<Feature> = LOWERABLE
            .iter()
            .filter(|(feature, year)| {
                *year > self.named_year
                    || self.engines.iter().any(|(engine, release)| {
                        feature.should_enable(&engine.versions(*release), false, false)
                    })
            })
            .map(|(feature, _)| *feature)
            .collect();
        // One pass does fields, private names and private methods; what it leaves must not mention private names.
        if lowered
            .iter()
            .any(|feature| matches!(feature, Feature::PrivateMethods | Feature::ClassProperties))
        {
            for needed in [
                Feature::ClassProperties,
                Feature::ClassStaticBlock,
                Feature::PrivatePropertyInObject,
            ] {
                if !lowered.contains(&needed) {
                    lowered.push(needed);
                }
            }
        }
        lowered
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Syntax that can be rewritten, and the year it came with.
const LOWERABLE: &[(Feature, u16)] = &[
    (Feature::UnicodeSetsRegex, 2024),
    (Feature::ClassStaticBlock, 2022),
    (Feature::ClassProperties, 2022),
    (Feature::PrivateMethods, 2022),
    (Feature::PrivatePropertyInObject, 2022),
    (Feature::LogicalAssignmentOperators, 2021),
    (Feature::NullishCoalescing, 2020),
    (Feature::OptionalChaining, 2020),
    (Feature::OptionalCatchBinding, 2019),
    (Feature::ObjectRestSpread, 2018),
    (Feature::AsyncGeneratorFunctions, 2018),
    (Feature::DotAllRegex, 2018),
    (Feature::NamedCapturingGroupsRegex, 2018),
    (Feature::UnicodePropertyRegex, 2018),
    (Feature::AsyncToGenerator, 2017),
    (Feature::ExponentiationOperator, 2016),
];

impl Engine {
    fn versions(self, (major, minor): Release) -> Versions {
        let mut versions = Versions::default();
        let place = match self {
            Self::Chrome => &mut versions.chrome,
            Self::Deno => &mut versions.deno,
            Self::Edge => &mut versions.edge,
            Self::Firefox => &mut versions.firefox,
            Self::Ios => &mut versions.ios,
            Self::Node => &mut versions.node,
            Self::Opera => &mut versions.opera,
            Self::Safari => &mut versions.safari,
        };
        *place = Some(Version {
            major,
            minor,
            patch: 0,
        });
        versions
    }
}

fn year_of(engine: Engine, release: Release) -> Option<u16> {
    let years = match engine {
        Engine::Chrome | Engine::Edge => CHROME,
        Engine::Deno => DENO,
        Engine::Firefox => FIREFOX,
        Engine::Node => NODE,
        Engine::Opera => OPERA,
        Engine::Ios | Engine::Safari => SAFARI,
    };
    years
        .iter()
        .find(|(from, _)| release >= *from)
        .map(|(_, year)| *year)
}

/// One part of a list.
enum Item {
    Year(u16),
    Engine(Engine, Release),
}

impl Item {
    fn parse(text: &str) -> Result<Self, String> {
        let lower = text.to_ascii_lowercase();
        if lower == "esnext" {
            return Ok(Self::Year(NEWEST));
        }
        let digits = lower
            .find(|one: char| one.is_ascii_digit())
            .unwrap_or(lower.len());
        let (name, version) = lower.split_at(digits);
        let unknown = || {
            format!(
                "`{text}` is neither `esnext`, a year as `es2020`, nor an engine with its version as `chrome100`, `deno1.40`, `edge100`, `firefox100`, `ios16.4`, `node20`, `opera100` or `safari16`"
            )
        };
        let mut numbers = version.split('.').map(str::parse::<u32>);
        let Some(Ok(major)) = numbers.next() else {
            return Err(unknown());
        };
        let minor = numbers.next().unwrap_or(Ok(0)).map_err(|_| unknown())?;
        let engine = match name {
            "es" => return year(major).unwrap_or_else(|| Err(unknown())).map(Self::Year),
            "chrome" => Engine::Chrome,
            "deno" => Engine::Deno,
            "edge" => Engine::Edge,
            "firefox" => Engine::Firefox,
            "ios" => Engine::Ios,
            "node" => Engine::Node,
            "opera" => Engine::Opera,
            "safari" => Engine::Safari,
            "ie" | "hermes" | "rhino" => {
                return Err(format!("`{text}` does not know ES modules, which the output is"));
            }
            _ => return Err(unknown()),
        };
        Ok(Self::Engine(engine, (major, minor)))
    }
}

/// The year that `es6` or `es2020` means; `None` when there is none.
fn year(number: u32) -> Option<Result<u16, String>> {
    let year = match number {
        6..=16 => 2009 + number,
        2015..=2026 => number,
        3 | 5 => {
            return Some(Err(
                "the output is ES modules, which need es2015 at least".to_owned()
            ));
        }
        _ => return None,
    };
    u16::try_from(year).ok().map(Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(text: &str) -> Option<u16> {
        Target::parse(text).ok().map(|target| target.year)
    }

    fn lowers(text: &str, feature: Feature) -> bool {
        Target::parse(text)
            .expect("the target is valid")
            .lowered()
            .contains(&feature)
    }

    #[test]
    fn the_oldest_counts() {
        assert_eq!(year("esnext"), Some(NEWEST));
        assert_eq!(year("ES6"), Some(2015));
        assert_eq!(year("es2020,chrome120"), Some(2020));
        assert_eq!(year("chrome100, safari15.6"), Some(2021));
        assert_eq!(year("safari16.4"), Some(2022));
        assert_eq!(year("node20.10"), Some(2024));
        assert_eq!(year("deno1.20,opera90"), Some(2022));
    }

    #[test]
    fn what_one_engine_does_not_know_is_rewritten() {
        assert!(!lowers("esnext", Feature::ClassStaticBlock));
        assert!(!lowers("es2022", Feature::ClassProperties));
        assert!(lowers("es2021", Feature::ClassProperties));
        assert!(lowers("safari15", Feature::ClassStaticBlock));
        assert!(!lowers("safari15", Feature::NullishCoalescing));
        assert!(lowers("esnext,chrome79", Feature::NullishCoalescing));
        assert!(!lowers("chrome100", Feature::AsyncToGenerator));
        assert!(lowers("es2016", Feature::AsyncToGenerator));
        assert!(!lowers("es2016", Feature::ExponentiationOperator));
    }

    #[test]
    fn what_cannot_be_rewritten_has_its_own_versions() {
        let knows = |text: &str, syntax| Target::parse(text).is_ok_and(|target| target.knows(syntax));
        assert!(knows("es2020", Syntax::BigInt));
        assert!(!knows("es2019", Syntax::BigInt));
        assert!(knows("safari14,es2022", Syntax::BigInt));
        assert!(!knows("safari14,es2022", Syntax::TopLevelAwait));
        assert!(knows("safari15", Syntax::TopLevelAwait));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for text in [
            "es5",
            "es2",
            "",
            "chrome",
            "netscape4",
            "ie11",
            "chrome12",
            "node1x",
            "es2020 chrome80",
        ] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }
}
