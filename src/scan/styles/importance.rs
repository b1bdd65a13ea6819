//! Rules whose declarations differ in importance.
//!
//! The minifier removes a rule that a later one with the same selectors and properties overrides, and takes no notice of
//! `!important` there: an important declaration is not overridden by one that is not (CSS Cascading and Inheritance
//! Level 5, section 6.1). A mark among the properties tells such rules apart while it works.

use std::convert::Infallible;

use lightningcss::declaration::DeclarationBlock;
use lightningcss::properties::Property;
use lightningcss::properties::custom::{CustomProperty, CustomPropertyName, TokenList};
use lightningcss::stylesheet::StyleSheet as Parsed;
use lightningcss::values::string::CowArcStr;
use lightningcss::visit_types;
use lightningcss::visitor::{Visit as _, VisitTypes, Visitor};

const MARK: &str = "--esmx-build-important-";

/// Runs `minify` on a sheet in which rules of another importance are other rules.
pub fn told_apart<'i, E>(
    sheet: &mut Parsed<'i>,
    minify: impl FnOnce(&mut Parsed<'i>) -> Result<(), E>,
) -> Result<(), E> {
    let Ok(()) = sheet.visit(&mut Marks::Set);
    let minified = minify(sheet);
    let Ok(()) = sheet.visit(&mut Marks::Remove);
    minified
}

enum Marks {
    Set,
    Remove,
}

impl<'i> Visitor<'i> for Marks {
    type Error = Infallible;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(RULES | PROPERTIES)
    }

    fn visit_declaration_block(&mut self, block: &mut DeclarationBlock<'i>) -> Result<(), Infallible> {
        let important = &mut block.important_declarations;
        match self {
            // Important declarations come after the others, so their number tells which they are.
            Self::Set if !important.is_empty() => important.push(Property::Custom(CustomProperty {
                name: CustomPropertyName::from(CowArcStr::from(format!("{MARK}{}", important.len()))),
                value: TokenList(Vec::new()),
            })),
            Self::Set => {}
            Self::Remove => important.retain(|property| !is_mark(property)),
        }
        Ok(())
    }
}

fn is_mark(property: &Property<'_>) -> bool {
    matches!(property, Property::Custom(custom) if custom.name.as_ref().starts_with(MARK))
}
