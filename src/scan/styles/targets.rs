//! Which browsers style sheets are for: what they do not read is written in older words, or with prefixes.

use lightningcss::targets::{Browsers, Features, Targets};

/// Browsers and the oldest version of each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StyleTargets {
    browsers: Vec<(Browser, u32)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Browser {
    Chrome,
    Edge,
    Firefox,
    Ios,
    Safari,
}

impl StyleTargets {
    /// The browsers in a list as `es2020,chrome100,safari16.4`; years of the language say nothing of CSS.
    pub fn of_list(text: &str) -> Self {
        let browsers = text.split(',').filter_map(|one| {
            let one = one.trim().to_ascii_lowercase();
            let digits = one.find(|character: char| character.is_ascii_digit())?;
            let (name, version) = one.split_at(digits);
            let browser = match name {
                "chrome" => Browser::Chrome,
                "edge" => Browser::Edge,
                "firefox" => Browser::Firefox,
                "ios" => Browser::Ios,
                "safari" => Browser::Safari,
                _ => return None,
            };
            let mut numbers = version.split('.').map_while(|number| number.parse::<u8>().ok());
            let (major, minor) = (numbers.next()?, numbers.next().unwrap_or(0));
            Some((browser, u32::from(major) << 16 | u32::from(minor) << 8))
        });
        Self {
            browsers: browsers.collect(),
        }
    }

    /// Whether nothing is said of browsers.
    pub(super) fn is_empty(&self) -> bool {
        self.browsers.is_empty()
    }

    /// Whether one of them does not read `:is()`.
    pub(super) fn lack_is(&self) -> bool {
        self.are_before(|browser| match browser {
            Browser::Chrome | Browser::Edge => (88, 0),
            Browser::Firefox => (78, 0),
            Browser::Ios | Browser::Safari => (14, 0),
        })
    }

    /// Whether one of them does not read rules inside of rules as they are written today, names of elements included.
    pub(super) fn lack_nesting(&self) -> bool {
        self.are_before(|browser| match browser {
            Browser::Chrome | Browser::Edge => (120, 0),
            Browser::Firefox => (117, 0),
            Browser::Ios | Browser::Safari => (17, 2),
        })
    }

    /// Whether one of them is older than the version of it that was the first.
    fn are_before(&self, first: impl Fn(Browser) -> (u32, u32)) -> bool {
        self.browsers.iter().any(|(browser, version)| {
            let (major, minor) = first(*browser);
            *version < (major << 16 | minor << 8)
        })
    }

    /// The form that the printer takes.
    pub(super) fn to_targets(&self) -> Targets {
        let mut browsers = Browsers::default();
        for (browser, version) in &self.browsers {
            let place = match browser {
                Browser::Chrome => &mut browsers.chrome,
                Browser::Edge => &mut browsers.edge,
                Browser::Firefox => &mut browsers.firefox,
                Browser::Ios => &mut browsers.ios_saf,
                Browser::Safari => &mut browsers.safari,
            };
            *place = Some(place.map_or(*version, |other| other.min(*version)));
        }
        Targets {
            browsers: (!self.is_empty()).then_some(browsers),
            // Small spellings that fewer browsers read than the source are not used.
            include: Features::MediaRangeSyntax,
            exclude: Features::empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_version_of_each_browser_counts() {
        let targets = StyleTargets::of_list("es2020, Chrome100,chrome90,safari15.4,node20").to_targets();
        let browsers = targets.browsers.expect("there are browsers");
        assert_eq!(browsers.chrome, Some(90 << 16));
        assert_eq!(browsers.safari, Some(15 << 16 | 4 << 8));
        assert_eq!(browsers.firefox, None);
        assert!(StyleTargets::of_list("esnext").is_empty());
    }
}
