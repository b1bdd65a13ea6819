//! How the options of a command print style sheets.

use std::path::Path;

use super::Minification;
use crate::render::Target;
use crate::scan::{StylePrint, StyleSettings, StyleTargets};

/// Style sheets are as small as the code, and for the same engines.
pub(super) fn style_settings(
    minification: Minification,
    target: Option<&Target>,
    root: &Path,
) -> StyleSettings {
    StyleSettings {
        print: match minification {
            Minification::Minified => StylePrint::Minified,
            Minification::Readable => StylePrint::Readable,
        },
        targets: target
            .map(|target| StyleTargets::of_list(&target.to_string()))
            .unwrap_or_default(),
        root: root.to_path_buf(),
    }
}
