//! How the options of a command print style sheets.

use std::path::Path;

use super::Minification;
use crate::render::{LegalComments, Target};
use crate::scan::{StyleComments, StylePrint, StyleSettings, StyleTargets};

/// Style sheets are as small as the code, and for the same engines. Licences go where that leaves them out.
pub(super) fn style_settings(
    minification: Minification,
    legal: LegalComments,
    target: Option<&Target>,
    root: &Path,
) -> StyleSettings {
    StyleSettings {
        print: match minification {
            Minification::Minified => StylePrint::Minified,
            Minification::Readable => StylePrint::Readable,
        },
        comments: match legal {
            LegalComments::Omitted => StyleComments::Omitted,
            LegalComments::InPlace
            | LegalComments::AtEnd
            | LegalComments::Linked
            | LegalComments::Unlinked => StyleComments::Legal,
        },
        targets: target
            .map(|target| StyleTargets::of_list(&target.to_string()))
            .unwrap_or_default(),
        root: root.to_path_buf(),
    }
}
