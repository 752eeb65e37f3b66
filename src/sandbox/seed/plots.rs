//! The plots: what happened in Fieldnote's support in the last month.

mod northwind;

use super::plot::Plot;

/// All plots, in no particular order.
pub fn all() -> Vec<Plot> {
    let mut all = Vec::new();
    all.extend(northwind::plots());
    all
}
